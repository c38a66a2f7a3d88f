"""What a plan says before anybody presses it."""

import pytest
from hypothesis import given

from tests.response.rooms import act, alert, cluster, evicting, instance, names, node, planned, workload
from tests.views.any_state import MAYA, Tape, able, requests, room, tapes
from warroom.events.alerts import AlertAcknowledged, AlertsChanged
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.sources import SourceAnnounced, SourceLost, SourceStale
from warroom.model.nouns import Fingerprint, Matcher, NodeState, WorkloadId, WorkloadState
from warroom.model.requests import (
    Acknowledge,
    ActionKind,
    Capability,
    Cordon,
    CreateAlert,
    Drain,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
)
from warroom.model.text import Safe
from warroom.response.plans import capability_of, digest, plan, required_role
from warroom.response.sentences import typed

CHAT = WorkloadId("chat-api")


# --- what is always said -----------------------------------------------------------------------------------


def test_a_plan_says_what_it_is_here_and_which_calls_are_made() -> None:
    cordon = Capability(
        ActionKind.CORDON,
        wording=Safe("stop new work"),
        call=Safe("scontrol update {target} reason={reason}"),
    )
    made = planned(cluster(capabilities=[cordon]), Cordon(names("a1", "a2"), reason=Safe("bad {target}")))
    assert made.title == "cordon a1, a2"
    assert made.wording == "stop new work"
    assert made.calls == (
        "scontrol update a1 reason=bad {target}",
        "scontrol update a2 reason=bad {target}",
    )
    assert made.goal == "a1, a2 closed to new work"
    assert made.undo == "uncordon a1, a2"
    assert made.refused == ""


def test_a_drain_says_whether_running_work_moves_or_goes_on() -> None:
    evicts = planned(cluster(), Drain(names("a1"), grace_s=90))
    lets_run = planned(cluster(capabilities=[able(ActionKind.DRAIN)]), Drain(names("a1"), grace_s=90))
    assert evicts.title == "drain a1 (3 instances, 90 s grace)"
    assert lets_run.title == "drain a1 (stop new work; 3 instances keep running)"
    assert "batch-0 on a1: evicted" in evicts.effects
    assert "batch-0 on a1: goes on until it ends by itself" in lets_run.effects
    assert (evicts.within_s, lets_run.within_s) == (210, 3600)


def test_a_drain_names_each_instance_and_what_stays_ready_elsewhere() -> None:
    made = planned(cluster(), Drain(names("a1")))
    assert made.effects[:2] == (
        "batch: 0 of 1 ready elsewhere meanwhile",
        "chat-api: 1 of 3 ready elsewhere meanwhile",
    )
    assert made.touches == ("batch-0", "chat-0", "chat-1")


def test_draining_the_last_ready_instance_of_a_critical_workload_is_warned_of() -> None:
    made = planned(cluster(), Drain(names("a1", "a2")))
    assert "chat-api (critical) has no ready instance elsewhere" in made.warnings
    assert (
        "chat-api (critical) has no ready instance elsewhere"
        not in planned(cluster(), Drain(names("a2"))).warnings
    )


def test_an_empty_node_is_drained_with_the_words_nothing_runs_there() -> None:
    assert planned(cluster(), Drain(names("b1"))).effects == ("nothing runs there",)


def test_what_is_left_for_new_work_is_counted_after_a_cordon() -> None:
    assert planned(cluster(), Cordon(names("a1"))).warnings == (
        "3 of 4 nodes would be ready and open for new work",
    )
    assert planned(cluster(), Cordon(names("a1", "a2", "b1", "b2"))).warnings == (
        "none of 4 nodes would be left that is ready and open for new work",
    )


def test_a_cluster_that_is_down_already_is_not_blamed_on_the_cordon() -> None:
    tape = room(NodesChanged((node("a1", NodeState.NOT_READY), node("a2", NodeState.NOT_READY))))
    warnings = planned(tape, Cordon(names("a1"))).warnings
    assert warnings == ("none of 2 nodes is ready and open for new work even now",)


def test_a_node_that_is_cordoned_already_is_named() -> None:
    tape = cluster(NodesChanged((node("a1", cordoned=True),)))
    assert planned(tape, Cordon(names("a1"))).warnings[0] == "a1 is cordoned already"
    assert planned(tape, Uncordon(names("a2"))).warnings == ("a2 is not cordoned",)


def test_stopping_what_runs_on_a_silent_node_may_leave_it_running_unseen() -> None:
    tape = cluster(NodesChanged((node("a1", NodeState.NOT_READY),)))
    made = planned(tape, Stop((CHAT,), force=True))
    assert made.warnings == (
        "chat-api is marked critical",
        "chat-api may go on running unseen on a1, which does not answer",
    )


def test_taking_back_what_stands_in_for_something_stopped_says_that_nothing_would_be_left() -> None:
    """A roll-back was taken back by undo, and the service was gone."""
    back = WorkloadId("chat-back")
    tape = cluster()
    act(tape, Submit("chat-back", like=CHAT), created=(back,))
    tape.add(WorkloadsChanged((workload("chat-back"),)))
    assert planned(tape, Stop((back,), force=True)).warnings == ()
    tape.add(WorkloadsChanged((workload("chat-api", WorkloadState.STOPPED),)))
    assert planned(tape, Stop((back,), force=True)).warnings == (
        "chat-api, which it stands in for, is stopped: nothing of it would be left",
    )


def test_a_submit_says_where_it_goes_and_whether_there_is_room() -> None:
    made = planned(cluster(), Submit("chat-api", like=CHAT, selector={"rack": "rack2"}))
    assert made.title == "submit chat-api (3 on rack=rack2)"
    assert made.warnings == ()
    nowhere = planned(cluster(), Submit("chat-api", like=CHAT, selector={"rack": "rack9"}))
    assert nowhere.warnings == ("no ready, open node fits rack=rack9: it would wait",)
    big = planned(cluster(), Submit("train", replicas=3, gpus=4, selector={"rack": "rack2"}))
    assert big.warnings == ("8 GPUs free there, 12 needed: part of it would wait",)


def test_gpus_that_are_not_reported_are_not_counted_as_used_up() -> None:
    tape = cluster(NodesChanged((node("b1", rack="rack2", gpus_used=None),)))
    assert planned(tape, Submit("train", replicas=9, gpus=4, selector={"rack": "rack2"})).warnings == ()


def test_a_silence_lists_what_it_quiets_and_warns_when_that_is_most_of_it() -> None:
    fires = AlertsChanged((alert("1", "NodeNotReady"), alert("2", "NodeNotReady"), alert("3", "HighLatency")))
    one = SilenceAlerts((Matcher("alertname", "HighLatency"),), duration_s=5400)
    most = SilenceAlerts((Matcher("alertname", "Node.*", is_regex=True),))
    assert planned(cluster(fires), one).title == "silence alertname=HighLatency for 1 h 30 min"
    assert planned(cluster(fires), one).challenge == ""
    made = planned(cluster(fires), most)
    assert "more than half of what fires would be quiet (2 of 3)" in made.warnings
    assert made.challenge == "2"
    none = SilenceAlerts((Matcher("alertname", "Other"),))
    assert planned(cluster(fires), none).warnings == ("nothing that fires now matches",)


def test_an_acknowledgement_names_who_took_it_before() -> None:
    tape = cluster(AlertsChanged((alert("1", "NodeNotReady"),)))
    request = Acknowledge((Fingerprint("1"),))
    tape.add(AlertAcknowledged(request.fingerprints), actor=MAYA)
    again = plan(tape.state, request, person="ana", now=tape.now)
    assert again.warnings == ("maya acknowledged it already",)
    assert again.goal == "1 alert shown as taken by ana"
    assert plan(tape.state, request, person="maya", now=tape.now).warnings == ()


def test_an_action_without_a_verdict_on_the_same_node_is_warned_of() -> None:
    tape = cluster()
    act(tape, Drain(names("a1")))
    warnings = planned(tape, Uncordon(names("a1"))).warnings
    assert warnings[0] == "A1 drain a1 (3 instances, 60 s grace) by maya has no verdict yet"
    assert not any("A1" in warning for warning in planned(tape, Cordon(names("b1"))).warnings)


def test_a_node_named_twice_is_planned_once() -> None:
    made = planned(cluster(), Cordon(names("a1", "a1", "a1")))
    assert (made.title, made.touches, made.challenge) == ("cordon a1", ("a1",), "")


# --- what must be typed ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "challenge"),
    [
        (Cordon(names("a1", "a2")), ""),
        (Cordon(names("a1", "a2", "b1")), "3"),
        (Uncordon(names("a1", "a2", "b1")), ""),
        (Drain(names("a1")), "a1"),
        (Drain(names("a1", "a2")), "2"),
        (Stop((WorkloadId("batch"),)), ""),
        (Stop((WorkloadId("batch"),), force=True), "batch"),
        (Stop((CHAT,)), str(CHAT)),
        (Stop((CHAT, WorkloadId("batch"))), "2"),
        (Scale(WorkloadId("batch"), 2), ""),
        (Scale(WorkloadId("batch"), 0), "batch"),
        (Scale(CHAT, 1), str(CHAT)),
        (Submit("new"), ""),
    ],
)
def test_what_can_hurt_asks_for_a_short_challenge(request_: Request, challenge: str) -> None:
    assert planned(cluster(), request_).challenge == challenge


def test_of_a_long_name_the_last_word_is_typed() -> None:
    assert typed(["prod-inference-chat-api"]) == "api"
    assert typed(["aVeryLongNameWithoutAnyEnd"]) == "WithoutAnyEnd"[-12:]
    assert typed(["chat-api"]) == "chat-api"
    assert typed(["-----------------"]) == "1"


def test_half_of_what_is_still_ready_is_what_counts() -> None:
    """With 2 of 8 nodes ready, closing these 2 was two keys away."""
    down = tuple(node(f"d{n}", NodeState.NOT_READY) for n in range(6))
    tape = room(NodesChanged((*down, node("r1"), node("r2"))))
    assert planned(tape, Cordon(names("r1", "r2"))).challenge == "2"
    assert planned(tape, Cordon(names("d1", "d2"))).challenge == ""


def test_a_name_that_no_keyboard_has_is_confirmed_by_a_number() -> None:
    tape = room(NodesChanged((node("ノード-1号機"),)), capabilities=evicting())
    assert planned(tape, Drain(names("ノード-1号機"))).challenge == "1"


# --- what is refused ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (Cordon(()), "no node was named"),
        (Drain(names("a1", "zz")), "the cluster shows no node zz"),
        (Drain(names("a1"), grace_s=-1), "a grace period cannot be shorter than 0 s"),
        (Stop(()), "no workload was named"),
        (Stop((WorkloadId("zz"),)), "the cluster shows no workload zz"),
        (Stop((WorkloadId("done"),)), "done is over already"),
        (Submit(""), "a workload needs a name"),
        (Submit("x", like=WorkloadId("zz")), "the cluster shows no workload zz to copy from"),
        (Submit("x", replicas=0), "a workload needs at least one instance"),
        (Scale(WorkloadId("zz"), 2), "the cluster shows no workload zz"),
        (Scale(CHAT, -1), "a workload cannot have fewer than 0 instances"),
        (Scale(WorkloadId("done"), 2), "done is over; submit it again instead"),
        (SilenceAlerts(()), "a silence needs at least one matcher, such as alertname=NodeNotReady"),
        (
            SilenceAlerts((Matcher("alertname", ".*", is_regex=True),)),
            "a silence that matches every alert is refused; name an alert or a label",
        ),
        (
            SilenceAlerts((Matcher("job", "x"),), duration_s=90_000),
            "a silence lasts between 1 second and 24 hours",
        ),
        (
            SilenceAlerts((Matcher("job", "(", is_regex=True),)),
            "the pattern of job cannot be read: missing ), unterminated subpattern at position 0",
        ),
        (
            SilenceAlerts((Matcher("job", "(a+)+$", is_regex=True),)),
            "the pattern of job repeats a repetition and could take for ever",
        ),
        (Acknowledge(()), "no alert was named"),
        (Acknowledge((Fingerprint("9"),)), "none of these alerts fires any more"),
        (CreateAlert(""), "an alert needs a name"),
        (CreateAlert("x"), "an alert needs a message; say what people should know"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(request_: Request, why: str) -> None:
    tape = cluster(WorkloadsChanged((workload("done", WorkloadState.STOPPED),)))
    assert planned(tape, request_).refused == why


def test_what_the_back_end_cannot_do_is_refused_in_its_own_words() -> None:
    scale = Capability(ActionKind.SCALE, possible=False, wording=Safe("a Slurm job has a fixed size"))
    tape = cluster(capabilities=[scale])
    assert planned(tape, Scale(CHAT, 5)).refused == "a Slurm job has a fixed size"
    assert planned(tape, Cordon(names("a1"))).refused == "no source of this room can cordon"


def test_another_source_that_can_goes_before_one_that_cannot() -> None:
    tape = cluster(
        capabilities=[Capability(ActionKind.SILENCE, possible=False, wording=Safe("rules are read only"))]
    )
    tape.add(
        SourceAnnounced("alertmanager", ("alerts",), capabilities=(able(ActionKind.SILENCE),)), source="am"
    )
    found = capability_of(tape.state, ActionKind.SILENCE)
    assert found is not None
    assert found[0].name == "am"


def test_a_field_the_back_end_has_not_is_refused_before_anybody_presses_it() -> None:
    lacking = able(ActionKind.SUBMIT, lacks={"image": "Slurm has no images; give a command"})
    tape = cluster(capabilities=[lacking])
    assert planned(tape, Submit("x", image="chat:4")).refused == "Slurm has no images; give a command"
    assert planned(tape, Submit("x", command="train.sh")).refused == ""


def test_through_a_lost_source_nothing_is_done_and_through_a_stale_one_with_a_warning() -> None:
    tape = cluster()
    tape.add(SourceStale(Safe("nothing heard for 16 s")), source="sample", after_ms=16_000)
    stale = planned(tape, Cordon(names("a1")))
    assert stale.refused == ""
    assert stale.warnings[0].startswith("source sample is stale: what is shown is 16s old")
    tape.add(SourceLost(Safe("connection refused")), source="sample")
    assert planned(tape, Cordon(names("a1"))).refused == (
        "source sample is lost (connection refused); what is shown is 17s old"
    )


def test_a_room_that_has_seen_nothing_yet_refuses_because_of_that() -> None:
    tape = Tape()
    tape.add(SourceAnnounced("slurm", ("cluster",), capabilities=(able(ActionKind.CORDON),)), source="slurm")
    assert planned(tape, Cordon(names("a1"))).refused == (
        "source slurm has not shown the cluster yet; try again when it is synced"
    )


def test_an_acknowledgement_needs_no_source() -> None:
    tape = cluster(AlertsChanged((alert("1", "NodeNotReady"),)), capabilities=[])
    tape.add(SourceLost(Safe("gone")), source="sample")
    assert planned(tape, Acknowledge((Fingerprint("1"),))).refused == ""


# --- is it still what was shown ----------------------------------------------------------------------------


def test_a_plan_of_the_same_things_has_the_same_digest_although_figures_moved() -> None:
    """A confirmed cordon was sent back because an unrelated node came up meanwhile."""
    before = digest(planned(cluster(), Cordon(names("a1"))))
    tape = cluster(NodesChanged((node("c1"),)))
    assert digest(planned(tape, Cordon(names("a1")))) == before


def test_who_confirmed_three_instances_does_not_move_four() -> None:
    before = digest(planned(cluster(), Drain(names("a1"))))
    tape = cluster(InstancesChanged((instance("batch-1", "batch", "a1"),)))
    assert digest(planned(tape, Drain(names("a1")))) != before


def test_a_new_kind_of_warning_asks_again() -> None:
    before = digest(planned(cluster(), Drain(names("a1"))))
    gone = InstancesChanged((instance("chat-2", "chat-api", "a2", WorkloadState.FAILED),))
    assert digest(planned(cluster(gone), Drain(names("a1")))) != before


def test_another_target_reason_or_grace_is_another_plan() -> None:
    wishes = [Drain(names("a1")), Drain(names("a2")), Drain(names("a1"), grace_s=5), Cordon(names("a1"))]
    assert len({digest(planned(cluster(), wish)) for wish in wishes}) == len(wishes)


# --- in any room -------------------------------------------------------------------------------------------


@given(tapes(), requests)
def test_any_wish_in_any_room_gets_a_plan_that_can_be_shown(tape: Tape, request: Request) -> None:
    made = planned(tape, request)
    sentences = (made.title, made.wording, made.goal, made.refused, made.undo, *made.calls, *made.effects)
    assert all(sentence.isprintable() for sentence in (*sentences, *made.warnings))
    assert made.title
    assert made.within_s > 0
    assert made.challenge.isascii()
    assert digest(made) == digest(planned(tape, request))
    assert required_role(request) in ("cluster", "alerts", "room")


@given(tapes(), requests)
def test_a_wish_without_a_source_that_sees_is_never_accepted(tape: Tape, request: Request) -> None:
    if required_role(request) != "room" and all(
        facts.status in ("lost", "loading") for facts in tape.state.sources.sources.values()
    ):
        assert planned(tape, request).refused
