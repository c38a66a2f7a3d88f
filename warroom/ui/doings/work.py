"""What can be done to findings, runbooks, actions and updates; most of it goes on in a dialog of its own."""

from collections.abc import Iterator

from warroom.model.nouns import Person
from warroom.state.slices import Action, State
from warroom.ui.doings.doing import Doing
from warroom.views.runbooks import place_words

ONE_LOGIN = "you asked for it yourself; another operating-system user must agree (one login is one person)"
STARTED = ("approved", "started", "succeeded", "unknown")
"""Stages at which an action can still be cancelled between two of its steps."""


def finding_doings(state: State, key: str) -> Iterator[Doing]:
    """Its runbook, what it proposes, raise it, declare by it."""
    standing = state.findings.standing.get(key)
    if standing is None:
        return
    found, incident = standing.finding, state.incident.incident
    declared = incident is not None and incident.open
    if not declared:
        severity = found.severity or "SEV3"
        number = severity.removeprefix("SEV")
        asks = "severity (1 to 4), then the title"
        yield Doing("declare", f"declare an incident: {severity}", asks, f"{number} {found.title}")
    if found.runbook:
        follows = [r for r in state.procedure.runs.values() if r.finding == key and r.result is None]
        refused = f"{follows[0].run} follows it already" if follows else ""
        yield Doing("runbook", f"start the runbook {found.runbook}, with its targets", refused=refused)
    for place, proposal in enumerate(found.proposals):
        if proposal.request is not None:
            yield Doing(f"plan {place}", f"plan: {proposal.text}")
    if incident is not None:
        yield Doing("hypothesis", "raise it as a hypothesis", "what may it be?", str(found.title))
        yield Doing("pin", "pin it as evidence", "what does it show?", str(found.title))


def book_doings(name: str) -> Iterator[Doing]:
    """Start it, on what was found or on what is named."""
    asks = "on which nodes or workloads, by name; or nothing"
    yield Doing("start", f"start the runbook {name}", asks, needs_words=False)


def run_doings(state: State, name: str) -> Iterator[Doing]:
    """Go on, skip the step, give it up."""
    run = state.procedure.runs.get(name)
    if run is None or run.result is not None:
        return
    if run.at is not None:
        yield Doing("go on", f"go on: {place_words(run)}")
        yield Doing("skip", "skip this step", "why?")
    yield Doing("give up", "give the runbook up", "why?")


def action_doings(state: State, you: Person, name: str) -> Iterator[Doing]:
    """Agree, refuse, override, cancel, take back: what is possible at its stage."""
    action = state.actions.actions.get(name)
    if action is None:
        return
    if action.stage == "waiting":
        yield Doing("approve", "agree, as the second person", refused=ONE_LOGIN if _own(action, you) else "")
        words = "withdraw it" if _own(action, you) else "refuse it"
        yield Doing("refuse", words, "why? (or nothing)", needs_words=False)
        yield Doing("override", "do it without the second person: loud and recorded", "why can it not wait?")
    elif action.stage in STARTED:
        yield Doing("cancel", "send no further step", "why? (or nothing)", needs_words=False)
    if action.stage in ("succeeded", "verified", "unknown") and not action.undoes:
        yield Doing("undo", "take it back")


def _own(action: Action, you: Person) -> bool:
    if you.uid is None or action.person.uid is None:
        return you.name == action.person.name
    return you.uid == action.person.uid


def promise_doings() -> Iterator[Doing]:
    """Promise the next update."""
    yield Doing(
        "promise", "promise the next update without sending one", "in how long: 30m", "30m", replaced=True
    )


def update_doings() -> Iterator[Doing]:
    """Write one."""
    yield Doing("write", "write an update to those who wait")
