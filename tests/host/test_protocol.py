"""Frames: what is written is read, and what is no frame is Unreadable, never more than it may be."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.host.rigs import MAYA
from warroom.errors import Unreadable
from warroom.host.protocol import (
    MOST_ASKED_BYTES,
    MOST_BYTES,
    PROTOCOL,
    Answer,
    Ask,
    Beat,
    Events,
    Frame,
    Hello,
    Refusal,
    Snapshot,
    Welcome,
    Wish,
    encode_frame,
    encode_value,
    read_frame,
)
from warroom.model.commands import AddNote, SearchLogs
from warroom.model.text import Safe

FRAMES: tuple[Frame, ...] = (
    Hello(PROTOCOL, "tui", "1", 80, 24, read_only=True),
    Refusal("no"),
    Welcome(PROTOCOL, "1", "r", 2, "C1", MAYA),
    Snapshot(2, 5, 1000, 4, b"state", []),
    Events(2, []),
    Beat(2, 5, 1000, 4),
    Ask(1, SearchLogs("x")),
    Wish(2, AddNote(Safe("a note"))),
    Answer(3, error="no"),
    Answer(4, encode_value({"a": 1})),
)


def stream(data: bytes) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    reader.feed_data(data)
    reader.feed_eof()
    return reader


async def test_every_frame_comes_back_as_it_was_sent() -> None:
    reader = stream(b"".join(map(encode_frame, FRAMES)))
    for sent in FRAMES:
        got = await read_frame(reader)
        assert type(got) is type(sent)
        assert encode_frame(got) == encode_frame(sent)  # type: ignore[arg-type]
    assert await read_frame(reader) is None


@pytest.mark.parametrize("cut", range(1, len(encode_frame(FRAMES[0]))))
async def test_a_stream_that_ends_within_a_frame_just_ends(cut: int) -> None:
    assert await read_frame(stream(encode_frame(FRAMES[0])[:cut])) is None


@pytest.mark.parametrize(
    ("most", "length"), [(MOST_BYTES, MOST_BYTES + 1), (MOST_ASKED_BYTES, MOST_ASKED_BYTES + 1)]
)
async def test_a_frame_over_the_limit_is_refused_before_any_of_it_is_read(most: int, length: int) -> None:
    reader = asyncio.StreamReader()
    reader.feed_data(length.to_bytes(4, "big"))
    with pytest.raises(Unreadable, match=f"{length} bytes, at most {most} are read"):
        await asyncio.wait_for(read_frame(reader, most), 5)


@given(st.binary(max_size=300))
def test_anything_is_a_frame_an_end_or_unreadable(garbage: bytes) -> None:
    async def read() -> None:
        reader = stream(len(garbage).to_bytes(4, "big") + garbage)
        try:
            await read_frame(reader)
        except Unreadable:
            return

    asyncio.run(read())


def test_the_frames_that_tell_versions_apart_never_change() -> None:
    assert encode_frame(Hello(7, version="x"))[4:] == b"\x83\xa4type\xa5hello\xa8protocol\x07\xa7version\xa1x"
    assert encode_frame(Refusal("no"))[4:] == b"\x82\xa4type\xa7refusal\xa6reason\xa2no"
