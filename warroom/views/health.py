"""The Health pane: the cluster in a sentence, what is wrong first, and whether we can see at all."""

from collections import Counter

from warroom.model.nouns import WorkloadState
from warroom.state.slices import SourceFacts, State
from warroom.views.actions import waiting_lines
from warroom.views.ages import figure
from warroom.views.census import Census, census_of
from warroom.views.findings import finding_entries
from warroom.views.lines import line
from warroom.views.metrics import is_bad, latest
from warroom.views.ready import ready_words
from warroom.views.rows import Entry, Line, Title
from warroom.views.runbooks import running_entries
from warroom.views.sources import blindness, seen_words, titled

STATUS = {"synced": ("✔", "ok"), "stale": ("◷", "stale"), "lost": ("✖", "lost"), "loading": ("…", "unknown")}
GLYPHS = {"critical": "✖", "warning": "▲", "ok": "✔", "unknown": "?"}
CONDITIONS = {"healthy": "ok", "degraded": "warning", "unhealthy": "critical", "unknown": "unknown"}
MOST = 6


def condition(state: State, census: Census | None = None) -> str:
    """``healthy``, ``degraded``, ``unhealthy``, or ``unknown`` without a single node to judge by."""
    counted = census or census_of(state)
    total, down = counted.nodes.total, counted.nodes.down
    if not total:
        return "unknown"
    if down * 2 > total:
        return "unhealthy"
    return "degraded" if down or counted.workloads.broken or beyond_limits(state) else "healthy"


def beyond_limits(state: State) -> tuple[str, ...]:
    """Each service indicator that is beyond its limit: ``errors 39.0%, limit 5.0%``."""
    return tuple(
        f"{i.title} {figure(latest(state, i.metric), i.unit)}, limit {figure(i.threshold, i.unit)}"
        for i in state.metrics.indicators
        if is_bad(i, latest(state, i.metric))
    )


def cluster_sentence(state: State, census: Census | None = None) -> str:
    """``0 of 8 nodes ready, unhealthy``."""
    if not state.cluster.listed:
        return f"{state.room.cluster}: nodes not listed yet"
    counted = census or census_of(state)
    nodes = counted.nodes
    return f"{nodes.total - nodes.down} of {nodes.total} nodes ready, {condition(state, counted)}"


def health_title(state: State, room_ms: int) -> Title:
    """Name and sources."""
    return titled(state, "cluster", room_ms, name="Health", count="")


def health_entries(state: State, room_ms: int | None = None, census: Census | None = None) -> list[Entry]:
    """What triage concludes, what is being done, then the cluster, the sources and who looks on."""
    counted = census or census_of(state)
    role = CONDITIONS[condition(state, counted)] if state.cluster.listed else "unknown"
    words = f"{GLYPHS[role]} {cluster_sentence(state, counted)}"
    blind = blindness(state, "cluster")
    if blind in ("stale", "lost"):
        words, role = f"{words} when last seen", blind
    at = state.room_ms if room_ms is None else room_ms
    lines = [
        line((words, role)),
        *(line((f"✖ {words}", "critical")) for words in beyond_limits(state)),
        *_wrong(counted),
        *waiting_lines(state),
        *(_source_line(facts, at) for facts in state.sources.sources.values()),
        *(line((f"▲ {trouble}", "warning")) for trouble in state.procedure.troubles),
        line((f"attached: {_people(state)}", "muted")),
    ]
    return [*finding_entries(state), *running_entries(state), *(Entry("", (one,)) for one in lines)]


def health_lines(state: State, room_ms: int | None = None, census: Census | None = None) -> list[Line]:
    """All of it as lines."""
    return [one for entry in health_entries(state, room_ms, census) for one in entry.lines]


def _people(state: State) -> str:
    """Who looks on; several screens of one login are said, since they are one person to the two-person rule."""
    screens = Counter(str(client.person.name) for client in state.room.clients.values())
    return (
        ", ".join(
            f"{name} ({n} screens, one login)" if n > 1 else name for name, n in sorted(screens.items())
        )
        or "nobody"
    )


def _wrong(census: Census) -> list[Line]:
    lines: list[Line] = []
    if down := census.nodes.down:
        racks = sorted(rack for rack, count in census.nodes.down_in.items() if rack and count)
        more = f" and {len(racks) - MOST} more" if len(racks) > MOST else ""
        where = f" in {', '.join(racks[:MOST])}{more}" if racks else ""
        lines.append(line((f"✖ {down} nodes not ready{where}", "critical")))
    broken = census.workloads.broken
    for workload in census.workloads.first(min(MOST, broken)):
        mark = " critical" if workload.critical else ""
        words = f"{workload.name}{mark}: {workload.state.value}, {ready_words(workload.ready, workload.desired, '/')}"
        glyph, role = ("✖", "critical") if workload.state is WorkloadState.FAILED else ("▲", "warning")
        lines.append(line((f"{glyph} {words}", role)))
    if broken > MOST:
        lines.append(line((f"  and {broken - MOST} more workloads", "critical")))
    return lines


def _source_line(facts: SourceFacts, room_ms: int) -> Line:
    mark, meaning = STATUS.get(facts.status, ("?", "unknown"))
    words, late = seen_words(facts, room_ms)
    if facts.status == "synced":
        return line(
            (f"{mark} ", meaning),
            f"{facts.name} ",
            (f"synced {words}", late),
            (f"  {facts.address}", "muted"),
        )
    why = f": {facts.reason}" if facts.reason else ""
    return line(
        (f"{mark} ", meaning), f"{facts.name} ", (f"{words}{why}", meaning), (f"  {facts.address}", "muted")
    )
