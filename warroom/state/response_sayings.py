"""Sentences for the timeline about the response: findings, roles, hypotheses, checklist, runbooks, updates."""

from collections.abc import Iterator

from warroom.events.base import Event
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
from warroom.events.procedure import (
    BookOpened,
    ItemReopened,
    ItemSkipped,
    ItemTicked,
    RunbookEnded,
    RunbookStarted,
    RunbookStepEnded,
)
from warroom.events.team import HandoffAcknowledged, HandoffDeclined, HandoffOffered, RoleLeft, RoleTaken
from warroom.events.triage import ClockBreached, FindingRaised, FindingUpdated, FindingWithdrawn
from warroom.events.updates import UpdateNotSent, UpdatePromised, UpdateSent, UpdateWritten
from warroom.model.response import Confidence, StepResult
from warroom.state.slices import State

Said = tuple[str, str, str]
"""kind, role, text"""

CONFIDENCE_ROLES = {Confidence.LOW: "info", Confidence.MEDIUM: "warning", Confidence.HIGH: "critical"}
RESULT_ROLES = {StepResult.DONE: "ok", StepResult.SKIPPED: "muted", StepResult.FAILED: "critical"}


def said_of_response(state: State, event: Event) -> Iterator[Said]:
    """The lines of an event of the response."""
    yield from _of_triage(state, event)
    yield from _of_team(state, event)
    yield from _of_inquiry(state, event)
    yield from _of_procedure(state, event)
    yield from _of_updates(event)


def _of_triage(state: State, event: Event) -> Iterator[Said]:
    match event:
        case FindingRaised():
            found = event.finding
            role = CONFIDENCE_ROLES[found.confidence]
            yield "finding", role, f"finding: {found.title} ({found.confidence} confidence)"
        case FindingUpdated():
            known = state.findings.standing.get(event.finding.key)
            if known is None or known.finding.title != event.finding.title:
                yield "finding", "info", f"finding now: {event.finding.title}"
        case FindingWithdrawn():
            known = state.findings.standing.get(event.key)
            if known is not None:
                how = "refuted" if event.refuted else "over"
                yield "finding", "info", f"finding {how}: {known.finding.title}: {event.reason}"
        case ClockBreached():
            yield "clock", "critical", str(event.text)
        case _:
            return


def _of_team(state: State, event: Event) -> Iterator[Said]:
    match event:
        case RoleTaken():
            yield "role", "info", f"{event.person} is {event.role}" + _why(event.reason)
        case RoleLeft():
            yield "role", "warning", f"nobody is {event.role}: {event.reason}"
        case HandoffOffered():
            words = f"{event.handoff}: {event.giver} offers {event.role} to {event.taker}"
            yield "role", "info", words
        case HandoffAcknowledged():
            known = state.team.handoffs.get(event.handoff)
            if known is not None:
                done = {*known.acknowledged, event.side} >= {"giver", "taker"}
                who = known.taker if event.side == "taker" else known.giver
                one = " (giver and taker are one login)" if known.taker == known.giver else ""
                now = f"; {known.taker} is {known.role}" if done else ""
                words = f"{event.handoff} acknowledged by {who} as {event.side}{one}{now}"
                yield "role", "ok" if done else "info", words
        case HandoffDeclined():
            why = f": {event.reason}" if event.reason else ""
            yield "role", "warning", f"{event.handoff} declined{why}"
        case _:
            return


def _of_inquiry(state: State, event: Event) -> Iterator[Said]:
    match event:
        case HypothesisRaised():
            yield "hypothesis", "info", f"{event.hypothesis} perhaps: {event.text}"
        case HypothesisSupported() | HypothesisEliminated():
            known = state.inquiry.hypotheses.get(event.hypothesis)
            text = f" {known.text}" if known else ""
            supported = isinstance(event, HypothesisSupported)
            word, role = ("supported", "ok") if supported else ("eliminated", "muted")
            yield "hypothesis", role, f"{event.hypothesis}{text}: {word}, {event.evidence}"
        case DecisionMade():
            asked = f" (asked: {', '.join(event.asked)})" if event.asked else ""
            yield "decision", "accent", f"{event.decision} decided: {event.text}{asked}"
        case ObjectionRaised():
            yield "decision", "warning", f"objection to {event.decision}: {event.text}"
        case EvidencePinned():
            yield "evidence", "accent", f"pinned: {event.text}"
        case TaskCreated():
            who = f" ({event.owner})" if event.owner else ""
            yield "task", "info", f"{event.task} to do afterwards: {event.text}{who}"
        case TaskFinished():
            how = f"dropped: {event.dropped}" if event.dropped else "done"
            yield "task", "muted" if event.dropped else "ok", f"{event.task} {how}"
        case ReviewScheduled():
            yield "task", "info", f"post-mortem on {event.at:%Y-%m-%d %H:%M}Z"
        case _:
            return


def _of_procedure(state: State, event: Event) -> Iterator[Said]:
    match event:
        case ItemTicked() | ItemSkipped() | ItemReopened():
            known = state.procedure.items.get(event.item)
            if known is None:
                return
            text = known.item.text
            match event:
                case ItemTicked():
                    yield "checklist", "ok", f"done: {text}: {event.evidence}"
                case ItemSkipped():
                    yield "checklist", "muted", f"skipped: {text}: {event.reason}"
                case ItemReopened():
                    yield "checklist", "warning", f"not done: {text}" + _why(event.reason)
        case BookOpened():
            for trouble in event.troubles:
                yield "room", "warning", f"not used: {trouble}"
        case RunbookStarted():
            yield "runbook", "accent", f"{event.run} started: {event.title}"
        case RunbookStepEnded():
            run = state.procedure.runs.get(event.run)
            title = run.steps[event.step].step.title if run and 0 <= event.step < len(run.steps) else ""
            words = f"{event.run} step {event.step + 1} {title}: {event.result}"
            yield "runbook", RESULT_ROLES[event.result], words + _why(event.detail)
        case RunbookEnded():
            yield (
                "runbook",
                RESULT_ROLES[event.result],
                f"{event.run} ended: {event.result}" + _why(event.detail),
            )
        case _:
            return


def _why(reason: str) -> str:
    return f": {reason}" if reason else ""


def _of_updates(event: Event) -> Iterator[Said]:
    match event:
        case UpdatePromised():
            yield "update", "info", f"next update promised for {event.due:%H:%M}Z"
        case UpdateWritten():
            first, _, _ = event.text.partition("\n")
            where = ", ".join(event.targets) or "nobody"
            yield "update", "accent", f"{event.update} to {where}: {first}"
        case UpdateSent():
            tries = f" at attempt {event.attempt}" if event.attempt > 1 else ""
            yield "update", "ok", f"{event.update} taken by {event.target}{tries}"
        case UpdateNotSent():
            how = "given up" if event.given_up else "will be tried again"
            words = f"{event.update} not taken by {event.target} at attempt {event.attempt}, {how}"
            if event.unknown:
                how = "not sent again" if event.retry_ms is None else "sent again as the same update"
                words = f"{event.update} may have arrived at {event.target}, {how}"
            yield "update", "critical" if event.given_up else "warning", f"{words}: {event.reason}"
        case _:
            return
