"""The frames between host and client on the room's socket: length (4 bytes, big endian), then MessagePack."""

import asyncio
from typing import Union

import msgspec

from warroom.errors import UNDECODABLE, Unreadable
from warroom.events.envelope import Envelope
from warroom.model.commands import Command, Query
from warroom.model.nouns import Person, RecordedLine

PROTOCOL = 1
"""Grows when an older client could misunderstand a newer host or the other way round."""

MOST_BYTES = 64 * 1024 * 1024
"""Longest frame a client reads: a snapshot."""
MOST_ASKED_BYTES = 1024 * 1024
"""Longest frame a host reads: a command or a query."""


class Hello(msgspec.Struct, frozen=True, omit_defaults=True, tag="hello"):
    """A client's first frame. Its name and ``protocol`` field never change."""

    protocol: int
    program: str = "cli"
    version: str = ""
    width: int = 0
    height: int = 0
    read_only: bool = False
    """This client only looks; the host refuses whatever it wishes."""


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """The host lets this client not in; the reason is one sentence. Never changes either."""

    reason: str


class Welcome(msgspec.Struct, frozen=True, tag="welcome"):
    """The host's first frame to a client it admits."""

    protocol: int
    version: str
    room: str
    epoch: int
    client: str
    you: Person


class Snapshot(msgspec.Struct, frozen=True, tag="snapshot"):
    """The whole state; replaces whatever the client had."""

    epoch: int
    seq: int
    room_ms: int
    recorded_seq: int
    state: bytes
    log_tail: list[RecordedLine]


class Events(msgspec.Struct, frozen=True, tag="events"):
    """What happened since, in seq order."""

    epoch: int
    envelopes: list[Envelope]


class Beat(msgspec.Struct, frozen=True, tag="beat"):
    """The room's time and how far the record is, when nothing else tells it."""

    epoch: int
    seq: int
    room_ms: int
    recorded_seq: int


class Ask(msgspec.Struct, frozen=True, tag="ask"):
    """A query; answered by ``Answer`` with the same id."""

    id: int
    query: Query


class Wish(msgspec.Struct, frozen=True, tag="wish"):
    """A command; answered by ``Answer`` with the same id."""

    id: int
    command: Command


class Answer(msgspec.Struct, frozen=True, omit_defaults=True, tag="answer"):
    """The answer to a query or a command: a value, or one sentence why not."""

    id: int
    value: msgspec.Raw = msgspec.Raw(b"\xc0")
    error: str = ""


Frame = Union[Hello, Refusal, Welcome, Snapshot, Events, Beat, Ask, Wish, Answer]

_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Frame] = msgspec.msgpack.Decoder(Frame)


def encode_frame(frame: Frame) -> bytes:
    """A frame as it goes over the socket."""
    body = _encoder.encode(frame)
    return len(body).to_bytes(4, "big") + body


def encode_value(value: object) -> msgspec.Raw:
    """An answer's value."""
    return msgspec.Raw(_encoder.encode(value))


def decode_body(body: bytes) -> Frame:
    """A frame's body; raises ``Unreadable``."""
    try:
        return _decoder.decode(body)
    except UNDECODABLE as wrong:
        raise Unreadable("frame", field="body", why=str(wrong)) from wrong


async def read_frame(reader: asyncio.StreamReader, most: int = MOST_BYTES) -> Frame | None:
    """The next frame; None at the end of the stream. Raises ``Unreadable`` for anything else than frames."""
    try:
        length = int.from_bytes(await reader.readexactly(4), "big")
        if length > most:
            raise Unreadable("frame", field="length", why=f"{length} bytes, at most {most} are read")
        return decode_body(await reader.readexactly(length))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
