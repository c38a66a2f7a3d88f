"""The search for the cause and what is left to do: hypotheses, decisions, tasks, pinned evidence."""

from warroom.model.response import HypothesisState
from warroom.state.inquiry import Decision, Evidence, Hypothesis, Task
from warroom.state.slices import State
from warroom.views.lines import line
from warroom.views.rows import Cell, Column, Entry, Line, Row

MEANINGS = {
    HypothesisState.OPEN: "warning",
    HypothesisState.SUPPORTED: "ok",
    HypothesisState.ELIMINATED: "muted",
}
HYPOTHESES = (
    Column("", 4, priority=9),
    Column("STATE", 10, priority=9),
    Column("BY", 10, priority=5),
    Column("HYPOTHESIS", 44, priority=9),
    Column("EVIDENCE", None, priority=7),
)
DECISIONS = (
    Column("", 4, priority=9),
    Column("TIME", 9, priority=6),
    Column("BY", 10, priority=7),
    Column("DECISION", 44, priority=9),
    Column("ASKED, OBJECTIONS", None, priority=7),
)
TASKS = (
    Column("", 4, priority=9),
    Column("STATE", 8, priority=9),
    Column("KIND", 8, priority=5),
    Column("OWNER", 12, priority=7),
    Column("DUE", 10, priority=6),
    Column("TASK", None, priority=9),
)


def hypothesis_rows(state: State) -> list[Row]:
    """One row a hypothesis, with all that speaks for and against it."""
    return [
        Row(
            name,
            (
                Cell(name, "accent"),
                Cell(one.state.value, MEANINGS[one.state]),
                Cell(str(one.by.name), "muted"),
                Cell(_flat(one.text), "text"),
                Cell(_flat("; ".join(_evidence(e.text, e.seqs) for e in one.evidence)), "muted"),
            ),
            MEANINGS[one.state],
        )
        for name, one in state.inquiry.hypotheses.items()
    ]


def decision_rows(state: State) -> list[Row]:
    """One row a decision, with who was asked and what was said against it."""
    return [
        Row(
            name,
            (
                Cell(name, "accent"),
                Cell(f"{one.time:%H:%M:%S}Z", "muted"),
                Cell(str(one.by.name), "muted"),
                Cell(_flat(one.text), "text"),
                Cell(
                    _flat("; ".join([*(f"asked {who}" for who in one.asked), *_against(one.objections)])),
                    "warning" if one.objections else "muted",
                ),
            ),
            "warning" if one.objections else "text",
        )
        for name, one in state.inquiry.decisions.items()
    ]


def task_rows(state: State) -> list[Row]:
    """One row a task."""
    rows = []
    for name, one in state.inquiry.tasks.items():
        how = "open" if one.finished is None else "dropped" if one.dropped else "done"
        role = {"open": "warning", "dropped": "muted", "done": "ok"}[how]
        why = f" (dropped: {one.dropped})" if one.dropped else ""
        cells = (
            Cell(name, "accent"),
            Cell(how, role),
            Cell(one.kind or "—", "muted"),
            Cell(str(one.owner) or "—", "text"),
            Cell(f"{one.due:%Y-%m-%d}" if one.due else "—", "muted"),
            Cell(_flat(f"{one.text}{why}"), "text"),
        )
        rows.append(Row(name, cells, role))
    return rows


def _against(objections: tuple[Evidence, ...]) -> list[str]:
    return [f"{o.by.name} objects: {o.text}" for o in objections]


def _evidence(text: str, seqs: tuple[int, ...]) -> str:
    return f"{text} {' '.join(f'#{seq}' for seq in seqs)}".strip()


def _flat(text: str) -> str:
    return text.replace("\n", " ")


def inquiry_entries(state: State) -> list[Entry]:
    """Hypotheses, decisions, tasks, the review and what was pinned; each kind begins with how one is added."""
    inquiry = state.inquiry
    entries = [_new("hypothesis", "raise a hypothesis: what may it be?")]
    entries += [Entry(f"hypothesis:{name}", _hypothesis(one)) for name, one in inquiry.hypotheses.items()]
    entries.append(_new("decision", "note a decision"))
    entries += [Entry(f"decision:{name}", _decision(one)) for name, one in inquiry.decisions.items()]
    entries.append(_new("task", "create a follow-up task"))
    entries += [Entry(f"task:{name}", (_task(one),)) for name, one in inquiry.tasks.items()]
    review = inquiry.review
    said = f"{review.at:%Y-%m-%d %H:%M}Z {review.place}".strip() if review else "not scheduled"
    entries.append(
        Entry("review", (line(("post-mortem review  ", "muted"), (said, "ok" if review else "warning")),))
    )
    return entries + [_pinned(one) for one in inquiry.pinned]


def _new(kind: str, words: str) -> Entry:
    return Entry(f"new:{kind}", (line((f"+ {words}", "accent")),))


def _hypothesis(one: Hypothesis) -> tuple[Line, ...]:
    role = MEANINGS[one.state]
    head = line(
        (f"  {one.hypothesis} ", "accent"),
        (f"{one.state.value}  ", role),
        (_flat(one.text), "text"),
        (f"  {one.by.name}", "muted"),
    )
    return (head, *(line((f"       {_flat(_evidence(e.text, e.seqs))}", "muted")) for e in one.evidence))


def _decision(one: Decision) -> tuple[Line, ...]:
    asked = f"  asked {', '.join(one.asked)}" if one.asked else ""
    head = line(
        (f"  {one.decision} ", "accent"),
        (f"{one.time:%H:%M:%S}Z ", "muted"),
        (_flat(one.text), "text"),
        (f"  {one.by.name}{asked}", "muted"),
    )
    return (head, *(line((f"       {_flat(words)}", "warning")) for words in _against(one.objections)))


def _task(one: Task) -> Line:
    how = "open" if one.finished is None else "dropped" if one.dropped else "done"
    role = {"open": "warning", "dropped": "muted", "done": "ok"}[how]
    more = [str(one.owner), f"due {one.due:%Y-%m-%d}" if one.due else "", str(one.dropped)]
    return line(
        (f"  {one.task} ", "accent"),
        (f"{how}  ", role),
        (_flat(one.text), "text"),
        (_flat("".join(f"  {part}" for part in more if part)), "muted"),
    )


def _pinned(one: Evidence) -> Entry:
    words = _flat(_evidence(one.text, one.seqs))
    return Entry("", (line(("⚑ ", "info"), (words, "text"), (f"  {one.by.name}", "muted")),))
