"""The whole record as one JSON object, streamed event by event."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from warroom.errors import UNDECODABLE
from warroom.events.envelope import Envelope
from warroom.postmortem.document import ExportHeader, build

_encoder = msgspec.json.Encoder()


def record_json(envelopes: Callable[[], Iterator[Envelope]], header: ExportHeader) -> Iterator[bytes]:
    """``{"format": 1, "header": ..., "document": ..., "events": [...]}``; an event's data as its own fields.

    ``envelopes`` is called twice, so that nothing is held in memory.
    """
    yield b'{"format":1,"header":' + _encoder.encode(header)
    yield b',"document":' + _encoder.encode(build(envelopes(), header)) + b',"events":[\n'
    for number, envelope in enumerate(envelopes()):
        yield (b",\n" if number else b"") + _encoder.encode(_plain(envelope))
    yield b"\n]}\n"


def _plain(envelope: Envelope) -> dict[str, Any]:
    try:
        data: Any = msgspec.msgpack.decode(envelope.data)
    except UNDECODABLE:
        data = {"unreadable": bytes(envelope.data).hex()}
    return {
        "seq": envelope.seq,
        "room_ms": envelope.room_ms,
        "time": envelope.time,
        "observed_time": envelope.observed_time,
        "source": envelope.source,
        "actor": envelope.actor,
        "type": envelope.type,
        "version": envelope.version,
        "data": data,
    }
