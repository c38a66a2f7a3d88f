"""What can be done to phases, milestones, roles, handovers and items of the checklist."""

from collections.abc import Iterator
from datetime import datetime

from warroom.errors import WarroomError
from warroom.model.commands import Command
from warroom.model.nouns import Person, Phase
from warroom.model.response import ItemState, Milestone, Role
from warroom.model.response_commands import (
    AcknowledgeHandoff,
    DeclineHandoff,
    EnterPhase,
    LeaveRole,
    NoteMilestone,
    OfferHandoff,
    ReopenItem,
    SkipItem,
    TakeRole,
    TickItem,
)
from warroom.model.text import Safe, neutral
from warroom.model.times import parse_time
from warroom.response.phases import ORDER, between
from warroom.state.slices import State
from warroom.ui.doings.doing import Doing, said
from warroom.views.roles import NAMES, pending_offer


def phase_doings(state: State) -> Iterator[Doing]:
    """The next phase first; what is not proven for it wants a reason."""
    incident = state.incident.incident
    if incident is None:
        return
    at = ORDER.index(incident.phase)
    for phase in (*ORDER[at + 1 :], *reversed(ORDER[:at])):
        missing = [one.text for one in between(state, incident, phase) if not one.met]
        asks = f"not yet proven: {'; '.join(missing)}. Why go on all the same?" if missing else ""
        way = "go on to" if ORDER.index(phase) > at else "go back to"
        yield Doing(f"phase {phase}", f"{way} {phase}", asks)


def phase_command(doing: Doing, answer: str) -> Command:
    """Enter the phase."""
    return EnterPhase(Phase(doing.id.removeprefix("phase ")), said(answer, doing))


def milestone_doings(name: str) -> Iterator[Doing]:
    """Say when it was."""
    asks = "when (14:32, -5m, now), then ~ and how far that may be off, then how it is known: 14:32 ~2m dashboard"
    yield Doing("note", f"say when {name} was reached", asks, "now ")


def milestone_command(name: str, answer: str, now: datetime) -> Command:
    """The milestone at the time that was said."""
    when, _, rest = answer.strip().partition(" ")
    uncertain: float | None = None
    if rest.startswith("~"):
        span, _, rest = rest[1:].partition(" ")
        uncertain = (now - parse_time(f"-{span}", now)).total_seconds()
    time = parse_time(when or "now", now)
    return NoteMilestone(Milestone(name), time, neutral(rest.strip()), uncertain)


def role_doings(state: State, you: Person, name: str) -> Iterator[Doing]:
    """Take it, give it away, leave it."""
    role = Role(name)
    holder = state.team.roles.get(role)
    offer = pending_offer(state, role)
    if holder is None:
        yield Doing("take", f"be {NAMES[role]}")
        yield Doing("give", f"let somebody be {NAMES[role]}", "who, by the name of their login")
    elif holder.person == you.name:
        refused = f"{offer.handoff} offers it to {offer.taker} already" if offer else ""
        asks = "to whom, by the name of their login; both of you acknowledge the brief"
        yield Doing("offer", "hand it over, with a brief of how things stand", asks, refused=refused)
        yield Doing("leave", "leave it empty", "why?")
    else:
        asks = f"{holder.person} has it. Why do you take it without a handover?"
        yield Doing("overrule", f"take it from {holder.person}", asks)


def role_command(name: str, doing: Doing, answer: str) -> Command:
    """Take, offer or leave the role."""
    role, text = Role(name), said(answer, doing)
    match doing.id:
        case "offer":
            return OfferHandoff(role, text)
        case "leave":
            return LeaveRole(role, text)
        case "overrule":
            return TakeRole(role, overrule=text)
        case _:
            return TakeRole(role, person=text)


def handoff_doings(state: State, you: Person, name: str) -> Iterator[Doing]:
    """Acknowledge the brief, or leave the role where it is."""
    offer = state.team.handoffs.get(name)
    if offer is None or not offer.pending:
        return
    mine = [side for side, who in (("giver", offer.giver), ("taker", offer.taker)) if who == you.name]
    stranger = "" if mine else f"it is between {offer.giver} and {offer.taker}"
    done = all(side in offer.acknowledged for side in mine)
    yield Doing(
        "acknowledge",
        "I have read the brief",
        refused=stranger or ("you have acknowledged it; the other side has not" if done else ""),
    )
    yield Doing("decline", "leave the role where it is", "why? (or nothing)", "", stranger, needs_words=False)


def handoff_command(name: str, doing: Doing, answer: str) -> Command:
    """One side's word on a handover."""
    if doing.id == "acknowledge":
        return AcknowledgeHandoff(name)
    return DeclineHandoff(name, said(answer, doing))


def item_doings(state: State, name: str) -> Iterator[Doing]:
    """Tick or skip an open item, reopen another."""
    ticked = state.procedure.items.get(name)
    if ticked is None:
        return
    if ticked.state is ItemState.OPEN:
        yield Doing("tick", "it is done", "by which evidence? (or nothing)", needs_words=False)
        yield Doing("skip", "skip it", "why does it not apply?")
    else:
        yield Doing("reopen", "it is not done after all", "why? (or nothing)", needs_words=False)


def item_command(name: str, doing: Doing, answer: str) -> Command:
    """Tick, skip or reopen."""
    text = said(answer, doing)
    match doing.id:
        case "tick":
            return TickItem(name, text)
        case "skip":
            return SkipItem(name, text)
        case "reopen":
            return ReopenItem(name, text)
        case other:
            raise WarroomError(f"nothing is called {Safe(other)} here")
