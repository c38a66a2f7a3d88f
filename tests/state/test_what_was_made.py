"""What somebody changed stands on the timeline: deploys, where work may run, rules that a log says were loaded."""

from datetime import datetime, timedelta

from tests.views.any_state import START, Tape, announced
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.logs import LogsAppended
from warroom.model.nouns import LogLevel, LogLine, Workload, WorkloadId, WorkloadState
from warroom.model.text import neutral
from warroom.state.slices import Moment
from warroom.views.what_changed import what_changed


def workload(name: str = "find-api", image: str = "find:8.1.0", **more: object) -> Workload:
    return Workload(WorkloadId(name), neutral(name), WorkloadState.RUNNING, 6, 6, image=image, **more)  # type: ignore[arg-type]


def cluster(*workloads: Workload) -> Tape:
    tape = Tape()
    tape.add(announced(), source="sample")
    tape.add(NodesChanged(), source="sample")
    tape.add(WorkloadsChanged(workloads), source="sample")
    return tape


def logged(tape: Tape, *texts: str, time: datetime | None = None, name: str = "") -> None:
    lines = tuple(LogLine(time, LogLevel.INFO, neutral(text), "", name) for text in texts)
    tape.add(LogsAppended(lines), source="app")


def made(tape: Tape) -> list[Moment]:
    return [m for m in tape.state.timeline.moments if m.kind == "change"]


def texts(tape: Tape) -> list[str]:
    return [str(m.text) for m in made(tape)]


def test_a_deploy_stands_there_with_both_images_its_source_and_the_clusters_own_time() -> None:
    tape = cluster(workload())
    when = START + timedelta(seconds=1)
    tape.add(WorkloadsChanged((workload(image="find:8.2.0", deployed=when),)), source="sample")
    (moment,) = made(tape)
    assert moment.text == "find-api deployed: find:8.1.0 → find:8.2.0"
    assert (moment.actor, moment.time, moment.seq) == ("sample", when, tape.envelopes[-1].seq)


def test_what_is_listed_first_is_no_deploy_and_the_same_image_again_is_one() -> None:
    when = START + timedelta(seconds=1)
    tape = cluster(workload(deployed=START))
    assert made(tape) == []
    tape.add(WorkloadsChanged((workload(deployed=when),)), source="sample")
    assert texts(tape) == ["find-api deployed again: find:8.1.0"]


def test_one_roll_out_to_many_is_one_line() -> None:
    names = [f"w{n}" for n in range(6)]
    tape = cluster(*(workload(name) for name in names))
    tape.add(WorkloadsChanged(tuple(workload(name, "find:8.2.0") for name in names)), source="sample")
    assert texts(tape) == ["w0, w1, w2, w3 and 2 more deployed: find:8.1.0 → find:8.2.0"]


def test_another_selector_is_told_with_the_one_before() -> None:
    tape = cluster(workload())
    tape.add(WorkloadsChanged((workload(selector={"rack": "rack2"}),)), source="sample")
    assert texts(tape) == ["find-api may run on rack=rack2, before: any node"]


def test_rules_that_a_log_says_were_loaded_stand_there_at_the_lines_time_and_among_what_changed() -> None:
    tape = cluster(workload())
    when = START + timedelta(seconds=2)
    logged(tape, "alert rules reloaded: HighErrorRate fires above 0.0005", time=when)
    (moment,) = made(tape)
    assert moment.text == "alert rules reloaded: HighErrorRate fires above 0.0005"
    assert moment.time == when
    assert [c.kind for c in what_changed(tape.state, tape.now)] == ["config"]


def test_the_words_of_real_programs_are_known() -> None:
    for words in (
        "Completed loading of configuration file",
        "slurmctld: reconfiguring",
        "Reloaded the alerting rules",
        "nginx: configuration reloaded",
    ):
        tape = cluster()
        logged(tape, words)
        assert made(tape), words
    tape = cluster()
    logged(tape, "loaded 14 models", "config value 5 is high", "cache reload took 3 s")
    assert made(tape) == []


def test_the_same_line_again_is_told_once_and_another_one_beside_it() -> None:
    tape = cluster()
    logged(tape, "alert rules reloaded: A fires above 1", "alert rules reloaded: A fires above 1")
    logged(tape, "alert rules reloaded: A fires above 1")
    logged(tape, "alert rules reloaded: A fires above 2")
    assert len(made(tape)) == 2


def test_a_log_that_chatters_about_its_configuration_does_not_fill_the_timeline() -> None:
    tape = cluster()
    for number in range(100):
        logged(tape, f"config reloaded, generation {number}")
    assert len(made(tape)) == 5


def test_a_deploy_in_a_log_is_told_only_where_the_cluster_shows_no_images() -> None:
    slurm, images = cluster(workload(image="")), cluster(workload())
    for tape in (slurm, images):
        logged(tape, "rollout of find:8.2.0", name="find-api")
    assert texts(slurm) == ["find-api: rollout of find:8.2.0"]
    assert made(images) == []
