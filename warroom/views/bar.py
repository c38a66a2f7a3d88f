"""The two rows that are always there: the severity bar and the vitals."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from rich.cells import cell_len, set_cell_size

from warroom.events.metrics import Indicator
from warroom.model.nouns import AlertState, WorkloadState
from warroom.model.response import Clock, Role, Urgency
from warroom.state.roomtime import room_ms_at
from warroom.state.slices import State
from warroom.views.absence import Absence, absence_cells
from warroom.views.ages import age, clock, figure
from warroom.views.alert_census import Alerts
from warroom.views.census import Census, Nodes, Workloads, census_of
from warroom.views.clocks import clock_cells
from warroom.views.lines import line
from warroom.views.metrics import is_bad, latest, trend
from warroom.views.rows import Cell, Line
from warroom.views.sources import blindness

LEAST_TITLE = 10
"""Cells of the title that what is as usual makes room for."""
ROOMY, TINY = 100, 50
"""Cells from which on nothing is said shorter than it is, and below which nothing but a word stands for a thing."""
DUTIES = {Role.SCRIBE: "SCRIBE", Role.COMMUNICATIONS: "COMMS", Role.OPERATIONS: "OPS", Role.DEPUTY: "DEP"}
"""The other roles as the bar calls them, the first of them left out first."""
SPARE = 9
"""From that rank on a cell stands there only beside the whole title."""
UNUSUAL = 3
"""Up to that rank a cell says that something is not as it should be."""
SEPARATOR = ("│", "muted")
OLD_MARK = {"stale": "◷", "lost": "✖"}
"""Stands before a figure whose source does not show what is now."""
BRIEF_BELOW = 72
SHORT = {"NODES": "N", "ALERTS": "AL", "WORK": "WK"}
"""What the vitals say where there is little room."""
VITAL = (0, 1, 3, 4)
"""Places of nodes, alerts, errors and p99, which stay longest, in that order."""
OVER = (WorkloadState.STOPPED, WorkloadState.COMPLETED)
FIGURES = (
    ("error_rate", "ERR"),
    ("request_latency_p99", "p99"),
    ("request_rate", "RPS"),
    ("gpu_utilization", "GPU"),
)

Part = tuple[str, str]
"""text, role"""


def severity_bar(
    state: State,
    now: datetime,
    width: int,
    clocks: Sequence[Clock] = (),
    *,
    read_only: bool = False,
    absence: Absence | None = None,
) -> Line:
    """Severity, clock, title, phase, who commands, what is due, recorder, lock, cluster, time.

    The title gives way first, then what is as usual; what is red stays to the end. Without a host nothing stands
    there that only a host can keep true.
    """
    head, words, role = _incident(state, now)
    room = width - cell_len(head) - 4
    right = _shown(
        _without_host(state, role, absence)
        if absence is not None
        else _right(state, now, role, clocks, read_only=read_only, width=width),
        room - min(LEAST_TITLE, cell_len(words)),
        room,
        spare=room - cell_len(words),
    )
    room = max(0, room - _size(right))
    cells = [Cell(cut(f" {head} ", width), role), Cell(_padded(f" {cut(words, room)}", room + 2), "text")]
    return Line(tuple(cells + [Cell(f" {text} ", meaning) for text, meaning in right]))


def _incident(state: State, now: datetime) -> tuple[str, str, str]:
    incident = state.incident.incident
    if incident is None:
        return "no incident", "", "live"
    drill = " DRILL" if incident.drill else ""
    if not incident.open:
        return f"{incident.severity}{drill} RESOLVED", str(incident.title), "ok"
    running = clock(now - incident.declared)
    return f"{incident.severity}{drill} {running}", str(incident.title), str(incident.severity).lower()


def _right(
    state: State,
    now: datetime,
    role: str,
    clocks: Sequence[Clock],
    *,
    read_only: bool,
    width: int,
) -> list[tuple[int, Part]]:
    """What stands at the right edge, each with how early it is left out."""
    ticking = state.incident.incident is not None and state.incident.incident.open
    if state.room.closed:
        # Nothing comes after that moment, in a room that ends now and at the end of its replay.
        return [
            (0, ("CLOSED", "lost")),
            (1, (state.room.cluster or "no cluster", role)),
            (8, (f"{now:%H:%M}Z", "text")),
        ]
    degraded = state.room.degraded
    return [
        *(_commanded(state, clocks) if ticking else ()),
        *_due(clocks, now),
        (0 if degraded else 5, ("NOT RECORDING", "critical") if degraded else ("REC ●", "ok")),
        (UNUSUAL, ("READ-ONLY", "info")) if read_only else _lock(state, now, width),
        (1, (state.room.cluster or "no cluster", role)),
        (6, (f"{now:%H:%M:%S}Z" if ticking and width >= ROOMY else f"{now:%H:%M}Z", "text")),
    ]


def _without_host(state: State, role: str, absence: Absence) -> list[tuple[int, Part]]:
    return [*absence_cells(absence), (1, (state.room.cluster or "no cluster", role))]


def _commanded(state: State, clocks: Sequence[Clock]) -> Iterator[tuple[int, Part]]:
    """The phase, and who is incident commander; nobody is as loud as its clock says."""
    incident = state.incident.incident
    if incident is not None:
        yield 4, (incident.phase.upper(), "accent")
    for duty, short in DUTIES.items():
        if duty in state.team.roles:
            yield SPARE, (f"{short} {state.team.roles[duty].person}", "muted")
    holder = state.team.roles.get(Role.COMMANDER)
    if holder is not None:
        yield 4, (f"IC {holder.person}", "text")
        return
    urgency = next((c.urgency for c in clocks if c.clock == f"role:{Role.COMMANDER}"), Urgency.AMBER)
    yield 2, ("no IC", "critical" if urgency is Urgency.RED else "warning")


def _due(clocks: Sequence[Clock], now: datetime) -> Iterator[tuple[int, Part]]:
    said = [c for c in clocks if c.clock != f"role:{Role.COMMANDER}"]
    for cell in clock_cells(said, now):
        yield (3 if cell.role == "critical" else 6), (cell.text, cell.role)


def _lock(state: State, now: datetime, width: int) -> tuple[int, Part]:
    unlocked, until = state.room.unlocked_by, state.room.unlocked_until_ms
    if unlocked is None:
        return 7, ("LOCKED", "ok")
    if width < TINY:
        return 0, ("UNLOCKED", "unlocked")
    left = ""
    if until is not None:
        span = timedelta(milliseconds=max(0, until - room_ms_at(state, now)))
        left = f" {age(span, seconds=True)}"
    by = "" if width < ROOMY and left else f" {unlocked.name}"
    return 0, (f"UNLOCKED{by}{left}", "unlocked")


def _shown(parts: list[tuple[int, Part]], wanted: int, width: int, *, spare: int) -> list[Part]:
    """What fits: what is as usual makes room for the title, what is not gives way only to the edge.

    ``spare``: what the whole title leaves, which is all there is for what merely may be known.
    """
    kept = list(parts)
    while len(kept) > 1:
        last = max(kept, key=lambda rated: rated[0])
        room = spare if last[0] >= SPARE else wanted if last[0] > UNUSUAL else width
        if _size(part for _, part in kept) <= room:
            break
        kept.remove(last)
    return [(cut(text, max(1, width - 2)), role) for _, (text, role) in kept]


def _size(parts: Iterable[Part]) -> int:
    return sum(cell_len(text) + 2 for text, _ in parts)


def cut(text: str, size: int) -> str:
    """As much of a text as fits, with a sign that there is more."""
    if cell_len(text) <= size:
        return text
    return set_cell_size(text, size - 1).rstrip() + "…" if size > 1 else ""


def _padded(text: str, size: int) -> str:
    return text + " " * (size - cell_len(text))


def vitals(state: State, width: int, census: Census | None = None) -> Line:
    """Nodes, alerts, workloads, errors, p99, traffic, GPU; the unknown is a dash, the old is marked."""
    counted = census or census_of(state)
    parts = [_nodes(state, counted.nodes), _alerts(state, counted.alerts), _work(state, counted.workloads)]
    parts += [*_figures(state), *_deploy(counted.workloads)]
    if width < BRIEF_BELOW:
        parts = [(_brief(text), role) for text, role in parts]
    cells: list[Part] = []
    for place in _fitting([cell_len(text) + 3 for text, _ in parts], width + 1):
        text, role = parts[place]
        cells += [SEPARATOR] if cells else []
        cells.append((f" {text} ", role))
    return line(*cells)


def _fitting(sizes: Sequence[int], width: int) -> list[int]:
    """Which parts fit, in their order: what users feel stays longer than how many workloads run, and the rest."""
    kept: list[int] = []
    for place in sorted(range(len(sizes)), key=lambda n: VITAL.index(n) if n in VITAL else len(VITAL) + n):
        if sum(sizes[n] for n in kept) + sizes[place] > width:
            break
        kept.append(place)
    return sorted(kept)


def _brief(text: str) -> str:
    word, _, rest = text.partition(" ")
    name = word.lstrip("".join(OLD_MARK.values()))
    return f"{word.removesuffix(name)}{SHORT.get(name, name)} {rest}"


def _aged(state: State, source_role: str, text: str, role: str) -> Part:
    blind = blindness(state, source_role)
    return (f"{OLD_MARK[blind]}{text}", blind) if blind in OLD_MARK else (text, role)


def _nodes(state: State, nodes: Nodes) -> Part:
    if not state.cluster.listed:
        return _aged(state, "cluster", "NODES —", "unknown")
    down, closed = nodes.down, nodes.cordoned
    text = f"NODES {nodes.total - down}/{nodes.total}"
    text += (f" ▼{down}" if down else "") + (f" ⊘{closed}" if closed else "")
    return _aged(state, "cluster", text, "critical" if down else "warning" if closed else "ok")


def firing_counts(state: State) -> tuple[int, int, int]:
    """How many alerts fire and are neither silenced nor inhibited: critical, between, and info."""
    firing = [
        a.severity
        for a in state.alerts.alerts.values()
        if a.state is AlertState.FIRING and not a.silenced_by and not a.inhibited_by
    ]
    critical = sum(severity in ("critical", "error") for severity in firing)
    info = firing.count("info")
    return critical, len(firing) - critical - info, info


def _alerts(state: State, alerts: Alerts) -> Part:
    if not state.alerts.listed:
        return _aged(state, "alerts", "ALERTS —", "unknown")
    critical, other, info = alerts.firing
    text = f"ALERTS {critical}C {other}W" + (f" {info}I" if info else "")
    return _aged(state, "alerts", text, "critical" if critical else "warning" if other else "ok")


def _work(state: State, workloads: Workloads) -> Part:
    wanted = workloads.total - sum(workloads.states[over] for over in OVER)
    if not wanted and not state.cluster.listed:
        return _aged(state, "cluster", "WORK —", "unknown")
    broken = workloads.broken
    running = workloads.states[WorkloadState.RUNNING]
    text = f"WORK {running}/{wanted}" + (f" ✖{broken}" if broken else "")
    return _aged(state, "cluster", text, "critical" if broken else "ok")


def _figures(state: State) -> list[Part]:
    watched = {i.metric: i for i in state.metrics.indicators}
    return [_figure(state, watched.get(metric), metric, name) for metric, name in FIGURES]


def _figure(state: State, indicator: Indicator | None, metric: str, name: str) -> Part:
    value, series = latest(state, metric), state.metrics.series.get(metric)
    arrow = trend(series.points) if series and value is not None else ""
    bad = indicator is not None and is_bad(indicator, value)
    text = f"{name} {figure(value, indicator.unit if indicator else '')}{'!' if bad else ''}"
    text += f" {arrow}" if arrow else ""
    return _aged(state, "metrics", text, "critical" if bad else "unknown" if value is None else "text")


def _deploy(workloads: Workloads) -> list[Part]:
    deployed = workloads.deployed
    return [(f"DEPLOY {deployed:%H:%M}Z", "text")] if deployed else []
