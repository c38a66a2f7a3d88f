"""Events as bytes: what goes in comes out, strangers keep theirs, and garbage is Unreadable and nothing else."""

import contextlib
import json
from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.events.any_event import STRANGERS, Stranger, any_event, enveloped, logs
from warroom.errors import Unreadable
from warroom.events.base import Event
from warroom.events.codec import TYPES, decode_envelope, decode_event, encode_envelope
from warroom.events.envelope import Envelope
from warroom.events.sources import SourcePolled
from warroom.host.protocol import Events, decode_body, encode_frame
from warroom.postmortem.document import ExportHeader
from warroom.postmortem.record_json import record_json
from warroom.recorder.rows import envelope_of, payload_of, row_of
from warroom.state import keyframe

HEADER = ExportHeader("i1", {}, 1, "00", 1)
DEEP = b"\x91" * 100_000 + b"\xc0"


@given(logs())
def test_an_envelope_comes_back_as_it_was_sent(log: list[Envelope]) -> None:
    for envelope in log:
        assert decode_envelope(encode_envelope(envelope)) == envelope


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda s: f"{s.type}-{s.version}")
def test_one_broken_event_spoils_no_batch(stranger: Stranger) -> None:
    log = [enveloped(1, stranger, room_ms=0), enveloped(2, SourcePolled(), room_ms=1)]
    again = decode_body(encode_frame(Events(1, log))[4:])
    assert isinstance(again, Events)
    assert again.envelopes == log


@given(logs())
def test_events_cross_the_socket_as_they_were_sent(log: list[Envelope]) -> None:
    frame = encode_frame(Events(1, log))
    assert int.from_bytes(frame[:4], "big") == len(frame) - 4
    again = decode_body(frame[4:])
    assert isinstance(again, Events)
    assert again.envelopes == log


@given(logs())
def test_a_row_of_the_recording_gives_back_its_event(log: list[Envelope]) -> None:
    for envelope in log:
        row = row_of(envelope)
        assert payload_of(row) == envelope.data
        assert envelope_of(row) == envelope


@pytest.mark.parametrize("stranger", STRANGERS, ids=lambda s: f"{s.type}-{s.version}")
def test_a_stranger_survives_the_export_of_the_whole_record(stranger: Stranger) -> None:
    envelope = enveloped(1, stranger, room_ms=5)
    exported = json.loads(b"".join(record_json(lambda: iter([envelope]), HEADER)))["events"][0]
    assert (exported["type"], exported["version"]) == (stranger.type, stranger.version)
    try:
        plain = msgspec.msgpack.decode(stranger.data)
    except (msgspec.MsgspecError, RecursionError):
        plain = {"unreadable": stranger.data.hex()}
    assert exported["data"] == plain


def test_an_unknown_type_or_version_is_a_stranger_not_an_error() -> None:
    assert decode_event(enveloped(1, Stranger("moon.rose", 1, b"\x80"), room_ms=0)) is None
    assert decode_event(enveloped(1, Stranger("note.added", 99, b"\x80"), room_ms=0)) is None


def read(decode: Callable[[], object]) -> None:
    """Bytes give a value or ``Unreadable``; anything else is the test's failure."""
    with contextlib.suppress(Unreadable):
        decode()


@given(st.binary(max_size=200), st.sampled_from(sorted(TYPES)), st.integers(-1, 3))
def test_garbage_gives_a_value_or_unreadable(garbage: bytes, name: str, version: int) -> None:
    read(lambda: decode_event(enveloped(1, Stranger(name, version, garbage), room_ms=0)))
    read(lambda: decode_envelope(garbage))
    read(lambda: keyframe.decode(garbage))
    read(lambda: decode_body(garbage))


@given(any_event, st.data())
def test_a_damaged_event_gives_a_value_or_unreadable(event: Event, data: st.DataObject) -> None:
    whole = bytearray(encode_envelope(enveloped(1, event, room_ms=0)))
    whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    read(lambda: decode_envelope(bytes(whole)))
    read(lambda: decode_event(decode_envelope(bytes(whole))))


@pytest.mark.parametrize(
    "decode",
    [
        decode_body,
        decode_envelope,
        keyframe.decode,
        lambda deep: decode_event(enveloped(1, Stranger("note.added", 1, deep), room_ms=0)),
    ],
    ids=["frame", "envelope", "keyframe", "event"],
)
@pytest.mark.parametrize(
    "deep", [DEEP, b"\x82\xa4text\xa1x\xa1z" + DEEP, b"\x82\xa4type\xa5hello\xa1z" + DEEP]
)
def test_bytes_nested_deeper_than_the_stack_end_nothing(
    decode: Callable[[bytes], object], deep: bytes
) -> None:
    read(lambda: decode(deep))
