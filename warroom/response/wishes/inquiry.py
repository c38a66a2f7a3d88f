"""Wishes about finding out why and about what is left to do: numbered, refused with a sentence."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import assert_never

from warroom.errors import Refused
from warroom.events.incident import QueryAnswered
from warroom.events.inquiry import (
    DecisionMade,
    EvidencePinned,
    HypothesisEliminated,
    HypothesisRaised,
    HypothesisSupported,
    ObjectionRaised,
    ReviewScheduled,
    TaskCreated,
    TaskFinished,
)
from warroom.model.nouns import AlertState, Person
from warroom.model.response_commands import (
    CreateTask,
    FinishTask,
    JudgeHypothesis,
    MakeDecision,
    NoteLook,
    PinEvidence,
    RaiseHypothesis,
    RaiseObjection,
    ScheduleReview,
)
from warroom.model.text import Safe, neutral
from warroom.response.watching import Followed, Moment
from warroom.response.wishes.incident import incident_of
from warroom.state.slices import State
from warroom.views.health import health_lines

KINDS = ("", "prevent", "detect", "mitigate", "process")
"""What a follow-up task is good for."""
LOOK_AGAIN = timedelta(seconds=60)
"""The same look by the same person is not written down again sooner."""
EXCERPT = 6

InquiryWish = (
    RaiseHypothesis
    | JudgeHypothesis
    | MakeDecision
    | RaiseObjection
    | PinEvidence
    | CreateTask
    | FinishTask
    | ScheduleReview
    | NoteLook
)


def grant_inquiry(moment: Moment, command: InquiryWish, person: Person) -> Iterable[Followed]:
    """The events that grant it; raises ``Refused``."""
    state, inquiry = moment.state, moment.state.inquiry
    incident_of(state)
    match command:
        case RaiseHypothesis():
            text = _said(command.text, "what it may be")
            return [Followed(HypothesisRaised(f"Y{len(inquiry.hypotheses) + 1}", text))]
        case JudgeHypothesis():
            return [Followed(_judged(state, command))]
        case MakeDecision():
            text = _said(command.text, "what is decided")
            return [Followed(DecisionMade(f"D{len(inquiry.decisions) + 1}", text, command.asked))]
        case RaiseObjection():
            _known(inquiry.decisions, command.decision, "decision")
            return [
                Followed(ObjectionRaised(command.decision, _said(command.text, "what speaks against it")))
            ]
        case PinEvidence():
            seqs = _recorded(state, command.seqs)
            if not seqs:
                raise Refused("say which events, by their numbers in `warroom timeline`")
            return [Followed(EvidencePinned(_said(command.text, "what they show"), seqs))]
        case CreateTask() | FinishTask() | ScheduleReview():
            return [Followed(_afterwards(moment, command))]
        case NoteLook():
            return _looked(moment, command, person)
        case _ as forgotten:
            assert_never(forgotten)


def _said(text: Safe, what: str) -> Safe:
    if not text:
        raise Refused(f"say {what}")
    return text


def _known(things: Mapping[str, object], name: str, what: str) -> None:
    if name not in things:
        known = ", ".join(things) or "none"
        raise Refused(f"there is no {what} {neutral(name)}; there are: {known}")


def _recorded(state: State, seqs: tuple[int, ...]) -> tuple[int, ...]:
    for seq in seqs:
        if not 0 < seq <= state.seq:
            raise Refused(f"event {seq} is not in the record, which goes to {state.seq}")
    return tuple(dict.fromkeys(seqs))


def _judged(state: State, command: JudgeHypothesis) -> HypothesisSupported | HypothesisEliminated:
    _known(state.inquiry.hypotheses, command.hypothesis, "hypothesis")
    evidence = _said(command.evidence, "by which evidence")
    kind = HypothesisSupported if command.supported else HypothesisEliminated
    return kind(command.hypothesis, evidence, _recorded(state, command.seqs))


def _afterwards(
    moment: Moment, command: CreateTask | FinishTask | ScheduleReview
) -> TaskCreated | TaskFinished | ReviewScheduled:
    tasks = moment.state.inquiry.tasks
    if isinstance(command, CreateTask):
        if command.kind not in KINDS:
            raise Refused(f"a task is to {', '.join(KINDS[1:])}, not to {neutral(command.kind)}")
        text = _said(command.text, "what is to be done")
        return TaskCreated(f"T{len(tasks) + 1}", text, command.kind, command.owner, command.due)
    if isinstance(command, FinishTask):
        _known(tasks, command.task, "task")
        if tasks[command.task].finished is not None:
            raise Refused(f"{command.task} is {'dropped' if tasks[command.task].dropped else 'done'} already")
        return TaskFinished(command.task, command.dropped)
    if command.at <= moment.now:
        raise Refused(f"{command.at:%Y-%m-%d %H:%M}Z is over; say when it will be")
    return ReviewScheduled(command.at, command.place)


def _looked(moment: Moment, command: NoteLook, person: Person) -> list[Followed]:
    state = moment.state
    if command.what not in ("cluster-status", "alert-list"):
        raise Refused(
            f"{neutral(command.what)} is no look the record knows; there are cluster-status, alert-list"
        )
    last = state.filed.looks.get(command.what)
    if last is not None and last.by.name == person.name and moment.now - last.time < LOOK_AGAIN:
        return []
    if command.what == "cluster-status":
        lines = ["".join(cell.text for cell in line.spans).strip() for line in health_lines(state)]
        return [Followed(_seen(command.what, len(state.cluster.nodes), lines))]
    firing = [a for a in state.alerts.alerts.values() if a.state is AlertState.FIRING]
    ordered = sorted(firing, key=lambda a: (a.severity, a.name, a.fingerprint))
    return [Followed(_seen(command.what, len(firing), [f"{a.name} ({a.severity})" for a in ordered]))]


def _seen(what: str, found: int, lines: list[str]) -> QueryAnswered:
    return QueryAnswered(Safe(what), found, tuple(neutral(line) for line in lines[:EXCERPT]))
