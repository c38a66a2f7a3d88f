"""Runs the sources: what they see goes into the sequencer, and their bugs end in an event."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from warroom.clock import TickClock, monotonic_s
from warroom.events.sources import SourceLost, SourceStale
from warroom.host.ports import Source, Ticking
from warroom.host.sequencer import Sequencer
from warroom.host.work import Work
from warroom.model.text import neutral

AFTER_BUG_S = 10.0
"""How long a source with a bug is left alone before it is tried again."""
LATE_INTERVALS = 3
"""A source not heard of for that many of its intervals is stale."""
MOST_BEHIND_S = 1.0
"""A simulation that fell further behind real time does not try to catch up."""


@contextmanager
def contained(name: str, sequencer: Sequencer) -> Iterator[None]:
    """What goes wrong inside is the source's fault: it is lost, and the room goes on."""
    try:
        yield
    except Exception as bug:  # noqa: BLE001 - bulkhead: one adapter's bug must not end the incident
        reason = neutral(f"bug in {name}: {bug!r}")
        sequencer.accept(SourceLost(reason=reason, retry_s=AFTER_BUG_S), source=name)


async def pump(source: Source, sequencer: Sequencer, after: Callable[[], None]) -> None:
    """Take in what a source observes, for ever."""
    while True:
        with contained(source.name, sequencer):
            async for seen in source.observe():
                sequencer.accept(seen.event, source=source.name, time=seen.time)
                if seen.whole:
                    after()
            raise RuntimeError("it stopped observing")
        await sequencer.clock.sleep(AFTER_BUG_S)


async def drive(
    source: Source, sequencer: Sequencer, work: Work, *, speed: float, after: Callable[[], bool]
) -> None:
    """Tick a simulated source for ever, ``speed`` times as fast as real time.

    ``after`` is called once a tick, and again while it says that it is not done with it.
    """
    clock = sequencer.clock
    assert isinstance(clock, TickClock)
    assert isinstance(source, Ticking)
    period = clock.tick_ms / 1000 / speed
    due = monotonic_s()
    again_ms = 0
    while True:
        if clock.room_ms() >= again_ms:
            again_ms = clock.room_ms() + round(AFTER_BUG_S * 1000)
            with contained(source.name, sequencer):
                take_tick(source, sequencer)
                going_on = after()
                while going_on:
                    # Others have their turn between two parts of a long look; simulated time stands still.
                    await asyncio.sleep(0)
                    going_on = after()
                again_ms = 0
        due = max(due + period, monotonic_s() - MOST_BEHIND_S)
        await asyncio.sleep(max(0.0, due - monotonic_s()))
        await work.settled()
        clock.advance()


def take_tick(source: Ticking, sequencer: Sequencer) -> None:
    """Take in one tick of a simulated source."""
    name = getattr(source, "name", "sample")
    for seen in source.tick():
        sequencer.accept(seen.event, source=name, time=seen.time)


def note_stale(sequencer: Sequencer) -> None:
    """Say of every source that has not been heard of for too long that it is stale, also before its first word."""
    state = sequencer.state
    for facts in list(state.sources.sources.values()):
        if facts.status not in {"synced", "loading"}:
            continue
        heard_ms = facts.since_ms if facts.seen_ms is None else facts.seen_ms
        silent_s = (sequencer.clock.room_ms() - heard_ms) / 1000
        if silent_s > LATE_INTERVALS * facts.interval_s:
            reason = neutral(f"nothing heard for {silent_s:.0f} s")
            sequencer.accept(SourceStale(reason=reason), source=facts.name)
