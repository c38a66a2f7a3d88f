"""What the timeline says of workloads when a source is first looked at, and of those that come later."""

from tests.views.any_state import Tape
from warroom.events.cluster import WorkloadsChanged
from warroom.events.sources import SourceSynced
from warroom.model.nouns import Workload, WorkloadId, WorkloadState
from warroom.model.text import Safe


def job(name: str) -> Workload:
    return Workload(WorkloadId(name), Safe(name), WorkloadState.RUNNING, desired=1, ready=1)


def texts(tape: Tape) -> list[str]:
    return [str(moment.text) for moment in tape.state.timeline.moments if moment.kind == "workload"]


def test_what_is_there_at_first_is_counted() -> None:
    tape = Tape()
    tape.add(WorkloadsChanged((job("a"), job("b"))))
    assert texts(tape) == ["2 workloads listed, 2 running"]
    alone = Tape()
    alone.add(WorkloadsChanged((job("a"),)))
    assert texts(alone) == ["1 workload listed, 1 running"]


def test_the_first_job_of_an_empty_cluster_comes_and_is_not_listed() -> None:
    """It was told as "1 workloads listed", as if it had been there before anybody looked."""
    tape = Tape()
    tape.add(SourceSynced())
    tape.add(WorkloadsChanged((job("train"),)))
    (said,) = texts(tape)
    assert "train" in said
    assert "listed" not in said
