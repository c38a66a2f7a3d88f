"""The laws of the fold: whoever joins, resumes or comes late sees what everybody sees."""

from collections.abc import Sequence

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.events.any_event import EVENTS, STRANGERS, Stranger, any_event, enveloped, logs
from warroom.events.actions import ActionProposed
from warroom.events.base import Event
from warroom.events.envelope import Envelope
from warroom.events.incident import NoteAdded
from warroom.events.room import BaselineRecorded
from warroom.model.text import Safe
from warroom.state import keyframe
from warroom.state.fold import apply, apply_all
from warroom.state.slices import State
from warroom.state.still import still


def folded(log: Sequence[Envelope], onto: State | None = None) -> bytes:
    """The fold of a log, as bytes that can be compared."""
    return keyframe.encode(apply_all(onto or State(), log))


def copied(state: State) -> State:
    return keyframe.decode(keyframe.encode(state))


def but_for_its_place(state: State) -> State:
    """The state without what every event moves."""
    return msgspec.structs.replace(state, seq=0, room_ms=0, observed_time=None, unreadable=0, strangers=0)


@given(logs(), st.integers(0, 30))
def test_a_state_that_stands_still_is_changed_by_no_later_event(log: list[Envelope], cut: int) -> None:
    state = apply_all(State(), log[:cut])
    kept = still(state)
    before = keyframe.encode(kept)
    assert before == keyframe.encode(state)
    apply_all(state, log[cut:])
    assert keyframe.encode(kept) == before


@given(logs())
def test_resuming_at_any_cut_ends_where_the_whole_fold_ends(log: list[Envelope]) -> None:
    whole = folded(log)
    for cut in range(len(log) + 1):
        first = apply_all(State(), log[:cut])
        assert folded(log[cut:], copied(first)) == whole
        assert folded(log[cut:], first) == whole


@given(logs(), st.data())
def test_a_late_reader_with_a_snapshot_and_an_overlapping_stream_sees_the_same(
    log: list[Envelope], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(log)))
    overlap = data.draw(st.integers(0, cut))
    assert folded(log[overlap:], copied(apply_all(State(), log[:cut]))) == folded(log)


@given(logs(), logs())
def test_events_seen_before_change_nothing(log: list[Envelope], other: list[Envelope]) -> None:
    state = apply_all(State(), log)
    before = keyframe.encode(state)
    assert folded([e for e in other if e.seq <= state.seq], state) == before


@given(logs(most=15), st.sampled_from(STRANGERS))
def test_a_stranger_and_a_broken_event_move_nothing_but_the_position(
    log: list[Envelope], stranger: Stranger
) -> None:
    state = apply_all(State(), log)
    before = copied(state)
    envelope = enveloped(state.seq + 1, stranger, room_ms=state.room_ms + 7)
    after = apply(state, envelope)
    assert but_for_its_place(after) == but_for_its_place(before)
    assert (after.seq, after.room_ms) == (before.seq + 1, before.room_ms + 7)
    assert after.unreadable + after.strangers == before.unreadable + before.strangers + 1


@given(logs(most=15), any_event, st.data())
def test_a_damaged_payload_never_stops_the_fold(
    log: list[Envelope], event: Event, data: st.DataObject
) -> None:
    state = apply_all(State(), log)
    whole = enveloped(state.seq + 1, event, room_ms=state.room_ms)
    payload = bytearray(whole.data)
    for place, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(payload) - 1), st.integers(0, 255)), min_size=1, max_size=4)
    ):
        payload[place] = byte
    damaged = msgspec.structs.replace(whole, data=bytes(payload))
    assert apply(state, damaged).seq == whole.seq
    assert copied(state) == copied(copied(state))


@given(logs(), st.data())
def test_a_recording_that_begins_with_a_baseline_goes_on_as_the_whole_one(
    log: list[Envelope], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(log)))
    state = apply_all(State(), log[:cut])
    baseline = enveloped(state.seq + 1, BaselineRecorded(keyframe.encode(state)), room_ms=state.room_ms)
    rest = [msgspec.structs.replace(e, seq=e.seq + 1) for e in log[cut:]]
    assert folded([baseline, *rest]) == folded([*log[:cut], baseline, *rest])


@given(logs(), st.data())
def test_what_was_lost_on_the_way_is_made_up_for_by_the_next_baseline(
    log: list[Envelope], data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(log)))
    state = apply_all(State(), log[:cut])
    baseline = enveloped(state.seq + 1, BaselineRecorded(keyframe.encode(state)), room_ms=state.room_ms)
    rest = [msgspec.structs.replace(e, seq=e.seq + 1) for e in log[cut:]]
    kept = data.draw(st.lists(st.booleans(), min_size=cut, max_size=cut))
    with_holes = [envelope for envelope, keep in zip(log[:cut], kept, strict=True) if keep]
    assert folded([*with_holes, baseline, *rest]) == folded([*log[:cut], baseline, *rest])


def test_an_unreadable_baseline_leaves_a_hole_that_a_later_one_fills() -> None:
    def note(seq: int) -> Envelope:
        return enveloped(seq, NoteAdded(Safe(f"note {seq}")), room_ms=seq)

    whole = apply_all(State(), [note(1), note(2), note(3)])
    holed = apply_all(
        State(),
        [
            note(1),
            enveloped(3, BaselineRecorded(b"damaged"), room_ms=3),
            enveloped(4, BaselineRecorded(keyframe.encode(whole)), room_ms=4),
        ],
    )
    assert [moment.text for moment in holed.timeline.moments] == ["note 1", "note 2", "note 3"]
    assert holed.missed == 0


@pytest.mark.parametrize("cls", EVENTS, ids=lambda cls: cls.type)
@given(data=st.data())
def test_every_type_has_its_case_in_the_fold(cls: type[Event], data: st.DataObject) -> None:
    state = State()
    for event in (data.draw(EVENTS[ActionProposed]), data.draw(EVENTS[cls])):
        state = apply(state, enveloped(state.seq + 1, event, room_ms=state.seq, source="sample"))
    assert (state.seq, state.strangers) == (2, 0)
