"""A day's ordinary work on a healthy cluster: jobs start, end, fail and are cancelled, a service gets a new version."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from tests.driver.program import warroom
from tests.realservers.cluster import Cluster
from tests.realservers.jobs import SERVE, STAMP, TRAIN
from tests.realservers.prometheus import fetch

SERVING = ("--gres=gpu:1", "-C", "rack1", "--comment", "critical=true team=serving", "--requeue")
BATCH = f'echo "{STAMP} INFO batch begins"; sleep {{seconds}}; echo "{STAMP} INFO batch done"'
FAILS = f'echo "{STAMP} ERROR no such file: input-7.parquet" >&2; exit 1'
ROUND_S = 50
"""How long one round of the work takes."""

Step = tuple[int, Callable[[], object]]
"""When in a round, and what is done."""


class Work:
    """What people and programs do on a cluster all day, round after round; counts what was done."""

    def __init__(self, cluster: Cluster, home: Path) -> None:
        self._slurm = cluster.slurm
        self._prometheus = cluster.prometheus
        self._home = home
        self.done: Counter[str] = Counter()
        self._version = 0
        self._serving: str | None = None
        self._next: str | None = None
        self._batch: list[str] = []
        self._train: str | None = None
        self._waiting: str | None = None

    def round(self) -> Iterator[Step]:
        """The steps of one round by their second; the first one may be taken at once."""
        yield 0, self._start
        yield 4, self._ask
        yield 9, self._cancel_one
        yield 12, self._fail_one
        yield 15, self._deploy
        yield 19, self._ask
        yield 21, self._end_old_version
        yield 24, self._queue_up
        yield 28, self._maintain
        yield 33, self._announce
        yield 37, self._ask
        yield 41, self._end_maintenance
        yield 44, self._end_of_round

    def _submit(self, script: str, name: str, *options: str) -> str:
        self.done["jobs submitted"] += 1
        return self._slurm.submit(script, "-J", name, *options)

    def _cancel(self, job: str | None, *, what: str) -> None:
        if job is not None:
            with suppress(RuntimeError):
                self._slurm.run("scancel", job)
                self.done[what] += 1

    def _serve(self) -> str:
        self._version += 1
        return self._submit(SERVE.replace("{name}", f"chat-api v{self._version}"), "chat-api", *SERVING)

    def _start(self) -> None:
        if self._serving is None:
            self._serving = self._serve()
        self._train = self._submit(TRAIN, "train-vision", "-N2", "--gres=gpu:2", "-C", "rack2")
        lengths = (6, 14, 25, 90)
        self._batch = [self._submit(BATCH.format(seconds=s), f"batch-{s}", "--gres=gpu:1") for s in lengths]

    def _cancel_one(self) -> None:
        self._cancel(self._batch[-1], what="jobs cancelled")

    def _fail_one(self) -> None:
        self._submit(FAILS, "eval")
        self.done["jobs that fail"] += 1

    def _deploy(self) -> None:
        self._next = self._serve()

    def _end_old_version(self) -> None:
        self._cancel(self._serving, what="deploys")
        self._serving, self._next = self._next, None

    def _queue_up(self) -> None:
        self._waiting = self._submit(TRAIN, "train-large", f"-N{len(self._slurm.names)}", "--gres=gpu:4")
        self.done["jobs that wait"] += 1

    def _maintain(self) -> None:
        name = self._slurm.names[-1]
        self._slurm.run("scontrol", "update", f"nodename={name}", "state=drain", "reason=new memory")
        self.done["nodes drained and resumed"] += 1

    def _end_maintenance(self) -> None:
        self._slurm.run("scontrol", "update", f"nodename={self._slurm.names[-1]}", "state=resume")

    def _announce(self) -> None:
        self._verb("alert-create", "new-version", "--message", "chat-api has a new version", "--yes")

    def _ask(self) -> None:
        for words in (
            ("cluster-status",),
            ("node-list",),
            ("metrics-query", "request_latency_p99"),
            ("logs-search", "error"),
            ("workload-list",),
        ):
            self._verb(*words)
        query = "max%20by%20(instance)%20(gpu_temperature)"
        assert "success" in fetch(f"{self._prometheus.url}/api/v1/query?query={query}")
        self.done["queries"] += 1

    def _verb(self, *words: str) -> None:
        ran = warroom(self._home, *words)
        assert ran.code == 0, ran.err
        self.done["queries" if words[0] != "alert-create" else "announcements"] += 1

    def _end_of_round(self) -> None:
        self._cancel(self._waiting, what="jobs cancelled")
        self._cancel(self._train, what="jobs cancelled")
        self._waiting = self._train = None
