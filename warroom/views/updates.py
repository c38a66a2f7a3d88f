"""Updates to those who wait: what was said, where it arrived, when the next is due."""

from datetime import datetime

from warroom.model.response import DeliveryState
from warroom.state.slices import State
from warroom.state.updates import Delivery, Update
from warroom.views.ages import age
from warroom.views.lines import line
from warroom.views.rows import Entry, Line

MARKS = {
    DeliveryState.WAITING: ("◌", "info"),
    DeliveryState.SENT: ("✔", "ok"),
    DeliveryState.FAILED: ("✖", "critical"),
    DeliveryState.UNKNOWN: ("?", "unknown"),
}


def update_entries(state: State, now: datetime) -> list[Entry]:
    """The promise, where updates go, and each update with what became of it, the newest first."""
    targets = ", ".join(state.procedure.update_targets) or "nowhere: no [update.NAME] table in the config"
    entries = [
        Entry("new:update", (line(("+ write an update", "accent"), (f"  goes to {targets}", "muted")),)),
        Entry("promise", (promise_line(state, now),)),
    ]
    every = reversed(state.updates.updates.values())
    return entries + [Entry(f"update:{one.update}", tuple(update_lines(one))) for one in every]


def promise_line(state: State, now: datetime) -> Line:
    """When the next update is due, and how late it is."""
    due = state.updates.due
    if due is None:
        return line(("next update: none is promised", "muted"))
    late = due <= now
    span = age(now - due if late else due - now, seconds=True)
    return line(
        ("next update ", "muted"),
        (f"{due:%H:%M:%S}Z, {span} late" if late else f"{due:%H:%M:%S}Z, in {span}", "critical" if late else "text"),
    )  # fmt: skip


def update_lines(one: Update) -> list[Line]:
    """One update: its head, what became of it at each target, its words."""
    late = one.promised is not None and one.written > one.promised
    promised = f", promised for {one.promised:%H:%M:%S}Z" if one.promised is not None else ""
    lines = [
        line(
            (f"{one.update} {one.kind} {one.written:%H:%M:%S}Z ", "accent"),
            (f"by {one.by.name}{promised}", "warning" if late else "muted"),
        )
    ]
    lines += [_delivery(name, delivery) for name, delivery in one.deliveries.items()]
    return lines + [line((f"    {words}", "text")) for words in str(one.text).split("\n")]


def _delivery(target: str, delivery: Delivery) -> Line:
    glyph, role = MARKS[delivery.state]
    tries = f", attempt {delivery.attempts}" if delivery.attempts > 1 else ""
    words = f"  {glyph} {target}: {delivery.state.value}{tries}"
    return line((words, role), (f"  {delivery.detail}".replace("\n", " ").rstrip(), "muted"))
