"""The root of the fold: one event in, the state moved on. Does not wait, log, look at a clock or fail."""

from collections.abc import Iterable
from typing import assert_never, cast

from warroom.errors import Unreadable
from warroom.events.actions import ActionEvent
from warroom.events.alerts import AlertEvent
from warroom.events.base import Event
from warroom.events.cluster import ClusterEvent
from warroom.events.codec import Family, decode_event, family_of
from warroom.events.envelope import Envelope
from warroom.events.incident import IncidentEvent
from warroom.events.logs import LogsAppended
from warroom.events.metrics import MetricEvent
from warroom.events.room import BaselineRecorded, RoomEvent, RoomOpened
from warroom.events.sources import SourceAnnounced, SourceEvent, SourceLost, SourceStale
from warroom.state import keyframe
from warroom.state.people import apply_actions, apply_incident, apply_room
from warroom.state.slices import State
from warroom.state.telemetry import (
    apply_alerts,
    apply_cluster,
    apply_logs,
    apply_metrics,
    apply_sources,
    not_seen_yet,
    seen,
)
from warroom.state.timeline import note_moments

OBSERVED = frozenset({Family.CLUSTER, Family.ALERTS, Family.METRICS, Family.LOGS, Family.SOURCES})
NOT_A_LOOK = (LogsAppended, SourceAnnounced, SourceLost, SourceStale)
"""What shows nothing of the cluster: a line of a job's log is read even where its cluster no longer answers."""


def apply(state: State, envelope: Envelope) -> State:
    """Move the state on by one event and return it (a baseline replaces one that did not see all before it).

    An event at or before the state's position changes nothing; a stranger or a broken one moves only the
    position. Events that are missing are made up for by the next baseline.
    """
    if envelope.seq <= state.seq:
        return state
    state.missed += envelope.seq - state.seq - 1
    family = family_of(envelope.type)
    try:
        event = decode_event(envelope)
    except Unreadable:
        state.unreadable += 1
    else:
        if event is None or family is None:
            state.strangers += 1
        elif isinstance(event, BaselineRecorded) and (state.seq == 0 or state.missed):
            state = _from_baseline(state, event)
        else:
            note_moments(state, envelope, event)
            _dispatch(state, family, envelope, event)
    state.seq, state.room_ms, state.observed_time = envelope.seq, envelope.room_ms, envelope.observed_time
    return state


def _from_baseline(state: State, event: BaselineRecorded) -> State:
    try:
        return keyframe.decode(event.state)
    except Unreadable:
        state.unreadable += 1
        return state


def apply_all(state: State, envelopes: Iterable[Envelope]) -> State:
    """Fold many events."""
    for envelope in envelopes:
        state = apply(state, envelope)
    return state


def _dispatch(state: State, family: Family, envelope: Envelope, event: Event) -> None:
    match family:
        case Family.ROOM:
            apply_room(state.room, cast(RoomEvent, event), envelope)
            if isinstance(event, RoomOpened) and event.after_crash:
                not_seen_yet(state.sources, envelope)
        case Family.SOURCES:
            apply_sources(state.sources, cast(SourceEvent, event), envelope)
        case Family.CLUSTER:
            apply_cluster(state.cluster, cast(ClusterEvent, event))
        case Family.ALERTS:
            apply_alerts(state.alerts, cast(AlertEvent, event), envelope)
        case Family.METRICS:
            apply_metrics(state.metrics, cast(MetricEvent, event))
        case Family.LOGS:
            apply_logs(state.logs, cast(LogsAppended, event))
        case Family.ACTIONS:
            apply_actions(state.actions, cast(ActionEvent, event), envelope)
        case Family.INCIDENT:
            apply_incident(state.incident, cast(IncidentEvent, event), envelope)
        case _ as forgotten:
            assert_never(forgotten)
    if family in OBSERVED and envelope.actor is None and not isinstance(event, NOT_A_LOOK):
        seen(state.sources, envelope)
