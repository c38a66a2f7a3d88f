"""Triage: the rules against clusters in which one thing goes wrong, and what they cost in a flood."""

import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import NamedTuple

from benchmarks.flood import ALL_LOST_S, LENGTH_S, NODES, RACK_LOST_S, START, Flood
from tests.response.triage import situations
from tests.response.triage.runs import Run, Wishes
from tests.response.triage.situations import AT
from warroom.model.nouns import WorkloadId
from warroom.model.requests import Scale
from warroom.resources import scenario_files
from warroom.response.book import Book
from warroom.response.triage.watch import watch_triage
from warroom.response.watching import Memory, Moment
from warroom.simulator.check import read_scenario
from warroom.simulator.scenario import Scenario
from warroom.state.fold import apply
from warroom.state.slices import State

SEEDS, CROWD_SEEDS = 50, 5
CROWD = 4_988
"""Nodes beside the twelve simulated ones."""
LENGTH = 120
MISSING = 0.05


class Case(NamedTuple):
    """A cluster, and what is true of it: the benchmark knows, the rules do not."""

    name: str
    make: Callable[[int], Scenario]
    rule: str
    """The rule that must speak; empty where none may."""
    scenario: str
    """The kind of mitigation that may be suggested."""
    since: int
    """When it goes wrong."""
    wishes: Wishes = {}
    length: int = LENGTH
    made_here: bool = True
    """From the situations of the tests, so that a crowd of nodes can be put around it."""


CASES = (
    Case("a rack cut off, with the control path", situations.cut_off, "network", "network", AT),
    Case("a rack cut off", situations.rack_lost, "network", "network", AT),
    Case("a node loses power, innocent deploy", situations.node_lost, "node-failure", "node-failure", AT),
    Case("a GPU falls off the bus, innocent deploy", situations.gpu_lost, "node-failure", "node-failure", AT),
    Case("a bad deploy, innocent deploy", situations.bad_deploy, "crash-loop", "crash-loop", AT),
    Case(
        "batch work starves a service",
        situations.starved,
        "resource-exhaustion",
        "resource-exhaustion",
        AT,
        {40: [Scale(WorkloadId("svc-ask"), 12)]},
    ),
    Case("an alert rule with a wrong limit", situations.wrong_alert, "false-alarm", "", 1),
    Case("ordinary work", situations.ordinary, "", "", 0, length=400),
)
TRUTH = {
    "node-failure": ("node-failure", "node-failure", 60),
    "crash-loop": ("crash-loop", "crash-loop", 60),
    "resource-exhaustion": ("resource-exhaustion", "resource-exhaustion", 60),
    "rack-switch": ("network", "network", 20),
    "false-alarm": ("false-alarm", "", 50),
    "calm": ("", "", 0),
}
"""What is true of the shipped sample clusters, by their file's name, and when it goes wrong or the alert fires."""


class Score(NamedTuple):
    """How the rules did over some seeds."""

    right: int
    wrong: int
    seeds: int
    times: Sequence[int]

    @property
    def cell(self) -> str:
        """``50/50, 0 wrong, 19 s (19 to 21)``."""
        wrong = f"{self.wrong} wrong"
        if not self.times:
            return f"{self.right}/{self.seeds}, {wrong}"
        middle = statistics.median(self.times)
        return f"{self.right}/{self.seeds}, {wrong}, {middle:.0f} s ({min(self.times)} to {max(self.times)})"


def shipped_cases() -> Iterable[Case]:
    """The sample clusters that are there."""
    for path in sorted(scenario_files()):
        if path.stem in TRUTH:
            scenario = read_scenario(path)
            rule, kind, since = TRUTH[path.stem]
            length = 600 if not rule else since + LENGTH

            def make(_: int, scenario: Scenario = scenario) -> Scenario:
                return scenario

            yield Case(f"`{path.stem}`", make, rule, kind, since, {}, length, made_here=False)


def score(case: Case, seeds: int, *, missing: float = 0.0, crowd: int = 0) -> Score:
    """Run a case over seeds."""
    right = wrong = 0
    times = []
    for seed in range(1, seeds + 1):
        run = Run(case.make(seed), seed=seed, missing=missing, crowd=crowd).seconds(case.length, case.wishes)
        raised = run.raised(case.rule)
        right += bool(raised) if case.rule else not run.said
        times += [raised[0].second - case.since] if raised else []
        wrong += len({s.key for s in run.said if _is_wrong(case, s.finding.scenario)})
    return Score(right, wrong, seeds, times)


def _is_wrong(case: Case, scenario: str) -> bool:
    """A finding that suggests another kind of mitigation; on a healthy cluster any finding."""
    return not case.rule or (bool(scenario) and scenario != case.scenario)


def table() -> list[str]:
    """One line for each cluster."""
    lines = [
        f"| cluster | all facts, {SEEDS} seeds | 5 % missing, {SEEDS} seeds | 5,000 nodes, {CROWD_SEEDS} seeds |",
        "|---|---|---|---|",
    ]
    for case in (*shipped_cases(), *CASES):
        cells = [score(case, SEEDS).cell, score(case, SEEDS, missing=MISSING).cell]
        cells.append(score(case, CROWD_SEEDS, crowd=CROWD).cell if case.made_here else "")
        lines.append(f"| {case.name} | {' | '.join(cells)} |")
    return lines


class Cost(NamedTuple):
    """CPU time of one second of the flood, in milliseconds."""

    second: int
    fold_ms: float
    rules_ms: float
    longest_ms: float
    """The longest time in which the loop did nothing else."""


def costs() -> list[Cost]:
    """Fold a flood and ask the rules, second by second."""
    flood, state, memory = Flood(), State(), Memory()
    for envelope in flood.opening():
        state = apply(state, envelope)
    found = []
    for second in range(1, LENGTH_S + 1):
        envelopes = flood.second(second)
        began = time.process_time()
        for envelope in envelopes:
            state = apply(state, envelope)
        folded = time.process_time()
        now = START + timedelta(seconds=second)
        moment = Moment(state, now, second * 1000, Book(), memory)
        parts, followed = [], []
        while True:
            asked = time.process_time()
            followed += list(watch_triage(moment))
            parts.append(1000 * (time.process_time() - asked))
            if not memory.busy:
                break
        found.append(Cost(second, 1000 * (folded - began), sum(parts), max(parts)))
        for one in followed:
            state = apply(state, flood.envelope(one.event, second))
    return found


def cost_lines(every: Sequence[Cost]) -> list[str]:
    """Means by phase, beside the fold of the same events."""
    phases = (
        ("all is well", 1, RACK_LOST_S),
        ("a rack of 50 is lost", RACK_LOST_S, ALL_LOST_S),
        ("all 5,000 are reported gone", ALL_LOST_S, LENGTH_S + 1),
        ("the whole minute", 1, LENGTH_S + 1),
    )
    lines = [
        "| phase | rules, ms CPU each second | longest part of a look, ms | floor: the fold, ms CPU each second |",
        "|---|---|---|---|",
    ]
    for name, start, end in phases:
        part = [c for c in every if start <= c.second < end]
        rules, fold = (
            statistics.mean(values) for values in zip(*((c.rules_ms, c.fold_ms) for c in part), strict=True)
        )
        lines.append(f"| {name} | {rules:.1f} | {max(c.longest_ms for c in part):.1f} | {fold:.1f} |")
    return lines


ABOUT = f"""\
## Triage

Each cell: in how many runs the right finding was raised, how many findings of all runs suggest another kind of
mitigation (on a healthy cluster: any finding at all), and the seconds from the fault until the right one was raised:
median (least to most). The simulated control plane itself takes 10 to 15 s to report a silent node.

*5 % missing*: of each node, workload, instance, alert, log line and sample that is observed after the first listing,
one in twenty never arrives. *5,000 nodes*: {CROWD:,} more nodes fare as those of the last rack do. Names in code style
are files of `sample_clusters/`; the others are `tests/response/triage/situations.py`. The rules know neither.
"""
FLOOD = f"""
### Cost in a flood

One minute of {NODES:,} nodes, each reported as changed every second, 1,000 workloads and 8,000 instances of which a
tenth changes, 1,000 heartbeats a second in the log, 5,000 samples each five seconds. After {RACK_LOST_S} s a rack dies,
after {ALL_LOST_S} s every node is reported gone. A cluster of this size is looked at every three seconds, in parts
between which the host does everything else; a small one every second, at once. CPU time of the process
(`time.process_time`); the events are decoded and folded in the same run.
"""


def report() -> str:
    """This section of docs/performance.md."""
    return "\n".join([ABOUT, *table(), FLOOD, *cost_lines(costs()), ""])
