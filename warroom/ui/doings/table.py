"""Every kind of entry with what can be done to it."""

from datetime import datetime

from warroom.errors import WarroomError
from warroom.model.commands import Command
from warroom.model.nouns import Person
from warroom.model.response_commands import PromiseUpdate
from warroom.model.times import parse_duration
from warroom.state.slices import State
from warroom.ui.doings import incident, inquiry, work
from warroom.ui.doings.doing import Doing

QUICK = {
    "tick": {"item": "tick", "role": "take", "handoff": "acknowledge", "task": "done"},
    "skip": {"item": "skip", "task": "drop", "run": "skip", "hypothesis": "eliminate", "action": "refuse"},
}
"""What Space and - do to an entry of a kind."""


def split(key: str) -> tuple[str, str]:
    """``item:alerts`` as kind and name."""
    kind, _, name = key.partition(":")
    return kind, name


def doings(state: State, you: Person, key: str) -> list[Doing]:
    """What can be done to an entry, the usual first."""
    kind, name = split(key)
    match kind:
        case "phase":
            return list(incident.phase_doings(state))
        case "milestone":
            return list(incident.milestone_doings(name))
        case "role":
            return list(incident.role_doings(state, you, name))
        case "handoff":
            return list(incident.handoff_doings(state, you, name))
        case "item":
            return list(incident.item_doings(state, name))
        case "new":
            return list(work.update_doings()) if name == "update" else [inquiry.NEW[name]]
        case "hypothesis":
            return list(inquiry.hypothesis_doings())
        case "decision":
            return list(inquiry.decision_doings())
        case "task":
            return list(inquiry.task_doings(state, name))
        case "review":
            return list(inquiry.review_doings())
        case _:
            return _works(state, you, kind, name)


def _works(state: State, you: Person, kind: str, name: str) -> list[Doing]:
    match kind:
        case "finding":
            return list(work.finding_doings(state, name))
        case "book":
            return list(work.book_doings(name))
        case "run":
            return list(work.run_doings(state, name))
        case "action":
            return list(work.action_doings(state, you, name))
        case "promise":
            return list(work.promise_doings())
        case _:
            return []


def quick(state: State, you: Person, key: str, way: str) -> Doing | None:
    """What Space (``tick``) or - (``skip``) does to an entry; None for nothing."""
    wanted = QUICK[way].get(split(key)[0])
    return next((d for d in doings(state, you, key) if d.id == wanted), None)


def command_of(key: str, doing: Doing, answer: str, now: datetime) -> Command:
    """The command a choice becomes; raises ``WarroomError`` for an answer that cannot be read."""
    kind, name = split(key)
    match kind:
        case "phase":
            return incident.phase_command(doing, answer)
        case "milestone":
            return incident.milestone_command(name, answer, now)
        case "role":
            return incident.role_command(name, doing, answer)
        case "handoff":
            return incident.handoff_command(name, doing, answer)
        case "item":
            return incident.item_command(name, doing, answer)
        case "new":
            return inquiry.created(name, answer, now)
        case "hypothesis":
            return inquiry.judged(name, doing, answer)
        case "decision":
            return inquiry.objected(name, doing, answer)
        case "task":
            return inquiry.finished(name, doing, answer)
        case "review":
            return inquiry.scheduled(answer, now)
        case "promise":
            return PromiseUpdate(parse_duration(answer).total_seconds())
        case _:
            raise WarroomError("nothing can be done to that")
