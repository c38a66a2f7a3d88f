"""Events as rows of the ``events`` table and back, with what the chain commits to."""

import hashlib
import os
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import msgspec
import zstandard

from warroom.errors import Unreadable
from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.model.nouns import Person

PLAIN, ZSTD, ERASED = 0, 1, 2
"""How a payload is packed."""
PACK_FROM = 400
"""Payloads of at least that many bytes are compressed; blocks of log lines always."""
SALT_BYTES = 16
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

_packer = zstandard.ZstdCompressor(level=1)
_unpacker = zstandard.ZstdDecompressor()
_person = msgspec.msgpack.Decoder(Person)
_encoder = msgspec.msgpack.Encoder()

COLUMNS = (
    "seq, room_ms, time, observed_time, source, actor, type, version, packing, payload, salt, commitment"
)
INSERT = f"INSERT INTO events ({COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?,?,?,?)"


class EventRow(NamedTuple):
    """One row of ``events``, in the order of ``COLUMNS``."""

    seq: int
    room_ms: int
    time: int
    observed_time: int
    source: str
    actor: bytes | None
    type: str
    version: int
    packing: int
    payload: bytes | None
    salt: bytes | None
    commitment: bytes


def micros(moment: datetime) -> int:
    """Microseconds since 1970."""
    return (moment - EPOCH) // MICROSECOND


def moment_of(count: int) -> datetime:
    """The time that many microseconds after 1970, UTC."""
    return EPOCH + timedelta(microseconds=count)


def row_of(envelope: Envelope) -> EventRow:
    """An event as a row, with a fresh salt."""
    payload = envelope.data
    salt = os.urandom(SALT_BYTES)
    packing = ZSTD if len(payload) >= PACK_FROM or envelope.type == LogsAppended.type else PLAIN
    return EventRow(
        envelope.seq,
        envelope.room_ms,
        micros(envelope.time),
        micros(envelope.observed_time),
        envelope.source,
        _encoder.encode(envelope.actor) if envelope.actor else None,
        envelope.type,
        envelope.version,
        packing,
        _packer.compress(payload) if packing == ZSTD else payload,
        salt,
        commitment(salt, payload),
    )


def payload_of(row: EventRow) -> bytes | None:
    """The payload; None when it was erased. Raises ``Unreadable``."""
    if row.packing == ERASED or row.payload is None:
        return None
    if row.packing == PLAIN:
        return row.payload
    try:
        return _unpacker.decompress(row.payload)
    except zstandard.ZstdError as wrong:
        raise Unreadable(f"event {row.seq}", field="payload", why=str(wrong)) from wrong


def envelope_of(row: EventRow) -> Envelope:
    """A row as an event; an erased one keeps its header and has an unknown type. Raises ``Unreadable``."""
    payload = payload_of(row)
    try:
        actor = _person.decode(row.actor) if row.actor else None
    except msgspec.MsgspecError as wrong:
        raise Unreadable(f"event {row.seq}", field="actor", why=str(wrong)) from wrong
    return Envelope(
        row.seq,
        row.room_ms,
        moment_of(row.time),
        moment_of(row.observed_time),
        row.source,
        actor,
        row.type if payload is not None else f"{row.type}.erased",
        row.version,
        payload if payload is not None else b"\x80",
    )


def commitment(salt: bytes, payload: bytes) -> bytes:
    """H(salt, payload): what the chain holds of a payload, so that both can be erased later."""
    return hashlib.sha256(salt + payload).digest()


def chained(head: bytes, rows: list[EventRow]) -> bytes:
    """h(n) = H(h(n-1), header and commitment of every event of the batch)."""
    digest = hashlib.sha256(head)
    for row in rows:
        header: list[Any] = [*row[:8]]
        packed = _encoder.encode(header)
        digest.update(len(packed).to_bytes(4, "big") + packed + row.commitment)
    return digest.digest()


START = hashlib.sha256(b"warroom recording").digest()
"""The head before the first batch of a recording that follows none."""
