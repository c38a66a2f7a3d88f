"""The loop every polling source shares: what is told when, and how long it waits."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest

from warroom.errors import SourceError, Unreadable
from warroom.events.base import Event
from warroom.events.sources import SourceLost, SourcePolled, SourceStale, SourceSynced
from warroom.sources.backoff import ASKED_CAP_S, CAP_S, FIRST_S, FLOOR_S, Backoff
from warroom.sources.failures import Blame, HttpError
from warroom.sources.polling import LEAST_INTERVAL_S, Poller
from warroom.testing.leaping_clock import LeapingClock

INTERVAL_S = 5.0
Step = Callable[[], Sequence[Event]]


class Script:
    """Looks that go as they are written, one after the other; then nothing is different any more."""

    def __init__(self, *steps: Step, interval_s: float = INTERVAL_S) -> None:
        self.clock = LeapingClock()
        self.steps = list(steps)
        self.watching: list[bool] = []
        self.began_s: list[float] = []
        self.denials = 0
        self.beats = 0
        self.poller = Poller("x", self.look, clock=self.clock, interval_s=interval_s, denied=self.denied)

    def denied(self) -> None:
        self.denials += 1

    async def look(self, watching: bool) -> Sequence[Event]:
        self.watching.append(watching)
        self.began_s.append(self.clock.room_ms() / 1000)
        return self.steps.pop(0)() if self.steps else []

    async def seen(self, count: int) -> list[Event]:
        found: list[Event] = []
        async for observation in self.poller.observe():
            found.append(observation.event)
            if len(found) == count:
                break
        return found

    async def kinds(self, count: int) -> list[str]:
        return [event.type.removeprefix("source.") for event in await self.seen(count)]


def fails(error: Exception) -> Step:
    def step() -> Sequence[Event]:
        raise error

    return step


def nothing() -> Sequence[Event]:
    return []


BROKEN = SourceError("x", "it broke")


async def test_it_syncs_once_and_then_says_that_it_looked() -> None:
    assert await Script().kinds(4) == ["synced", "polled", "polled", "polled"]


async def test_what_a_look_finds_comes_before_the_word_that_all_is_seen() -> None:
    seen = await Script(lambda: [SourceStale()], lambda: [SourceStale()]).seen(4)
    assert [type(event) for event in seen] == [SourceStale, SourceSynced, SourceStale, SourcePolled]


@pytest.mark.parametrize("wrong", [BROKEN, Unreadable("a list", field="nodes")])
async def test_a_failure_is_lost_with_a_reason_and_the_next_try(wrong: Exception) -> None:
    script = Script(nothing, fails(wrong))
    _, lost, synced = await script.seen(3)
    assert isinstance(lost, SourceLost)
    assert lost.reason in (str(wrong), "it broke")
    assert lost.retry_s is not None
    assert isinstance(synced, SourceSynced)
    assert script.watching == [False, True, False], "after a loss nobody looked on"


async def test_looks_are_an_interval_apart_from_beginning_to_beginning() -> None:
    def slow() -> Sequence[Event]:
        script.clock.leap(2)
        return []

    script = Script(slow, slow, slow, slow)
    await script.seen(4)
    assert [later - earlier for earlier, later in pairwise(script.began_s)] == [INTERVAL_S] * 3


async def test_no_interval_is_so_short_that_it_hurts_the_server() -> None:
    script = Script(interval_s=0.001)
    await script.seen(5)
    gaps = [later - earlier for earlier, later in pairwise(script.began_s)]
    assert all(gap == pytest.approx(LEAST_INTERVAL_S) for gap in gaps)


async def test_a_look_that_took_too_long_is_stale_before_it_is_synced_again() -> None:
    def stuck() -> Sequence[Event]:
        script.clock.leap(INTERVAL_S * 4)
        return []

    script = Script(nothing, stuck)
    seen = await script.seen(3)
    assert [type(event) for event in seen] == [SourceSynced, SourceStale, SourceSynced]
    assert isinstance(seen[1], SourceStale)
    assert seen[1].reason == "the last look took 20 s"


async def test_after_a_pause_in_which_nobody_looked_everything_may_have_happened() -> None:
    script = Script()

    async def sleep(seconds: float) -> None:
        script.clock.leap(seconds + 3600)

    script.clock.sleep = sleep  # type: ignore[method-assign]
    await script.seen(2)
    assert script.watching == [False, False]


async def test_a_server_that_asks_for_patience_gets_it_within_reason() -> None:
    error = HttpError("x", "slow down", blame=Blame.SLOW_DOWN, status=429)
    error.retry_after_s = 120
    script = Script(fails(error))
    await script.seen(2)
    assert script.began_s[1] - script.began_s[0] == pytest.approx(120, abs=0.1)
    error.retry_after_s = 99_999
    script = Script(fails(error))
    await script.seen(2)
    assert script.began_s[1] == pytest.approx(ASKED_CAP_S, abs=0.1)


async def test_refused_credentials_are_fetched_anew_and_other_failures_leave_them() -> None:
    script = Script(fails(HttpError("x", "no", blame=Blame.DENIED)), fails(BROKEN))
    await script.seen(3)
    assert script.denials == 1


async def test_what_is_known_of_the_source_is_told_again_when_it_changed() -> None:
    def learned() -> Sequence[Event]:
        script.poller.detail = "the token ends soon"
        return []

    script = Script(nothing, nothing, learned)
    seen = await script.seen(5)
    assert [type(event) for event in seen] == [
        SourceSynced,
        SourcePolled,
        SourceSynced,
        SourcePolled,
        SourcePolled,
    ]
    assert isinstance(seen[2], SourceSynced)
    assert seen[2].detail == "the token ends soon"


async def test_what_goes_on_between_looks_goes_on_while_the_source_is_lost() -> None:
    beats = 0

    async def beat() -> Sequence[Event]:
        nonlocal beats
        beats += 1
        return [SourceStale()]

    script = Script(fails(BROKEN), interval_s=5)
    script.poller = Poller("x", script.look, clock=script.clock, interval_s=5, beat=beat)
    seen = await script.seen(12)
    assert isinstance(seen[0], SourceLost)
    assert beats >= 8


def test_waits_grow_with_full_jitter_between_a_floor_and_a_cap() -> None:
    sources = [Backoff(f"seed {n}") for n in range(200)]
    waits = [[source.next_s() for _ in range(12)] for source in sources]
    for turn in range(12):
        ceiling = min(CAP_S, FIRST_S * 2**turn)
        these = [wait[turn] for wait in waits]
        assert all(FLOOR_S <= wait <= max(ceiling, FLOOR_S) for wait in these)
        if turn > 2:
            assert min(these) < ceiling / 4, "the jitter is full: from nothing"
            assert max(these) > ceiling * 3 / 4, "up to the whole wait"


def test_the_same_seed_waits_the_same_and_an_answer_begins_anew() -> None:
    one, other = Backoff("a"), Backoff("a")
    assert [one.next_s() for _ in range(5)] == [other.next_s() for _ in range(5)]
    one.reset()
    assert one.next_s() <= FIRST_S


def test_a_server_that_was_asked_for_ages_ago_is_still_asked() -> None:
    backoff = Backoff("a")
    assert all(backoff.next_s() <= CAP_S for _ in range(2000))
