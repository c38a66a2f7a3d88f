"""Verdicts: success is what the cluster shows after the call, through a source that sees."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from tests.response.rooms import act, alert, cluster, instance, names, node, planned, seen, workload
from tests.views.any_state import START, Tape, able, tapes
from warroom.events.alerts import AlertAcknowledged, AlertsChanged, SilencesChanged
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.sources import SourceLost, SourcePolled, SourceStale, SourceSynced
from warroom.model.nouns import (
    Fingerprint,
    InstanceId,
    Matcher,
    NodeState,
    Silence,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.requests import (
    Acknowledge,
    ActionKind,
    Cordon,
    CreateAlert,
    Drain,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
    Verdict,
)
from warroom.model.text import Safe
from warroom.response.looks import Look
from warroom.response.verification import is_fresh, look, settled_finding, verdict

CHAT, BATCH = WorkloadId("chat-api"), WorkloadId("batch")
CLOSED = NodesChanged((node("a1", cordoned=True),))


def judged(tape: Tape, name: str = "A1", *, after_s: int = 0) -> tuple[Verdict, Safe] | None:
    return verdict(tape.state, tape.state.actions.actions[name], tape.ms + after_s * 1000)


def looked(tape: Tape, name: str = "A1") -> Look:
    return look(tape.state, tape.state.actions.actions[name])


# --- when a verdict is possible ----------------------------------------------------------------------------


def test_an_effect_is_seen_only_in_what_was_read_after_the_call() -> None:
    """A cordon of a node that was cordoned before was verified by facts older than the call."""
    tape = cluster(CLOSED)
    act(tape, Cordon(names("a1")))
    assert judged(tape) is None
    seen(tape)
    assert judged(tape) == (Verdict.SEEN, "the cluster shows a1 cordoned, at 14:00:11Z, 1 s after the call")


def test_an_answer_of_yes_is_no_success() -> None:
    """A real API answers `success: true` for a drain that moves nothing."""
    tape = cluster()
    act(tape, Cordon(names("a1")))
    seen(tape)
    assert judged(tape) is None
    assert judged(tape, after_s=29) == (
        Verdict.NOT_SEEN,
        "not seen within 30 s: the cluster shows a1 not cordoned",
    )


def test_a_verdict_waits_as_long_as_the_plan_said() -> None:
    tape = cluster()
    action = act(tape, Stop((BATCH,)))
    seen(tape)
    assert action.plan.within_s == 60
    assert judged(tape, after_s=58) is None
    found = judged(tape, after_s=60)
    assert found is not None
    assert found[0] is Verdict.NOT_SEEN


def test_nothing_is_seen_through_a_stale_source_and_the_verdict_is_unknown() -> None:
    tape = cluster()
    act(tape, Cordon(names("a1")))
    seen(tape, CLOSED)
    tape.add(SourceStale(Safe("nothing heard for 16 s")), source="sample")
    assert judged(tape) is None
    assert judged(tape, after_s=30) == (
        Verdict.UNKNOWN,
        "source sample is stale (nothing heard for 16 s) and showed nothing new within 30 s; "
        "last seen: the cluster shows a1 cordoned",
    )
    tape.add(SourceSynced(), source="sample")
    found = judged(tape)
    assert found is not None
    assert found[0] is Verdict.SEEN


def test_a_synced_source_that_was_not_read_again_gives_no_verdict_but_unknown() -> None:
    tape = cluster()
    act(tape, Cordon(names("a1")))
    found = judged(tape, after_s=31)
    assert found is not None
    assert found[0] is Verdict.UNKNOWN
    assert found[1].startswith("source sample was not read again within 30 s")


def test_while_the_call_is_under_way_time_is_not_up() -> None:
    tape = cluster()
    act(tape, Cordon(names("a1")), answer="")
    seen(tape)
    assert judged(tape, after_s=600) is None


def test_an_action_that_never_left_has_no_verdict() -> None:
    tape = cluster(CLOSED)
    left = act(tape, Cordon(names("a1")))
    seen(tape)
    waiting = structs.replace(left, stage="approved", steps=left.steps[:2])
    assert verdict(tape.state, left, tape.ms) is not None
    assert verdict(tape.state, waiting, tape.ms) is None
    assert not is_fresh(tape.state, waiting)


def test_a_lost_answer_is_judged_by_reading_the_target() -> None:
    tape = cluster()
    act(tape, Cordon(names("a1")), answer="unknown")
    seen(tape, CLOSED)
    found = judged(tape)
    assert found is not None
    assert found[0] is Verdict.SEEN
    assert settled_finding(tape.state, tape.state.actions.actions["A1"]) == (
        "the cluster shows a1 cordoned: it happened"
    )


def test_reconciliation_says_when_it_did_not_happen() -> None:
    tape = cluster()
    action = act(tape, Cordon(names("a1")), answer="unknown")
    assert settled_finding(tape.state, action) == (
        "the cluster shows a1 not cordoned: it did not happen, or not yet"
    )


# --- each kind of action -----------------------------------------------------------------------------------


def test_a_cordon_of_several_nodes_is_seen_when_all_are_closed() -> None:
    tape = cluster()
    act(tape, Cordon(names("a1", "a2")))
    seen(tape, CLOSED)
    assert looked(tape) == Look(False, Safe("the cluster shows a2 not cordoned"), 1, 2)
    seen(tape, NodesChanged((node("a2", cordoned=True),)))
    assert looked(tape) == Look(True, Safe("the cluster shows a1, a2 cordoned"), 2, 2)


def test_a_node_that_vanished_was_not_cordoned() -> None:
    tape = cluster()
    act(tape, Cordon(names("a1")))
    seen(tape, NodesChanged(gone=names("a1")))
    assert looked(tape) == Look(False, Safe("the cluster no longer shows a1"), 0, 1)


def test_an_uncordon_is_seen_when_the_node_takes_work_again() -> None:
    tape = cluster(CLOSED)
    act(tape, Uncordon(names("a1")))
    seen(tape)
    assert not looked(tape).seen
    seen(tape, NodesChanged((node("a1"),)))
    assert looked(tape).detail == "the cluster shows a1 open to new work"


def test_a_drain_counts_what_left_and_says_when_the_last_did() -> None:
    tape = cluster()
    act(tape, Drain(names("a1")))
    assert looked(tape).detail == "the cluster shows a1 not cordoned"
    seen(tape, CLOSED, InstancesChanged((instance("batch-0", "batch", "b1"),)))
    assert looked(tape) == Look(
        False, Safe("a1 closed to new work; 2 instances still there: chat-0, chat-1"), 1, 3
    )
    seen(tape, InstancesChanged(gone=(InstanceId("chat-0"), InstanceId("chat-1"))))
    found = judged(tape)
    assert found is not None
    assert found[1].startswith("the last of 3 instances left a1; closed to new work, at 14:00:12Z, 3 s after")


def test_a_drain_that_lets_work_run_is_watched_until_it_ends() -> None:
    """Slurm's drain was called `not seen` after two minutes although it did what it does."""
    tape = cluster(capabilities=[able(ActionKind.DRAIN)])
    act(tape, Drain(names("a1")))
    seen(tape, CLOSED)
    assert judged(tape, after_s=3000) is None


def test_a_crashed_instance_that_will_be_tried_again_keeps_a_node_from_being_empty() -> None:
    tape = cluster(
        WorkloadsChanged((workload("batch", WorkloadState.FAILED),)),
        InstancesChanged((instance("batch-0", "batch", "a1", WorkloadState.FAILED),)),
        CLOSED,
    )
    act(tape, Drain(names("a1")))
    assert "batch-0" in looked(tape).detail


def test_stopping_a_crash_loop_is_seen_when_nothing_is_tried_again() -> None:
    """A crash-looping workload counted as stopped at once: it was `failed` before anybody stopped it."""
    tape = cluster(
        WorkloadsChanged((workload("batch", WorkloadState.FAILED),)),
        InstancesChanged((instance("batch-0", "batch", "a1", WorkloadState.FAILED),)),
    )
    act(tape, Stop((BATCH,), force=True))
    seen(tape)
    assert looked(tape) == Look(False, Safe("still there: batch (failed, 1 instance)"), 0, 1)
    seen(tape, InstancesChanged(gone=(InstanceId("batch-0"),)))
    assert looked(tape).seen


def test_a_stopped_workload_with_a_living_instance_is_not_stopped() -> None:
    tape = cluster()
    act(tape, Stop((BATCH,)))
    seen(tape, WorkloadsChanged((workload("batch", WorkloadState.STOPPED),)))
    assert looked(tape).detail == "still there: batch (stopped, 1 instance)"
    seen(tape, InstancesChanged((instance("batch-0", "batch", "a1", WorkloadState.STOPPED),)))
    assert looked(tape) == Look(True, Safe("batch stopped, no instance left"), 1, 1)


def test_a_workload_that_is_gone_from_the_list_is_stopped() -> None:
    tape = cluster()
    act(tape, Stop((BATCH,)))
    seen(tape, WorkloadsChanged(gone=(BATCH,)), InstancesChanged(gone=(InstanceId("batch-0"),)))
    assert looked(tape).seen


def test_a_submit_is_seen_when_what_it_made_is_ready_and_says_where() -> None:
    tape = cluster()
    act(tape, Submit("chat-api", like=CHAT), created=("chat-api-2",))
    assert looked(tape).detail == "chat-api-2 is not listed"
    waiting = workload("chat-api-2", WorkloadState.PENDING, desired=3, ready=1, reason=Safe("no room"))
    seen(tape, WorkloadsChanged((waiting,)))
    assert looked(tape) == Look(False, Safe("chat-api-2 pending, 1 of 3 ready: no room"), 1, 3)
    running = workload("chat-api-2", desired=3, ready=3, nodes=names("b1", "b2"))
    seen(tape, WorkloadsChanged((running,)))
    assert looked(tape) == Look(True, Safe("chat-api-2 running, 3 of 3 ready on b1, b2"), 3, 3)


def test_a_short_job_that_ran_to_its_end_was_seen() -> None:
    tape = cluster()
    act(tape, Submit("probe"), created=("77",))
    seen(tape, WorkloadsChanged((workload("77", WorkloadState.COMPLETED),)))
    assert looked(tape).detail == "77 ran and completed"


def test_a_submit_whose_answer_was_lost_is_found_by_its_operation_or_its_name() -> None:
    """After a crash the room said `it did not happen`, and the job was sent twice by hand."""
    tape = cluster()
    action = act(tape, Submit("chat-api", like=CHAT), answer="unknown")
    assert looked(tape).detail == "nothing called chat-api was listed since the call"
    marked = workload("91", ready=1, labels={"operation": action.operation})
    seen(tape, WorkloadsChanged((marked,)))
    assert looked(tape).detail == "91 running, 1 of 1 ready"
    by_name = cluster()
    act(by_name, Submit("probe"), answer="unknown")
    seen(by_name, WorkloadsChanged((_named("old", "probe", -3600), _named("new", "probe", 5))))
    assert looked(by_name).detail == "new running, 1 of 1 ready"


def _named(identity: str, name: str, after_s: int) -> Workload:
    submitted = START + timedelta(seconds=after_s)
    return Workload(WorkloadId(identity), Safe(name), WorkloadState.RUNNING, ready=1, submitted=submitted)


def test_a_scale_is_seen_when_as_many_are_ready_as_were_asked_for() -> None:
    tape = cluster()
    act(tape, Scale(CHAT, 5))
    seen(tape, WorkloadsChanged((workload("chat-api", desired=5, ready=4),)))
    assert looked(tape) == Look(False, Safe("chat-api running, 4 of 5 ready"), 4, 5)
    seen(tape, WorkloadsChanged((workload("chat-api", desired=5, ready=5),)))
    assert looked(tape).seen


def test_scaling_to_nothing_is_seen_when_no_instance_is_left() -> None:
    tape = cluster()
    act(tape, Scale(BATCH, 0))
    seen(tape, WorkloadsChanged((workload("batch", WorkloadState.PENDING, desired=0, ready=0),)))
    assert not looked(tape).seen
    seen(tape, InstancesChanged(gone=(InstanceId("batch-0"),)))
    assert looked(tape).seen


def test_a_silence_is_seen_by_its_id_and_without_one_by_its_operation_or_its_matchers() -> None:
    matchers = (Matcher("alertname", "NodeNotReady"),)
    ends = START + timedelta(hours=1)
    known = cluster(AlertsChanged((alert("1", "NodeNotReady", silenced_by=("s1",)),)))
    act(known, SilenceAlerts(matchers), created=("s1",))
    assert looked(known) == Look(False, Safe("no such silence is listed"))
    seen(known, SilencesChanged((Silence("s1", matchers, START, ends),)))
    assert looked(known).detail == "the silence is active until 15:00:00Z, 1 alert quiet"

    lost = cluster()
    act(lost, SilenceAlerts(matchers), answer="unknown")
    seen(lost, SilencesChanged((Silence("old", matchers, START - timedelta(hours=9), ends),)))
    assert not looked(lost).seen
    seen(lost, SilencesChanged((Silence("new", matchers, lost.now, ends),)))
    assert looked(lost).seen

    named = cluster()
    action = act(named, SilenceAlerts(matchers), answer="unknown")
    noted = Silence("s9", (), START, ends, comment=Safe(f"known ({action.operation})"))
    seen(named, SilencesChanged((noted,)))
    assert looked(named).seen


def test_an_acknowledgement_is_seen_at_once_and_needs_no_source() -> None:
    tape = cluster(AlertsChanged((alert("1", "X"), alert("2", "Y"))))
    tape.add(SourceLost(Safe("gone")), source="sample")
    both = (Fingerprint("1"), Fingerprint("2"))
    act(tape, Acknowledge(both))
    tape.add(AlertAcknowledged((Fingerprint("1"),)))
    assert looked(tape) == Look(False, Safe("1 alert not acknowledged"), 1, 2)
    tape.add(AlertAcknowledged(both))
    found = judged(tape)
    assert found is not None
    assert found[0] is Verdict.SEEN


def test_a_created_alert_is_seen_when_one_with_its_name_severity_and_labels_is_there() -> None:
    tape = cluster(AlertsChanged((alert("1", "sev1-mitigated", "critical"),)))
    act(tape, CreateAlert("sev1-mitigated", "info", Safe("restored"), {"team": "sre"}))
    seen(tape)
    assert looked(tape) == Look(False, Safe("alert sev1-mitigated does not fire"))
    seen(tape, AlertsChanged((alert("2", "sev1-mitigated", "info", labels={"team": "sre"}),)))
    assert looked(tape).seen


def test_a_resolved_alert_is_seen_when_none_of_its_name_is_left() -> None:
    """Resolving was judged by whether an alert of the severity *resolved* fires."""
    tape = cluster(AlertsChanged((alert("1", "sev1-mitigated", "info"),)))
    act(tape, CreateAlert("sev1-mitigated", "resolved", Safe("over")))
    seen(tape)
    assert looked(tape) == Look(False, Safe("1 alert sev1-mitigated still listed"))
    seen(tape, AlertsChanged(resolved=(Fingerprint("1"),)))
    assert looked(tape) == Look(True, Safe("alert sev1-mitigated is gone"))


# --- in any room -------------------------------------------------------------------------------------------


@given(tapes(), st.integers(0, 10_000_000))
def test_any_action_in_any_room_can_be_looked_at_and_judged(tape: Tape, later_ms: int) -> None:
    for action in tape.state.actions.actions.values():
        found = look(tape.state, action)
        assert found.detail.isprintable()
        assert 0 <= found.done <= found.total
        assert settled_finding(tape.state, action).isprintable()
        given_verdict = verdict(tape.state, action, tape.ms + later_ms)
        if given_verdict is not None and given_verdict[0] is Verdict.SEEN:
            assert found.seen
            assert is_fresh(tape.state, action)
        if action.over:
            assert given_verdict is None


@given(tapes(most=12), st.integers(1, 100))
def test_no_verdict_but_unknown_is_given_through_a_source_that_does_not_see(tape: Tape, hours: int) -> None:
    tape.add(SourceLost(Safe("gone")), source="sample")
    tape.add(SourceLost(Safe("gone")), source="other")
    for action in tape.state.actions.actions.values():
        if isinstance(action.request, Acknowledge):
            continue
        found = verdict(tape.state, action, tape.ms + hours * 3_600_000)
        assert found is None or found[0] is Verdict.UNKNOWN


def test_a_poll_that_found_nothing_new_is_a_look_too() -> None:
    tape = cluster(CLOSED)
    action = act(tape, Cordon(names("a1")))
    assert not is_fresh(tape.state, action)
    tape.add(SourcePolled(), source="sample")
    assert is_fresh(tape.state, action)
    assert planned(tape, Cordon(names("a1"))).warnings[0].startswith("A1 cordon a1 by maya")


def test_more_instances_than_are_wanted_are_called_so() -> None:
    """A scale down that was under way said "12 of 10 ready"."""
    tape = cluster(WorkloadsChanged((workload("chat-api", desired=10, ready=12),)))
    act(tape, Scale(CHAT, 10))
    assert looked(tape).detail == "chat-api running, 10 of 10 ready and 2 more than wanted"
    assert not looked(tape).seen
    act(tape, Scale(CHAT, 0))
    assert looked(tape, "A2").detail == "chat-api running, 12 still ready, none wanted"


# --- draining what does not answer -------------------------------------------------------------------------


def dead(*, ready: int = 3, evicts: bool = True) -> Tape:
    """a1 lost power; of chat-api so many are ready elsewhere, batch was started again on b1."""
    gone = node("a1", NodeState.NOT_READY)
    elsewhere = tuple(instance(f"chat-new-{n}", "chat-api", "b1") for n in range(ready - 1))
    silent = tuple(
        structs.replace(instance(name, of, "a1", WorkloadState.UNKNOWN), ready=False)
        for name, of in (("chat-0", "chat-api"), ("chat-1", "chat-api"), ("batch-0", "batch"))
    )
    batch = instance("batch-1", "batch", "b1")
    shown = NodesChanged((gone,)), InstancesChanged((*silent, *elsewhere, batch))
    return cluster(*shown, capabilities=None if evicts else [able(kind) for kind in ActionKind])


def test_a_drain_of_a_node_without_power_is_seen_once_its_work_runs_elsewhere() -> None:
    """It ended `not seen` though the node took no new work and all of its work ran on other nodes."""
    tape = dead()
    action = act(tape, Drain(names("a1"), 20))
    assert action.plan.goal == (
        "a1 closed to new work and empty; of a1, which cannot be asked, that its work runs elsewhere"
    )
    assert any("chat-0 on a1: the node does not answer" in words for words in action.plan.effects)
    seen(tape)
    assert not looked(tape).seen, "it is not closed yet"
    seen(tape, NodesChanged((node("a1", NodeState.NOT_READY, cordoned=True),)))
    found = judged(tape)
    assert found is not None
    assert found[0] is Verdict.SEEN
    assert found[1].startswith(
        "a1 closed to new work; what ran on a1 runs elsewhere (batch, chat-api); 3 instances listed there until"
    )


def test_a_drain_of_a_node_without_power_is_not_seen_while_something_is_missing_elsewhere() -> None:
    tape = dead(ready=2)
    act(tape, Drain(names("a1"), 20))
    seen(tape, NodesChanged((node("a1", NodeState.NOT_READY, cordoned=True),)))
    found = judged(tape, after_s=150)
    assert found is not None
    assert found[0] is Verdict.NOT_SEEN
    assert "2 instances still there: chat-0, chat-1" in found[1]


def test_a_living_node_is_drained_only_when_it_is_empty() -> None:
    extra = tuple(instance(f"chat-new-{n}", "chat-api", "b1") for n in range(3))
    tape = cluster(InstancesChanged(extra))
    act(tape, Drain(names("a1"), 20))
    seen(tape, NodesChanged((node("a1", cordoned=True),)))
    assert not looked(tape).seen, "it answers, so its work can be asked to end"


def test_the_last_job_that_slurm_gives_up_with_its_node_left_it() -> None:
    """Slurm runs a job of a dead node again under its own number: nothing is listed there any more."""
    tape = dead(evicts=False)
    action = act(tape, Drain(names("a1"), 0))
    assert action.plan.within_s == 3600
    again = instance("batch-0", "batch", "b2")
    left = (InstanceId("chat-0"), InstanceId("chat-1"))
    seen(
        tape, NodesChanged((node("a1", NodeState.OFFLINE, cordoned=True),)), InstancesChanged((again,), left)
    )
    assert looked(tape).detail == "the last of 3 instances left a1; closed to new work"
    assert looked(tape).seen
