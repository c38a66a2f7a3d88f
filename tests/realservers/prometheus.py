"""A real Prometheus and Alertmanager with an hour of GPU figures, on loopback, and a file that breaks things."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.realservers.daemons import Daemons, NotStarted, free_ports, until
from tests.realservers.exporter import history_of

ROOT = Path(__file__).resolve().parents[2]
HISTORY_S, HISTORY_STEP_S = 3600, 10

CONF = """
global: {{scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}}
rule_files: ['{folder}/rules.yml']
alerting:
  alertmanagers:
    - static_configs: [{{targets: ['127.0.0.1:{alertmanager}']}}]
scrape_configs:
  - job_name: gpu
    static_configs: [{{targets: [{nodes}]}}]
    relabel_configs:
      - {{source_labels: [__address__], target_label: __param_node}}
      - {{source_labels: [__address__], target_label: instance}}
      - {{target_label: __address__, replacement: '127.0.0.1:{exporter}'}}
"""
RULES = """
groups:
  - name: nodes
    interval: 1s
    rules:
      - alert: NodeDown
        expr: up{job="gpu"} == 0
        for: 2s
        labels: {severity: critical}
        annotations: {summary: 'Node {{ $labels.instance }} does not answer'}
      - alert: GpuHot
        expr: max by (instance) (gpu_temperature) > 90
        labels: {severity: warning}
        annotations: {summary: 'GPU at {{ $value }} C on {{ $labels.instance }}'}
      - alert: HighLatency
        expr: request_latency_p99 > 1
        labels: {severity: critical}
        annotations: {summary: 'p99 is {{ $value | humanizeDuration }} on {{ $labels.instance }}'}
"""
ROUTES = """
global: {resolve_timeout: 10s}
route: {receiver: nobody, group_by: [alertname, instance], group_wait: 0s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: nobody}]
"""


class Prometheus:
    """One Prometheus, one Alertmanager, one exporter that stands for every node."""

    def __init__(self, nodes: Sequence[str]) -> None:
        self.nodes = tuple(nodes)
        self.daemons = Daemons()
        self.folder = self.daemons.folder
        self.port = free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        self.alertmanager_url = f"http://127.0.0.1:{self.port + 1}"
        self.faults = self.folder / "faults.json"

    def start(self) -> "Prometheus":
        """Start everything and wait until history is served; targets are scraped some seconds later."""
        try:
            self._prepare()
            self.start_exporter()
            self.start_alertmanager()
            self.start_prometheus()
            self.wait_ready()
        except BaseException as wrong:
            said = self.daemons.said("prometheus") + self.daemons.said("alertmanager")
            self.stop()
            if isinstance(wrong, NotStarted):
                raise NotStarted(f"{wrong}\n{said}") from wrong
            raise
        return self

    def stop(self) -> None:
        """End everything."""
        self.daemons.end_all()

    def _prepare(self) -> None:
        folder = self.folder
        self.break_({})
        conf = CONF.format(
            folder=folder, alertmanager=self.port + 1, exporter=self.port + 2, nodes=", ".join(self.nodes)
        )
        for name, text in (("prometheus.yml", conf), ("rules.yml", RULES), ("alertmanager.yml", ROUTES)):
            (folder / name).write_text(text)
        history = history_of(self.nodes, end=int(time.time()), seconds=HISTORY_S, step=HISTORY_STEP_S)
        (folder / "history.om").write_text(history)
        words = ["promtool", "tsdb", "create-blocks-from", "openmetrics", "--quiet"]
        subprocess.run(
            [*words, folder / "history.om", folder / "tsdb"], check=True, capture_output=True, timeout=30
        )

    def start_exporter(self) -> None:
        words = ["-m", "tests.realservers.exporter", str(self.port + 2), str(self.faults), *self.nodes]
        self.daemons.start("exporter", [sys.executable, *words], {"PYTHONPATH": str(ROOT)})

    def start_alertmanager(self) -> None:
        self.daemons.start(
            "alertmanager",
            [
                "prometheus-alertmanager",
                f"--config.file={self.folder}/alertmanager.yml",
                f"--storage.path={self.folder}/am",
                f"--web.listen-address=127.0.0.1:{self.port + 1}",
                f"--web.external-url={self.alertmanager_url}",
                "--cluster.listen-address=",
            ],
        )

    def start_prometheus(self) -> None:
        self.daemons.start(
            "prometheus",
            [
                "prometheus",
                f"--config.file={self.folder}/prometheus.yml",
                f"--storage.tsdb.path={self.folder}/tsdb",
                f"--web.listen-address=127.0.0.1:{self.port}",
                f"--web.external-url={self.url}",
                "--rules.alert.resend-delay=2s",
            ],
        )

    def break_(self, faults: dict[str, Any]) -> None:
        """Break what the faults say; an empty dict mends everything."""
        fresh = self.faults.with_suffix(".new")
        fresh.write_text(json.dumps(faults))
        fresh.rename(self.faults)

    def wait_ready(self) -> None:
        """Wait until both servers answer."""
        until(lambda: _ready(self.alertmanager_url), what="Alertmanager")
        until(lambda: _ready(self.url), what="Prometheus")

    def wait_scraped(self) -> None:
        """Wait until every node was scraped; Prometheus takes its first targets five seconds after its start."""
        count = f'"{len(self.nodes)}"'
        query = urllib.parse.urlencode({"query": "count(up)"})
        until(lambda: count in fetch(f"{self.url}/api/v1/query?{query}"), what="every node scraped")

    def alerts(self) -> list[dict[str, Any]]:
        """The alerts Alertmanager lists."""
        return list(json.loads(fetch(f"{self.alertmanager_url}/api/v2/alerts")))

    def silences(self) -> list[dict[str, Any]]:
        """The silences Alertmanager keeps, the expired ones too."""
        return list(json.loads(fetch(f"{self.alertmanager_url}/api/v2/silences")))

    def calm(self) -> None:
        """Mend what is broken, end every silence and what people announced, and wait until nothing fires."""
        self.break_({})
        for silence in self.silences():
            if silence["status"]["state"] != "expired":
                fetch(f"{self.alertmanager_url}/api/v2/silence/{silence['id']}", method="DELETE")
        over = "2000-01-01T00:00:00Z"
        ended = [{"labels": alert["labels"], "startsAt": over, "endsAt": over} for alert in self.alerts()]
        fetch(f"{self.alertmanager_url}/api/v2/alerts", method="POST", body=json.dumps(ended))
        until(lambda: not self.alerts(), what="no alert fires")


def fetch(url: str, *, method: str = "GET", body: str | None = None) -> str:
    """What a server answers, as text; empty when it does not."""
    data = body.encode() if body is not None else None
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"}, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=5) as answer:
            return str(answer.read().decode())
    except (OSError, urllib.error.URLError):
        return ""


def _ready(url: str) -> bool:
    return bool(fetch(f"{url}/-/ready"))
