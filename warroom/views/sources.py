"""What can be said of a pane's sources: none, loading, synced, stale, lost; each with its age."""

import re
from datetime import timedelta

from warroom.state.slices import SourceFacts, State
from warroom.views.ages import age
from warroom.views.lines import line
from warroom.views.rows import Line, Title

LATE_INTERVALS = 3
"""A source not heard of for that many of its intervals is late."""
BLINDNESS = {"synced": 0, "stale": 1, "loading": 2, "lost": 3}
DENIED = re.compile(r"\b40[13]\b|not allowed|forbidden|unauthori[sz]ed|permission denied", re.IGNORECASE)


def sources_for(state: State, role: str) -> list[SourceFacts]:
    """The sources of a role, the best seeing one first."""
    having = [f for f in state.sources.sources.values() if role in f.roles]
    return sorted(having, key=lambda f: (BLINDNESS.get(f.status, 3), f.name))


def source_for(state: State, role: str) -> SourceFacts | None:
    """The best seeing source of a role."""
    return next(iter(sources_for(state, role)), None)


def blindness(state: State, role: str) -> str:
    """``stale`` or ``lost`` when part of a role's facts is old, ``unknown`` before they come; else empty."""
    having = sources_for(state, role)
    if not having:
        return "unknown"
    status = having[-1].status
    return "" if status == "synced" else "unknown" if status == "loading" else status


def titled(state: State, role: str, room_ms: int, *, name: str, count: str) -> Title:
    """A pane's title with its sources and how old the oldest of what it shows is."""
    having = sources_for(state, role)
    if not having:
        return Title(name, "no source", "", count, role="unknown")
    # Of several sources the blindest speaks: one that sees does not make the other's facts fresh.
    words, meaning = seen_words(having[-1], room_ms)
    if len(having) > 1 and meaning != "muted":
        words = f"{having[-1].name} {words}"
    return Title(
        name, "+".join(f.name for f in having), words, count, note=str(having[-1].reason), role=meaning
    )


def seen_words(facts: SourceFacts, room_ms: int) -> tuple[str, str]:
    """How old what a source shows is, and what that means. Seconds are only counted when it is late."""
    if facts.status == "loading":
        return "loading", "unknown"
    old = None if facts.seen_ms is None else timedelta(milliseconds=max(0, room_ms - facts.seen_ms))
    promised = timedelta(seconds=LATE_INTERVALS * facts.interval_s)
    if facts.status == "synced":
        if old is not None and old > promised:
            return f"{age(old, seconds=True)} old", "stale"
        return f"<{age(promised, seconds=True)}", "muted"
    seen = "never seen" if old is None else f"{age(old, seconds=True)} old"
    return f"{facts.status.upper()} {seen}", facts.status


def absence(state: State, role: str, *, none: str) -> Line:
    """Why a pane is empty: none, loading, not allowed, unreachable and no source are different things."""
    facts = source_for(state, role)
    if facts is None:
        return line((f"no source for {role} is configured", "unknown"))
    if facts.status == "loading":
        return line((f"loading from {facts.name}…", "unknown"))
    if facts.status == "lost":
        word = "not allowed" if DENIED.search(facts.reason) else "unreachable"
        before = "" if facts.seen_ms is None else f"; before that {none}"
        return line((f"{facts.name} {word}: {facts.reason or 'no reason given'}{before}", "lost"))
    if facts.status == "stale":
        return line((f"{none}, when {facts.name} was last seen", "stale"))
    return line((none, "muted"))
