"""A real Slurm, Prometheus and Alertmanager as one cluster the war room can be opened on."""

import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from tests.realservers.daemons import until
from tests.realservers.prometheus import Prometheus
from tests.realservers.slurm import Slurm

NAME = "live"
"""What the cluster is called in the config."""

CONFIG = """\
[cluster.{name}.slurm]
url = "{slurm.url}"
user = "{slurm.user}"
token = "file:{slurm.token_file}"
conf = "{slurm.conf}"

[cluster.{name}.prometheus]
url = "{prometheus.url}"
interval_s = 2

[cluster.{name}.alertmanager]
url = "{prometheus.alertmanager_url}"
interval_s = 2
"""


class Cluster:
    """The servers of one cluster."""

    def __init__(self, nodes: int = 16) -> None:
        self.slurm = Slurm(nodes)
        self.prometheus = Prometheus(self.slurm.names)

    def start(self) -> "Cluster":
        """Start everything; ends what it started when it cannot. Scraping begins some seconds later."""
        try:
            self.slurm.start()
            self.prometheus.start()
        except BaseException:
            self.stop()
            raise
        return self

    def stop(self) -> None:
        """End everything."""
        self.prometheus.stop()
        self.slurm.stop()

    def configure(self, home: Path) -> None:
        """Write the war room's config for this cluster."""
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        text = CONFIG.format(name=NAME, slurm=self.slurm, prometheus=self.prometheus)
        (home / "config.toml").write_text(text)

    def mend(self) -> None:
        """Bring back a cluster on which nothing runs and nothing is broken."""
        slurm, prometheus = self.slurm, self.prometheus
        for name, start in (
            ("prometheus", prometheus.start_prometheus),
            ("alertmanager", prometheus.start_alertmanager),
            ("slurmrestd", slurm.start_rest),
        ):
            daemons = slurm.daemons if name == "slurmrestd" else prometheus.daemons
            if not daemons.alive(name):
                start()
        for name in slurm.names:
            if not slurm.daemons.alive(name):
                slurm.boot(name)
        slurm.run("scancel", "--user", slurm.user)
        for state in ("DRAIN", "DOWN"):
            with suppress(RuntimeError, subprocess.TimeoutExpired):
                if closed := slurm.run("sinfo", "-h", "-N", "-t", state, "-o", "%N"):
                    names = ",".join(sorted(set(closed.split())))
                    slurm.run("scontrol", "update", f"nodename={names}", "state=resume")
        until(slurm.all_idle, what="all nodes idle again", within_s=60)
        prometheus.wait_ready()
        prometheus.calm()


def environment_lines(cluster: Cluster, home: Path) -> str:
    """What a shell must read to use these servers and the room on them."""
    lines = [
        f"export WARROOM_HOME={home}",
        f"export SLURM_CONF={cluster.slurm.conf}",
        f"export WARROOM_FAULTS={cluster.prometheus.faults}",
        f"export PATH={Path(sys.executable).parent}:$PATH",
    ]
    return "\n".join(lines) + "\n"
