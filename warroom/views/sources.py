"""What can be said of a pane's source: none, loading, synced, stale, lost; each with its age."""

from datetime import timedelta

from warroom.state.slices import SourceFacts, State
from warroom.views.ages import age
from warroom.views.lines import line
from warroom.views.rows import Line, Title


def source_for(state: State, role: str) -> SourceFacts | None:
    """The source of a role, the best seeing one first."""
    order = {"synced": 0, "stale": 1, "loading": 2, "lost": 3}
    having = [f for f in state.sources.sources.values() if role in f.roles]
    return min(having, key=lambda f: order[f.status], default=None)


def titled(state: State, role: str, room_ms: int, *, name: str, count: str) -> Title:
    """A pane's title with its source and how old what it shows is."""
    facts = source_for(state, role)
    if facts is None:
        return Title(name, "no source", "", count, role="unknown")
    words, meaning = _seen(facts, room_ms)
    return Title(name, facts.name, words, count, role=meaning)


def _seen(facts: SourceFacts, room_ms: int) -> tuple[str, str]:
    if facts.status == "loading":
        return "loading", "unknown"
    old = None if facts.seen_ms is None else timedelta(milliseconds=max(0, room_ms - facts.seen_ms))
    if facts.status == "synced":
        # A calm screen does not count seconds; a late source does.
        late = old is not None and old.total_seconds() > 3 * facts.interval_s
        return (f"{age(old, seconds=True)} old", "stale") if late and old is not None else ("", "muted")
    seen = "never seen" if old is None else f"{age(old, seconds=True)} old"
    return f"{facts.status.upper()} {seen}", facts.status


def absence(state: State, role: str, *, none: str) -> Line:
    """Why a pane is empty: five different things, told apart."""
    facts = source_for(state, role)
    if facts is None:
        return line((f"no source for {role} is configured", "unknown"))
    if facts.status == "loading":
        return line((f"loading from {facts.name}…", "unknown"))
    if facts.status == "lost":
        denied = "401" in facts.reason or "403" in facts.reason or "not allowed" in facts.reason
        word = "not allowed" if denied else "unreachable"
        return line((f"{facts.name} {word}: {facts.reason}", "lost"))
    return line((none, "muted"))
