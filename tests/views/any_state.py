"""States as tests need them: small ones by hand, and any state that events can fold into."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from warroom.events.actions import (
    ActionApproved,
    ActionFailed,
    ActionProgressed,
    ActionProposed,
    ActionReconciled,
    ActionStarted,
    ActionSucceeded,
    ActionUnknown,
    ActionVerified,
)
from warroom.events.alerts import AlertAcknowledged, AlertsChanged, SilencesChanged
from warroom.events.base import Event
from warroom.events.cluster import InstancesChanged, NodesChanged, WorkloadsChanged
from warroom.events.codec import encode_event
from warroom.events.envelope import Envelope
from warroom.events.incident import (
    IncidentDeclared,
    IncidentResolved,
    NoteAdded,
    QueryAnswered,
    SeverityChanged,
)
from warroom.events.logs import LogsAppended
from warroom.events.metrics import Indicator, IndicatorsWatched, SeriesSampled
from warroom.events.room import ClientAttached, RecorderDegraded, RoomLocked, RoomOpened, RoomUnlocked
from warroom.events.sources import SourceAnnounced, SourceLost, SourcePolled, SourceStale, SourceSynced
from warroom.model.nouns import (
    Alert,
    AlertState,
    Instance,
    LogLevel,
    LogLine,
    Matcher,
    Node,
    NodeState,
    Person,
    Sample,
    Severity,
    Silence,
    Workload,
    WorkloadState,
)
from warroom.model.requests import (
    Acknowledge,
    ActionKind,
    Capability,
    Cordon,
    CreateAlert,
    Drain,
    Plan,
    Request,
    Scale,
    SilenceAlerts,
    Stop,
    Submit,
    Uncordon,
    Verdict,
)
from warroom.model.text import neutral
from warroom.state.fold import apply
from warroom.state.slices import State

START = datetime(2026, 1, 31, 14, 0, tzinfo=UTC)
MAYA = Person(neutral("maya"), uid=1000, via="tui")
ROLES = ("cluster", "metrics", "alerts", "logs")


class Tape:
    """Writes events one after the other and folds them; every event a second after the last."""

    def __init__(self) -> None:
        self.state = State()
        self.envelopes: list[Envelope] = []
        self.ms = 0

    def add(
        self, event: Event, *, source: str = "room", actor: Person | None = None, after_ms: int = 1000
    ) -> State:
        self.ms += after_ms
        time = START + timedelta(milliseconds=self.ms)
        seq = len(self.envelopes) + 1
        data = encode_event(event)
        envelope = Envelope(seq, self.ms, time, time, source, actor, event.type, event.version, data)
        self.envelopes.append(envelope)
        self.state = apply(self.state, envelope)
        return self.state

    @property
    def now(self) -> datetime:
        return START + timedelta(milliseconds=self.ms)


def announced(
    *capabilities: Capability, roles: tuple[str, ...] = ROLES, interval_s: float = 5.0
) -> SourceAnnounced:
    return SourceAnnounced("sample", roles, interval_s=interval_s, capabilities=capabilities)


def able(kind: ActionKind, **more: object) -> Capability:
    """A capability whose call names its target."""
    return Capability(
        kind, wording=neutral(f"{kind} as this cluster does it"), call=neutral(f"{kind} {{target}}"), **more
    )  # type: ignore[arg-type]


def room(*events: Event, source: str = "sample", capabilities: Iterable[Capability] | None = None) -> Tape:
    """A room with one synced source that saw these events."""
    tape = Tape()
    every = [able(kind) for kind in ActionKind] if capabilities is None else capabilities
    tape.add(announced(*every), source=source)
    for event in events:
        tape.add(event, source=source)
    tape.add(SourceSynced(), source=source)
    return tape


# --- any state -------------------------------------------------------------------------------------------

names = st.sampled_from(
    ["gpu-1", "gpu-10", "gpu-02", "n", "ノード", "a-very-long-name-of-a-node-in-a-far-away-rack"]
)
ids = st.sampled_from(["chat-api", "embed-api", "41", "42", "x"])
prints = st.sampled_from(["f1", "f2", "f3"])
metrics = st.sampled_from(["error_rate", "request_latency_p99", "request_rate", "gpu_utilization", "other"])
safe = st.text(max_size=40).map(neutral)
said = st.text(max_size=40).map(lambda raw: neutral(raw, "log"))
labels = st.dictionaries(
    st.sampled_from(["rack", "critical", "job", "alertname", "team"]), safe.map(str), max_size=3
)
counts = st.integers(0, 10_000)
maybe = st.none() | counts
times = st.integers(-200_000_000, 200_000_000).map(lambda seconds: START + timedelta(seconds=seconds))
severities = st.sampled_from(["critical", "warning", "info", "error", "page", ""])
figures = st.none() | st.floats(allow_nan=False)
people = st.builds(Person, safe, st.none(), st.just("cli"))

nodes = st.builds(
    Node,
    names,
    st.sampled_from(NodeState),
    cordoned=st.booleans(),
    native=safe,
    reason=safe,
    rack=st.sampled_from(["", "rack1", "rack2"]),
    gpus=maybe,
    gpus_used=maybe,
    labels=labels,
)
workloads = st.builds(
    Workload,
    ids,
    safe,
    st.sampled_from(WorkloadState),
    desired=counts,
    ready=counts,
    restarts=maybe,
    image=safe,
    command=safe,
    priority=safe,
    labels=labels,
    selector=labels,
    nodes=st.lists(names, max_size=3).map(tuple),
    gpus=maybe,
    reason=safe,
    submitted=st.none() | times,
    changed=st.none() | times,
    deployed=st.none() | times,
)
instances = st.builds(
    Instance,
    st.sampled_from(["i1", "i2", "i3", "i4"]),
    ids,
    st.none() | names,
    st.sampled_from(WorkloadState),
    ready=st.booleans(),
    reason=safe,
)
alerts = st.builds(
    Alert,
    prints,
    st.sampled_from(["NodeNotReady", "HighLatency", "告"]).map(neutral),
    severities,
    st.sampled_from(AlertState),
    safe,
    labels,
    st.none() | times,
    st.lists(st.sampled_from(["s1", "s2"]), max_size=2).map(tuple),
    st.lists(st.just("f9"), max_size=1).map(tuple),
)
matchers = st.builds(
    Matcher,
    st.sampled_from(["alertname", "rack", "job"]),
    st.sampled_from(["NodeNotReady", "rack1", ".*", "(", "(a+)+$", ""]),
    st.booleans(),
    st.booleans(),
)
silences = st.builds(
    Silence, st.sampled_from(["s1", "s2"]), st.lists(matchers, max_size=2).map(tuple), times, times
)
indicators = st.builds(
    Indicator,
    metrics,
    safe,
    st.sampled_from(["s", "ratio", "percent", "celsius", "per_second", ""]),
    st.none() | st.floats(allow_nan=False, allow_infinity=False),
)
capabilities = st.builds(
    Capability,
    st.sampled_from(ActionKind),
    st.booleans(),
    safe,
    st.booleans(),
    st.sampled_from(["", "do {target} because {reason}", "{nothing} {"]).map(neutral),
    st.dictionaries(st.sampled_from(["image", "force"]), safe.map(str), max_size=1),
)
some_nodes = st.lists(names, max_size=3).map(tuple)
requests: st.SearchStrategy[Request] = st.one_of(
    st.builds(Cordon, some_nodes, safe),
    st.builds(Uncordon, some_nodes, safe),
    st.builds(Drain, some_nodes, st.integers(-5, 600), safe),
    st.builds(Stop, st.lists(ids, max_size=3).map(tuple), st.booleans(), safe),
    st.builds(
        Submit,
        ids,
        like=st.none() | ids,
        image=safe.map(str),
        replicas=st.none() | st.integers(-1, 50),
        gpus=maybe,
        selector=labels,
    ),
    st.builds(Scale, ids, st.integers(-2, 50), safe),
    st.builds(SilenceAlerts, st.lists(matchers, max_size=2).map(tuple), st.integers(-1, 100_000), safe),
    st.builds(Acknowledge, st.lists(prints, max_size=3).map(tuple), safe),
    st.builds(CreateAlert, ids, severities, safe, labels),
)
action_names = st.sampled_from(["A1", "A2", "A3", "A4", "A5"])
plans = requests.flatmap(lambda r: st.builds(Plan, st.just(r), safe, goal=safe, within_s=st.integers(0, 600)))
proposed = st.builds(
    lambda name, plan: ActionProposed(name, f"op-{name}", plan.request, plan), action_names, plans
)
lines = st.builds(LogLine, st.none() | times, st.sampled_from(LogLevel), said, names, ids | st.just(""))
loaded = st.builds(
    LogLine, st.none() | times, st.just(LogLevel.INFO), st.just(neutral("alert rules reloaded")), names
)
samples = st.builds(Sample, metrics, st.just({}) | labels, times, figures)
lists_of = {
    "nodes": st.lists(nodes, max_size=6).map(tuple),
    "workloads": st.lists(workloads, max_size=6).map(tuple),
    "instances": st.lists(instances, max_size=4).map(tuple),
    "alerts": st.lists(alerts, max_size=4).map(tuple),
}
observed: st.SearchStrategy[Event] = st.one_of(
    st.builds(NodesChanged, lists_of["nodes"], st.lists(names, max_size=1).map(tuple), st.booleans()),
    st.builds(WorkloadsChanged, lists_of["workloads"], st.lists(ids, max_size=1).map(tuple), st.booleans()),
    st.builds(InstancesChanged, lists_of["instances"]),
    st.builds(AlertsChanged, lists_of["alerts"], st.lists(prints, max_size=1).map(tuple), st.booleans()),
    st.builds(SilencesChanged, st.lists(silences, max_size=2).map(tuple)),
    st.builds(IndicatorsWatched, st.lists(indicators, max_size=4).map(tuple)),
    st.builds(SeriesSampled, st.lists(samples, max_size=30).map(tuple), st.integers(0, 5)),
    st.builds(LogsAppended, st.lists(lines, max_size=4).map(tuple), counts),
    st.builds(
        SourceAnnounced,
        safe.map(str),
        st.lists(st.sampled_from(ROLES), max_size=4).map(tuple),
        safe,
        st.floats(0.1, 600),
        st.lists(capabilities, max_size=9).map(tuple),
    ),
    st.builds(SourceSynced),
    st.builds(SourcePolled),
    st.builds(SourceStale, safe),
    st.builds(SourceLost, safe),
)
spoken: st.SearchStrategy[Event] = st.one_of(
    st.builds(RoomOpened, safe.map(str), safe.map(str), st.just("sample"), st.integers(1, 3), st.just("0")),
    st.builds(ClientAttached, st.sampled_from(["c1", "c2"]), st.just("tui"), counts, counts),
    st.builds(RoomUnlocked),
    st.builds(RoomLocked),
    st.builds(RecorderDegraded, safe),
    st.builds(IncidentDeclared, st.just("i1"), safe, st.sampled_from(Severity), safe),
    st.builds(SeverityChanged, st.sampled_from(Severity), safe),
    st.builds(IncidentResolved, safe),
    st.builds(NoteAdded, safe),
    st.builds(QueryAnswered, safe, counts, st.lists(said, max_size=2).map(tuple)),
    st.builds(AlertAcknowledged, st.lists(prints, max_size=2).map(tuple), safe),
    proposed,
    st.builds(ActionApproved, action_names, safe),
    st.builds(ActionStarted, action_names),
    st.builds(ActionProgressed, action_names, said, counts, counts),
    st.builds(ActionSucceeded, action_names, said, st.lists(ids, max_size=2).map(tuple)),
    st.builds(ActionFailed, action_names, said),
    st.builds(ActionUnknown, action_names, said),
    st.builds(ActionReconciled, action_names, said),
    st.builds(ActionVerified, action_names, st.sampled_from(Verdict), said),
)


@st.composite
def tapes(draw: st.DrawFn, most: int = 25) -> Tape:
    """Any room: what two sources saw and what people did, in any order."""
    tape = Tape()
    for event, is_seen in draw(
        st.lists(observed.map(lambda e: (e, True)) | spoken.map(lambda e: (e, False)), max_size=most)
    ):
        source = draw(st.sampled_from(["sample", "other"])) if is_seen else "room"
        actor = None if is_seen else draw(st.none() | people)
        tape.add(event, source=source, actor=actor, after_ms=draw(st.integers(0, 100_000)))
    return tape
