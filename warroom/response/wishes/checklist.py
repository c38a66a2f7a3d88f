"""Wishes about the checklist: tick, skip, reopen an item, called by its id or its place."""

from collections.abc import Iterable
from typing import assert_never

from warroom.errors import Refused
from warroom.events.procedure import ItemReopened, ItemSkipped, ItemTicked
from warroom.model.nouns import Person
from warroom.model.response import ItemState
from warroom.model.response_commands import ReopenItem, SkipItem, TickItem
from warroom.model.text import Safe, neutral
from warroom.response.watching import Followed, Moment
from warroom.response.wishes.incident import incident_of
from warroom.state.procedure import Ticked
from warroom.state.slices import State

ChecklistWish = TickItem | SkipItem | ReopenItem


def grant_checklist(moment: Moment, command: ChecklistWish, person: Person) -> Iterable[Followed]:
    """The events that grant it; raises ``Refused``."""
    ticked = _item(moment.state, command.item)
    name, state = ticked.item.id, ticked.state
    match command:
        case TickItem():
            if state is ItemState.DONE:
                raise Refused(f"{name} is done already: {ticked.evidence}")
            return [Followed(ItemTicked(name, command.evidence or Safe(f"{person.name} says so")))]
        case SkipItem():
            if state is not ItemState.OPEN:
                raise Refused(f"{name} is {state} already; reopen it first")
            if not command.reason:
                raise Refused(f"say why {name} does not apply")
            return [Followed(ItemSkipped(name, command.reason))]
        case ReopenItem():
            if state is ItemState.OPEN:
                raise Refused(f"{name} is open")
            return [Followed(ItemReopened(name, command.reason))]
        case _ as forgotten:
            assert_never(forgotten)


def _item(state: State, called: str) -> Ticked:
    incident_of(state)
    items = state.procedure.items
    if called in items:
        return items[called]
    places = list(items.values())
    if called.isdecimal() and called.isascii() and 0 < int(called) <= len(places):
        return places[int(called) - 1]
    known = ", ".join(items) or "none: the room has no checklist"
    raise Refused(f"there is no item {neutral(called)}; there are: {known}")
