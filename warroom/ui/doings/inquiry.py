"""What can be done to hypotheses, decisions, tasks and the date of the review."""

from collections.abc import Iterator
from datetime import datetime

from warroom.errors import WarroomError
from warroom.model.commands import Command
from warroom.model.response_commands import (
    CreateTask,
    FinishTask,
    JudgeHypothesis,
    MakeDecision,
    RaiseHypothesis,
    RaiseObjection,
    ScheduleReview,
)
from warroom.model.text import Safe, neutral
from warroom.model.times import due_and_rest, parse_due
from warroom.state.slices import State
from warroom.ui.doings.doing import Doing, said, seqs_in

EVIDENCE = "by which evidence? #123 names an event of the timeline"
NEW = {
    "hypothesis": Doing("new", "raise a hypothesis", "what may it be?"),
    "decision": Doing(
        "new",
        "note a decision",
        "what is decided, then ? and who was asked for objections: move to rack 2 ? ana, ben",
    ),
    "task": Doing(
        "new", "create a follow-up task", "what is to be done, then @owner and +when: alert on the spare @ana +14d"
    ),
}  # fmt: skip


def hypothesis_doings() -> Iterator[Doing]:
    """What speaks for it, or that it is not this."""
    yield Doing("support", "this speaks for it", EVIDENCE)
    yield Doing("eliminate", "it is not this", EVIDENCE)


def decision_doings() -> Iterator[Doing]:
    """Speak against it."""
    yield Doing("object", "object to it", "what speaks against it?")


def task_doings(state: State, name: str) -> Iterator[Doing]:
    """Done, or dropped with a reason."""
    task = state.inquiry.tasks.get(name)
    if task is not None and task.finished is None:
        yield Doing("done", "it is done")
        yield Doing("drop", "it will not be done", "why?")


def review_doings() -> Iterator[Doing]:
    """Say when the post-mortem is to be talked about."""
    asks = "when, then where: +2d room 4, tomorrow 10:00 room 4, or 2026-01-31T14:00Z"
    yield Doing("schedule", "schedule the review", asks, "+2d", replaced=True)


def judged(name: str, doing: Doing, answer: str) -> Command:
    """A word on a hypothesis."""
    return JudgeHypothesis(name, doing.id == "support", said(answer, doing), seqs_in(answer))


def objected(name: str, doing: Doing, answer: str) -> Command:
    """A word against a decision."""
    return RaiseObjection(name, said(answer, doing))


def finished(name: str, doing: Doing, answer: str) -> Command:
    """The end of a task."""
    return FinishTask(name, said(answer, doing) if doing.id == "drop" else Safe(""))


def scheduled(answer: str, now: datetime) -> Command:
    """The review's date."""
    when, place = due_and_rest(answer, now)
    return ScheduleReview(when, neutral(place))


def created(kind: str, answer: str, now: datetime) -> Command:
    """A hypothesis, a decision or a task in one line."""
    said(answer, NEW[kind])
    match kind:
        case "hypothesis":
            return RaiseHypothesis(neutral(answer.strip()))
        case "decision":
            text, mark, asked = answer.rpartition(" ? ")
            names = [one.strip() for one in asked.split(",")] if mark else []
            words = text if mark else answer
            return MakeDecision(neutral(words.strip()), tuple(neutral(one) for one in names if one))
        case "task":
            return _task(answer, now)
        case _:
            raise WarroomError(f"nothing new is called {kind}")


def _task(answer: str, now: datetime) -> Command:
    words: list[str] = []
    owner, due = Safe(""), None
    for word in answer.split():
        if word.startswith("@") and len(word) > 1:
            owner = neutral(word[1:])
        elif word.startswith("+") and word[1:2].isdigit():
            due = parse_due(word, now)
        else:
            words.append(word)
    return CreateTask(neutral(" ".join(words)), "", owner, due)
