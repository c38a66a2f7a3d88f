"""Made-up GPU figures for a real Prometheus: an exporter that can be broken, and an hour of history.

``python -m tests.realservers.exporter PORT FAULTS NODE...`` serves ``/metrics?node=gpu01``. The faults file is read
at each scrape: ``{"gpu07": {"gpu_temperature": 97}, "gpu03": {"down": true}, "*": {"request_latency_p99": 2.5}}``.
"""

import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

GPUS = 4
METRICS = ("gpu_temperature", "gpu_utilization", "request_latency_p99")

Row = tuple[str, str, float]
"""metric, labels, value"""


def rows_of(node: str, at: float) -> Iterator[Row]:
    """What a healthy node shows at a time; the same at every run."""
    wave = math.sin(at / 300 + sum(map(ord, node)))
    for gpu in range(GPUS):
        chance = random.Random(f"{node} {gpu} {int(at / 5)}")
        load = min(100.0, max(0.0, 70 + 18 * wave + chance.uniform(-5, 5)))
        yield "gpu_utilization", f'gpu="{gpu}"', round(load, 1)
        yield "gpu_temperature", f'gpu="{gpu}"', round(38 + 0.35 * load + chance.uniform(-1, 1), 1)
    yield "request_latency_p99", "", round(0.12 + 0.03 * wave, 4)


def page_of(node: str, at: float, faults: dict[str, Any]) -> str | None:
    """The metrics page of a node; None when a fault says it is down."""
    fault = {**faults.get("*", {}), **faults.get(node, {})}
    if fault.get("down"):
        return None
    rows = list(rows_of(node, at))
    lines = []
    for metric in METRICS:
        if fault.get(metric, 0) is None:
            continue
        lines.append(f"# TYPE {metric} gauge")
        lines += [f"{m}{{{labels}}} {fault.get(m, value)}" for m, labels, value in rows if m == metric]
    return "\n".join(lines) + "\n"


def history_of(nodes: Sequence[str], *, end: int, seconds: int, step: int) -> str:
    """The figures before now as OpenMetrics text; all samples of one metric stand together."""
    lines: list[str] = []
    for metric in METRICS:
        lines.append(f"# TYPE {metric} gauge")
        for node in nodes:
            where = f'instance="{node}",job="gpu"'
            for at in range(end - seconds, end, step):
                for name, labels, value in rows_of(node, at):
                    if name == metric:
                        lines.append(f"{name}{{{','.join(filter(None, (labels, where)))}}} {value} {at}")
    return "\n".join(lines) + "\n# EOF\n"


def serve(port: int, faults: Path, nodes: Sequence[str]) -> None:
    """Serve for ever."""

    class Scrape(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            node = parse_qs(urlsplit(self.path).query).get("node", [""])[0]
            try:
                broken = json.loads(faults.read_text())
            except (OSError, ValueError):
                broken = {}
            page = page_of(node, time.time(), broken) if node in nodes else None
            body = (page or "down\n").encode()
            self.send_response(200 if page else 503)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    class Server(ThreadingHTTPServer):
        request_queue_size = 128

    Server(("127.0.0.1", port), Scrape).serve_forever()


if __name__ == "__main__":
    serve(int(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
