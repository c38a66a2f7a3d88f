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
from warroom.events.incident import IncidentDeclared, IncidentEvent
from warroom.events.inquiry import InquiryEvent
from warroom.events.logs import LogsAppended
from warroom.events.metrics import MetricEvent
from warroom.events.procedure import ProcedureEvent
from warroom.events.room import BaselineRecorded, RoomEvent, RoomOpened
from warroom.events.sources import SourceAnnounced, SourceEvent, SourceLost, SourceStale
from warroom.events.team import TeamEvent
from warroom.events.triage import TriageEvent
from warroom.events.updates import UpdateEvent
from warroom.state import keyframe
from warroom.state.changes import note_changes, note_logged
from warroom.state.filed import FiledSlice, apply_filed
from warroom.state.findings import FindingsSlice, apply_triage
from warroom.state.incident import apply_incident
from warroom.state.inquiry import InquirySlice, apply_inquiry
from warroom.state.people import apply_actions, apply_room
from warroom.state.procedure import ProcedureSlice, apply_procedure
from warroom.state.signals import apply_signals
from warroom.state.slices import State
from warroom.state.spells import note_alert_spells, note_indicator_spells
from warroom.state.team import TeamSlice, apply_team
from warroom.state.telemetry import (
    apply_alerts,
    apply_cluster,
    apply_logs,
    apply_metrics,
    apply_sources,
    not_seen_yet,
    seen,
)
from warroom.state.timeline import note_made, note_moments
from warroom.state.updates import UpdatesSlice, apply_updates

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


def _begin_anew(state: State, event: Event) -> None:
    """A second incident of the room starts without the people, theories and lists of the one before."""
    before = state.incident.incident
    if not isinstance(event, IncidentDeclared) or before is None or before.open:
        return
    state.team = TeamSlice(revision=state.team.revision + 1)
    state.inquiry = InquirySlice(revision=state.inquiry.revision + 1)
    kept = state.procedure
    state.procedure = ProcedureSlice(kept.revision + 1, kept.runbooks, kept.update_targets, kept.troubles)
    state.updates = UpdatesSlice(revision=state.updates.revision + 1)
    state.filed = FiledSlice(revision=state.filed.revision + 1)
    state.findings = FindingsSlice(state.findings.revision + 1, dict(state.findings.standing))


def _dispatch(state: State, family: Family, envelope: Envelope, event: Event) -> None:
    match family:
        case Family.ROOM:
            apply_room(state.room, cast(RoomEvent, event), envelope)
            if isinstance(event, RoomOpened) and event.after_crash:
                not_seen_yet(state.sources, envelope)
        case Family.SOURCES:
            apply_sources(state.sources, cast(SourceEvent, event), envelope)
        case Family.CLUSTER:
            note_made(state, envelope, note_changes(state.changes, state.cluster, event, envelope))
            apply_cluster(state.cluster, cast(ClusterEvent, event))
        case Family.ALERTS:
            note_alert_spells(state.spells, state.alerts, event, envelope)
            apply_alerts(state.alerts, cast(AlertEvent, event), envelope)
        case Family.METRICS:
            note_indicator_spells(state.spells, state.metrics, event, envelope)
            apply_metrics(state.metrics, cast(MetricEvent, event), envelope.seq)
        case Family.LOGS:
            apply_logs(state.logs, cast(LogsAppended, event))
            made = apply_signals(state.signals, cast(LogsAppended, event), envelope)
            note_made(state, envelope, note_logged(state.changes, state.cluster, made, envelope))
        case Family.ACTIONS:
            apply_actions(state.actions, cast(ActionEvent, event), envelope)
        case Family.INCIDENT:
            _begin_anew(state, event)
            apply_filed(state.filed, event, envelope)
            apply_incident(state.incident, cast(IncidentEvent, event), envelope)
        case Family.TRIAGE:
            apply_triage(state.findings, cast(TriageEvent, event), envelope)
        case Family.TEAM:
            apply_team(state.team, cast(TeamEvent, event), envelope)
        case Family.INQUIRY:
            apply_inquiry(state.inquiry, cast(InquiryEvent, event), envelope)
        case Family.PROCEDURE:
            apply_procedure(state.procedure, cast(ProcedureEvent, event), envelope)
        case Family.UPDATES:
            apply_updates(state.updates, cast(UpdateEvent, event), envelope)
        case _ as forgotten:
            assert_never(forgotten)
    if family in OBSERVED and envelope.actor is None and not isinstance(event, NOT_A_LOOK):
        seen(state.sources, envelope)
