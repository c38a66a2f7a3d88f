"""The lines of the screen that are no pane: the tab strip and the flash line; pure."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import accumulate

from rich.cells import cell_len

from warroom.host.feed import Feed, ReplayFeed
from warroom.model.response import Confidence, Finding
from warroom.state.slices import Action, State
from warroom.ui.commands import called
from warroom.ui.keys import KEYS, Key
from warroom.ui.layout import PANES
from warroom.views.absence import absence_line
from warroom.views.ages import age, clock
from warroom.views.bar import cut
from warroom.views.census import Census
from warroom.views.findings import MARKS, ordered
from warroom.views.lines import line
from warroom.views.rows import Cell, Line
from warroom.views.runbooks import place_words, running

LEAST_TITLE = 8
SHORT = {"workloads": "work", "timeline": "time"}
"""Names of panes where there is little room."""
ROOMY, NARROW = 96, 72
LEAST = 4
"""Letters of a name where there is hardly any room."""
LOUD = ("warning", "critical", "lost")
"""Roles whose glyph is said on the flash line, too."""
UNJUDGED = {"succeeded": "accepted, looking for its effect"}
"""What a stage is called while nobody knows yet whether it worked."""
VERDICTS = {"effect seen": "ok", "not seen": "critical", "failed": "critical", "refused": "warning"}


def tabs_of(state: State, census: Census, focused: str, width: int) -> Line:
    """Every pane with its digit and how much is wrong in it."""
    counts = {
        "alerts": len(state.alerts.alerts),
        "nodes": census.nodes.down,
        "workloads": census.workloads.broken,
    }
    cells: list[tuple[str, str]] = [(" ", "text")] if width < NARROW else []
    for number, name in enumerate(PANES, 1):
        count = f" {counts[name]}" if counts.get(name) else ""
        short = name if width >= ROOMY else SHORT.get(name, name)
        word = short.upper() if name == focused else short.capitalize()
        role = "accent" if name == focused else "critical" if count else "muted"
        if width >= NARROW:
            cells.append((f" {number} {word}{count} ", role))
        else:
            cells.append((f"{number} {word if name == focused else word[:LEAST]}{count} ", role))
    return line(*cells)


def tab_at(spans: Sequence[Cell], x: int) -> str:
    """The pane whose tab of a strip stands there; empty beside them."""
    if len(spans) < len(PANES):
        return ""
    ends = list(accumulate(cell_len(cell.text) for cell in spans))[-len(PANES) :]
    start = ends[0] - cell_len(spans[-len(PANES)].text)
    return next((name for name, end in zip(PANES, ends, strict=True) if start <= x < end), "")


def flash_of(
    feed: Feed, told: tuple[str, str, float], keys: Sequence[Key] = KEYS, *, width: int = ROOMY
) -> Line:
    """What must be known now: an answer, trouble, the last action; in a replay the playhead."""
    if told[0]:
        text, role, _ = told
        return Line((Cell(" "), Cell(text, role, glyph=role in LOUD)))
    if feed.absence is not None:
        return absence_line(feed.absence)
    if feed.trouble:
        return line((f" ⚠ {feed.trouble}; what you see is old", "lost"))
    if feed.state.room.degraded:
        return line((f" NOT RECORDING: {feed.state.room.degraded}", "critical"))
    if isinstance(feed, ReplayFeed):
        return _replay_line(feed)
    actions = feed.state.actions.actions
    waiting = next((a for a in actions.values() if a.stage == "waiting" and a.awaits is not None), None)
    if waiting is not None:
        return _waiting_line(feed, waiting, called("board('actions')", keys))
    runs = running(feed.state)
    latest = next(reversed(actions.values()), None)
    if runs:
        head = line(
            (f" ▷ {place_words(runs[0])}", "accent"), (f"  {called('next_step', keys)} goes on", "muted")
        )
        return Line(head.spans, _verdict(latest) if latest is not None else ())
    found = _found_since(feed.state, latest)
    if found is not None:
        glyph, role = MARKS[found.confidence]
        return line(
            (f" {glyph} {found.title}", role), (f"  {called('pane(1)', keys)} Health says why", "muted")
        )
    if latest is None:
        return line((" ", "muted"))
    words, role = _standing(latest)
    # A long title gives way, never the verdict.
    title = cut(str(latest.plan.title), max(LEAST_TITLE, width - cell_len(f" {latest.action} : {words}")))
    return line((f" {latest.action} {title}: {words}", role), (f"  {latest.detail}", "muted"))


def _found_since(state: State, latest: Action | None) -> Finding | None:
    """The first of the findings that are more than a guess, when it came after what was done last."""
    first = next((s for s in ordered(state) if s.finding.confidence is not Confidence.LOW), None)
    if first is None or (latest is not None and latest.steps and latest.steps[-1].seq > first.seq):
        return None
    return first.finding


def _standing(action: Action) -> tuple[str, str]:
    verdict = action.verdict.value if action.verdict else UNJUDGED.get(action.stage, action.stage)
    goal = f", goal {action.goal.verdict.value}" if action.goal else ""
    role = VERDICTS.get(action.goal.verdict.value if action.goal else verdict, "info")
    return f"{verdict}{goal}", role


def _verdict(action: Action) -> tuple[Cell, ...]:
    words, role = _standing(action)
    return (Cell(f" {action.action}: {words} ", role),)


def _waiting_line(feed: Feed, action: Action, key: str) -> Line:
    assert action.awaits is not None
    left = timedelta(milliseconds=action.awaits.expires_ms - feed.room_ms)
    until = f"{feed.now + left:%H:%M}Z"
    words = f" ◌ {action.action} {action.plan.title} waits for a second person until {until}"
    return line((words, "warning"), (f"  {key} shows it", "muted"))


def _replay_line(replay: ReplayFeed) -> Line:
    done = timedelta(milliseconds=replay.room_ms - replay.first_ms)
    whole = timedelta(milliseconds=replay.last_ms - replay.first_ms)
    state = "▶ playing" if replay.playing else "⏸ paused"
    return line(
        (
            f" REPLAY {state} {replay.speed:g}x  {clock(done)} of {clock(whole)}  #{replay.state.seq}  "
            f"{age(whole - done)} left ",
            "replay" if replay.playing else "paused",
        )
    )
