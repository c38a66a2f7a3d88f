"""Any event of any type, and whole logs of them as a host writes them, strangers and broken ones included."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from hypothesis import strategies as st

from tests.events.response_events import RESPONSE_EVENTS, built
from tests.views.any_state import (
    START,
    action_names,
    capabilities,
    counts,
    ids,
    indicators,
    labels,
    lines,
    lists_of,
    loaded,
    names,
    people,
    prints,
    proposed,
    requests,
    safe,
    said,
    samples,
    silences,
)
from warroom.events.actions import (
    ActionApproved,
    ActionCancelled,
    ActionExpired,
    ActionFailed,
    ActionOverridden,
    ActionProgressed,
    ActionProposed,
    ActionReconciled,
    ActionRefused,
    ActionStarted,
    ActionSucceeded,
    ActionUnknown,
    ActionVerified,
    ApprovalRequested,
    GoalJudged,
)
from warroom.events.alerts import AlertAcknowledged, AlertsChanged, SilencesChanged
from warroom.events.base import Event
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.codec import encode_event
from warroom.events.envelope import Envelope
from warroom.events.incident import (
    IncidentDeclared,
    IncidentResolved,
    MarkerAdded,
    NoteAdded,
    QueryAnswered,
    SeverityChanged,
)
from warroom.events.logs import LogsAppended
from warroom.events.metrics import IndicatorsWatched, SeriesSampled
from warroom.events.room import (
    BaselineRecorded,
    ClientAttached,
    ClientDetached,
    RecorderDegraded,
    RecorderRecovered,
    RoomClosed,
    RoomLocked,
    RoomOpened,
    RoomUnlocked,
    SettingsNoted,
    SimulationCommanded,
)
from warroom.events.sources import SourceAnnounced, SourceLost, SourcePolled, SourceStale, SourceSynced
from warroom.model.nouns import Severity
from warroom.model.requests import Verdict
from warroom.state import keyframe
from warroom.state.fold import apply
from warroom.state.slices import State

flags = st.booleans()
clients = st.sampled_from(["C1", "C2"])


def some(of: st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(of, max_size=most).map(tuple)


EVENTS: Mapping[type[Event], st.SearchStrategy[Event]] = {
    RoomOpened: st.builds(
        RoomOpened,
        safe.map(str),
        safe.map(str),
        st.sampled_from(["sample", "configured"]),
        counts,
        st.just("1"),
    ),
    RoomClosed: st.builds(RoomClosed, safe),
    BaselineRecorded: st.builds(BaselineRecorded, st.binary(max_size=20)),
    ClientAttached: st.builds(ClientAttached, clients, st.just("tui"), counts, counts),
    ClientDetached: st.builds(ClientDetached, clients, safe),
    RoomUnlocked: st.builds(RoomUnlocked),
    RoomLocked: st.builds(RoomLocked),
    RecorderDegraded: st.builds(RecorderDegraded, safe),
    RecorderRecovered: st.builds(RecorderRecovered, counts, counts),
    SimulationCommanded: st.builds(SimulationCommanded, counts, safe.map(str), requests),
    SettingsNoted: st.builds(SettingsNoted, labels),
    SourceAnnounced: st.builds(
        SourceAnnounced,
        st.just("sample"),
        some(st.sampled_from(["cluster", "metrics", "alerts", "logs"]), 4),
        safe,
        st.floats(0.1, 600),
        st.lists(capabilities, max_size=3).map(tuple),
    ),
    SourceSynced: st.builds(SourceSynced, safe),
    SourcePolled: st.builds(SourcePolled),
    SourceStale: st.builds(SourceStale, safe),
    SourceLost: st.builds(SourceLost, safe, st.none() | st.floats(0, 600)),
    NodesChanged: st.builds(NodesChanged, lists_of["nodes"], some(names), flags),
    WorkloadsChanged: st.builds(WorkloadsChanged, lists_of["workloads"], some(ids), flags),
    InstancesChanged: st.builds(InstancesChanged, lists_of["instances"], some(ids), flags),
    AlertsChanged: st.builds(AlertsChanged, lists_of["alerts"], some(prints), flags),
    SilencesChanged: st.builds(
        SilencesChanged, st.lists(silences, max_size=2).map(tuple), some(st.sampled_from(["s1", "s2"]))
    ),
    AlertAcknowledged: st.builds(AlertAcknowledged, some(prints), safe),
    IndicatorsWatched: st.builds(IndicatorsWatched, st.lists(indicators, max_size=3).map(tuple)),
    SeriesSampled: st.builds(SeriesSampled, st.lists(samples, max_size=12).map(tuple), counts),
    LogsAppended: st.builds(LogsAppended, st.lists(lines | loaded, max_size=4).map(tuple), counts),
    ActionProposed: proposed,
    ActionApproved: st.builds(ActionApproved, action_names, safe),
    ActionRefused: st.builds(ActionRefused, action_names, safe),
    ActionExpired: st.builds(ActionExpired, action_names),
    ActionStarted: st.builds(ActionStarted, action_names),
    ActionProgressed: st.builds(ActionProgressed, action_names, said, counts, counts),
    ActionSucceeded: st.builds(ActionSucceeded, action_names, said, some(ids)),
    ActionFailed: st.builds(ActionFailed, action_names, said),
    ActionUnknown: st.builds(ActionUnknown, action_names, said),
    ActionReconciled: st.builds(ActionReconciled, action_names, said),
    ActionVerified: st.builds(ActionVerified, action_names, st.sampled_from(Verdict), said),
    IncidentDeclared: st.builds(IncidentDeclared, ids, safe, st.sampled_from(Severity), safe),
    SeverityChanged: st.builds(SeverityChanged, st.sampled_from(Severity), safe),
    IncidentResolved: st.builds(IncidentResolved, safe),
    NoteAdded: st.builds(NoteAdded, said),
    MarkerAdded: st.builds(MarkerAdded, safe),
    QueryAnswered: st.builds(QueryAnswered, safe, counts, st.lists(said, max_size=2).map(tuple)),
    **{cls: built(cls) for cls in (ActionCancelled, ActionOverridden, ApprovalRequested, GoalJudged)},
    **RESPONSE_EVENTS,
}
"""How each type of event is made up; a type that is missing here is missing an example."""

any_event: st.SearchStrategy[Event] = st.one_of(
    *(made for cls, made in EVENTS.items() if cls is not BaselineRecorded)
)


@dataclass(frozen=True)
class Stranger:
    """An event that this version cannot understand."""

    type: str
    version: int
    data: bytes


STRANGERS = (
    Stranger("moon.rose", 1, msgspec.msgpack.encode({"phase": "full"})),
    Stranger("nodes.changed", 99, msgspec.msgpack.encode({"nodes": "by a newer version"})),
    Stranger("note.added", 1, msgspec.msgpack.encode({"text": 5})),
    Stranger("note.added", 0, msgspec.msgpack.encode({"text": "of a version that never was"})),
    Stranger("series.sampled", 1, b"\xc1 not MessagePack"),
    Stranger(
        "logs.appended", 1, msgspec.msgpack.encode({"lines": [["2026-01-01T00:00:00", "info", "no zone"]]})
    ),
    Stranger("note.added", 1, b"\x82\xa4text\xa1x\xa4deep" + b"\x91" * 10_000 + b"\xc0"),
)
strangers = st.sampled_from(STRANGERS)


def enveloped(
    seq: int,
    event: Event | Stranger,
    *,
    room_ms: int,
    source: str = "room",
    actor: object = None,
    late_s: int = 0,
) -> Envelope:
    """An event as a sequencer would stamp it."""
    observed = START + timedelta(milliseconds=room_ms)
    data = event.data if isinstance(event, Stranger) else encode_event(event)
    at = observed - timedelta(seconds=late_s)
    return Envelope(seq, room_ms, at, observed, source, actor, event.type, event.version, data)  # type: ignore[arg-type]


@st.composite
def logs(draw: st.DrawFn, most: int = 30, with_strangers: bool = True) -> list[Envelope]:
    """A log as a host writes it: gapless, with a baseline of the true state now and then."""
    kinds = any_event | strangers if with_strangers else any_event
    drawn = draw(st.lists(st.tuples(kinds, st.integers(0, 90_000), st.booleans()), max_size=most))
    state, log, room_ms = State(), [], 0
    for event, after_ms, is_baseline in drawn:
        room_ms += after_ms
        if is_baseline and after_ms > 60_000:
            event = BaselineRecorded(keyframe.encode(state))
        actor = draw(st.none() | people)
        source = draw(st.sampled_from(["sample", "other", "room"]))
        envelope = enveloped(
            state.seq + 1,
            event,
            room_ms=room_ms,
            source=source,
            actor=actor,
            late_s=draw(st.integers(0, 500)),
        )
        log.append(envelope)
        state = apply(state, envelope)
    return log
