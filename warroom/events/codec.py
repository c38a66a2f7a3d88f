"""From events to stored bytes and back; knows every event type, its family and its versions."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, get_args

import msgspec

from warroom.errors import UNDECODABLE, Unreadable
from warroom.events.actions import ActionEvent
from warroom.events.alerts import AlertEvent
from warroom.events.base import Event
from warroom.events.cluster import ClusterEvent
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentEvent
from warroom.events.inquiry import InquiryEvent
from warroom.events.logs import LogsAppended
from warroom.events.metrics import MetricEvent
from warroom.events.procedure import ProcedureEvent
from warroom.events.room import RoomEvent
from warroom.events.sources import SourceEvent
from warroom.events.team import TeamEvent
from warroom.events.triage import TriageEvent
from warroom.events.updates import UpdateEvent


class Family(StrEnum):
    """The groups events are dispatched by; each has its slice of the state."""

    ROOM = "room"
    SOURCES = "sources"
    CLUSTER = "cluster"
    ALERTS = "alerts"
    METRICS = "metrics"
    LOGS = "logs"
    ACTIONS = "actions"
    INCIDENT = "incident"
    TRIAGE = "triage"
    TEAM = "team"
    INQUIRY = "inquiry"
    PROCEDURE = "procedure"
    UPDATES = "updates"


MEMBERS: Mapping[Family, tuple[type[Event], ...]] = {
    Family.ROOM: get_args(RoomEvent),
    Family.SOURCES: get_args(SourceEvent),
    Family.CLUSTER: get_args(ClusterEvent),
    Family.ALERTS: get_args(AlertEvent),
    Family.METRICS: get_args(MetricEvent),
    Family.LOGS: (LogsAppended,),
    Family.ACTIONS: get_args(ActionEvent),
    Family.INCIDENT: get_args(IncidentEvent),
    Family.TRIAGE: get_args(TriageEvent),
    Family.TEAM: get_args(TeamEvent),
    Family.INQUIRY: get_args(InquiryEvent),
    Family.PROCEDURE: get_args(ProcedureEvent),
    Family.UPDATES: get_args(UpdateEvent),
}
"""Every event type there is."""

TYPES: Mapping[str, tuple[Family, type[Event]]] = {
    cls.type: (family, cls) for family, classes in MEMBERS.items() for cls in classes
}

Upcaster = Callable[[dict[str, Any]], dict[str, Any]]
UPCASTERS: Mapping[tuple[str, int], Upcaster] = {}
"""(type, old version) -> one step to the next version."""

_encoder = msgspec.msgpack.Encoder()
_decoders = {name: msgspec.msgpack.Decoder(cls) for name, (_, cls) in TYPES.items()}
_envelope_decoder = msgspec.msgpack.Decoder(Envelope)


def family_of(type_name: str) -> Family | None:
    """The family of a stored type name; None for a stranger."""
    known = TYPES.get(type_name)
    return known[0] if known else None


def encode_event(event: Event) -> bytes:
    """An event as MessagePack."""
    return _encoder.encode(event)


_latest: tuple[Envelope | None, Event | None] = (None, None)
"""What was decoded last: the fold and the log's tail look at the same event one after the other."""


def decode_event(envelope: Envelope) -> Event | None:
    """The event inside an envelope; None when its type or version is unknown here.

    Raises ``Unreadable`` when the data does not fit the type.
    """
    global _latest
    known = TYPES.get(envelope.type)
    if known is None or envelope.version > known[1].version:
        return None
    before, decoded = _latest
    if before is envelope:
        return decoded
    try:
        if envelope.version == known[1].version:
            decoded = _decoders[envelope.type].decode(envelope.data)
        else:
            decoded = _upcast(envelope, known[1])
        _latest = envelope, decoded
        return decoded
    except (*UNDECODABLE, KeyError) as wrong:
        raise Unreadable(f"event {envelope.seq}", field=envelope.type, why=str(wrong)) from wrong


def _upcast(envelope: Envelope, cls: type[Event]) -> Event:
    raw: dict[str, Any] = msgspec.msgpack.decode(envelope.data)
    for version in range(envelope.version, cls.version):
        raw = UPCASTERS[(envelope.type, version)](raw)
    return msgspec.convert(raw, cls)


def encode_envelope(envelope: Envelope) -> bytes:
    """An envelope with its data, as MessagePack."""
    return _encoder.encode(envelope)


def decode_envelope(data: bytes) -> Envelope:
    """The envelope of ``encode_envelope``; raises ``Unreadable``."""
    try:
        return _envelope_decoder.decode(data)
    except UNDECODABLE as wrong:
        raise Unreadable("envelope", field="bytes", why=str(wrong)) from wrong
