"""No event type is forgotten: each has an example, a sentence or a reason for none, and its line in the docs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.events.any_event import EVENTS, enveloped, logs
from tests.events.events_page import PAGE, events_page
from tests.events.response_events import AFTER
from warroom.events.base import Event
from warroom.events.codec import MEMBERS, TYPES, UPCASTERS, decode_event
from warroom.events.envelope import Envelope
from warroom.events.room import ClientDetached
from warroom.model.text import Safe
from warroom.state.fold import apply, apply_all
from warroom.state.slices import State
from warroom.state.timeline import SILENT

ALL = tuple(cls for members in MEMBERS.values() for cls in members)


def subclasses(cls: type[Event]) -> set[type[Event]]:
    return {cls, *(deeper for sub in cls.__subclasses__() for deeper in subclasses(sub))}


def test_every_type_ever_defined_belongs_to_a_family() -> None:
    assert {cls for cls in subclasses(Event) if cls.type} == set(ALL)


def test_no_two_types_share_a_storage_name() -> None:
    assert len(TYPES) == len(ALL)


def test_every_type_has_an_example() -> None:
    assert set(EVENTS) == set(ALL)


def test_every_older_version_has_a_step_to_the_next() -> None:
    steps = {(cls.type, version) for cls in ALL for version in range(1, cls.version)}
    assert set(UPCASTERS) == steps


def test_silence_on_the_timeline_is_stated_for_types_that_exist() -> None:
    assert set(SILENT) <= set(TYPES)
    assert all(SILENT.values())


def lines_of(log: list[Envelope], event: Event) -> int:
    """How many lines an event brings after a log."""
    state = apply_all(State(), log)
    shown = state.timeline.older + len(state.timeline.moments)
    state = apply(state, enveloped(state.seq + 1, event, room_ms=state.room_ms, source="sample"))
    return state.timeline.older + len(state.timeline.moments) - shown


@pytest.mark.parametrize("cls", [cls for cls in ALL if cls.type in SILENT], ids=lambda cls: cls.type)
@given(data=st.data())
@settings(max_examples=20)
def test_a_silent_type_never_brings_a_line(cls: type[Event], data: st.DataObject) -> None:
    assert lines_of(data.draw(logs(most=6)), data.draw(EVENTS[cls])) == 0


@pytest.mark.parametrize("cls", [cls for cls in ALL if cls.type not in SILENT], ids=lambda cls: cls.type)
def test_every_other_type_has_a_sentence(cls: type[Event]) -> None:
    """Some example brings a line with words in it."""

    @given(st.tuples(*(EVENTS[before] for before in AFTER.get(cls, ()))), EVENTS[cls])
    @settings(max_examples=40, database=None)
    def collect(before: tuple[Event, ...], event: Event) -> None:
        log = [enveloped(seq, one, room_ms=seq) for seq, one in enumerate(before, 1)]
        found.append(lines_of(log, event))

    found: list[int] = []
    collect()
    assert any(found)


def test_who_merely_stops_looking_is_not_told_but_who_is_cut_off_is() -> None:
    assert lines_of([], ClientDetached("C1")) == 0
    assert lines_of([], ClientDetached("C1", Safe("its terminal did not answer"))) == 1


@given(st.sampled_from(list(EVENTS.values())).flatmap(lambda made: made))
def test_every_example_survives_its_storage(event: Event) -> None:
    assert decode_event(enveloped(1, event, room_ms=0)) == event


def test_the_page_about_events_says_what_the_types_say() -> None:
    said = PAGE.read_text(encoding="utf-8")
    assert said == events_page(), "run: python -m tests.events.events_page"
