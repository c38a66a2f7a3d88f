"""What every polling source must do, whatever its server does.

A source that asks no server, such as that of a file, subclasses ``LookingSuite`` instead.

For an adapter of your own: write a fake of your back end as a ``Wire`` (its ``answer`` is all there is to write; it
must refuse any token but ``SECRET``), then subclass ``SourceSuite`` in a file of tests and give the five methods that
raise ``NotImplementedError``. pytest collects the rest from there; they are coroutines (``asyncio_mode = "auto"``)::

    class TestLoki(SourceSuite):
        def wire(self): return FakeLoki(token=SECRET)
        def source(self, wire, clock): return LokiLogs(settings_for(wire.url, self.deadline_s), clock=clock)
        def change(self, wire): wire.say("a new line")
        ...

Time leaps (``LeapingClock``), so no test waits for an interval. What a fake answers must be what the real server
answers: show it once, by making the same calls to both.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import msgspec
import pytest

from warroom.events.base import Event
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.sources import SourceLost, SourcePolled, SourceSynced
from warroom.host.ports import Source
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.watcher import Watcher, watching
from warroom.testing.wire import Fault, Reply, Request, Wire

SECRET = "s3cr3t-t0ken-that-nobody-may-see"
FRAME_S = 0.25
"""A room that closes waits no longer than one frame for a source."""


class Stranger(Wire):
    """A host that must never be talked to."""

    def answer(self, request: Request) -> Reply:
        """Be glad of whatever came."""
        return Reply(200, b"{}")


class LookingSuite:
    """What every source must do that looks again and again, whatever it looks at: a server, a file, a program.

    ``wire`` gives what it looks at: an asynchronous context whose ``go`` takes it away and ``come`` brings it back.
    """

    away = ("connection refused", "broke")
    """Words of which one says that what is looked at is not there."""
    loses_things = True
    """Whether something that is gone leaves an event; a source of samples has no such thing."""
    deadline_s = 0.4
    """The total deadline ``source`` is made with."""

    def wire(self) -> Any:
        """What is looked at; of a server a healthy fake that wants ``SECRET`` as its token."""
        raise NotImplementedError

    def source(self, wire: Any, clock: LeapingClock) -> Source:
        """The source under test, on that server, with ``SECRET`` and ``deadline_s``."""
        raise NotImplementedError

    def change(self, wire: Any) -> None:
        """Make something different."""
        raise NotImplementedError

    def remove(self, wire: Any) -> None:
        """Make something vanish."""
        raise NotImplementedError

    def shown(self, watcher: Watcher) -> object:
        """What the folded state shows of the source, to compare."""
        raise NotImplementedError

    def gone(self, event: Event) -> bool | None:
        """Whether the event tells of something that vanished, and if so whether it was witnessed."""
        ended = getattr(event, "gone", ()) or getattr(event, "resolved", ())
        return bool(getattr(event, "witnessed", True)) if ended else None

    @asynccontextmanager
    async def rig(self) -> AsyncIterator[tuple[Any, Watcher]]:
        """A server and the source watching it."""
        clock = LeapingClock()
        async with self.wire() as wire, watching(self.source(wire, clock), clock) as watcher:
            yield wire, watcher

    async def test_the_first_complete_look_shows_everything_and_then_says_synced(self) -> None:
        async with self.rig() as (_, seen):
            await seen.synced()
            assert isinstance(seen.events[-1], SourceSynced)
            assert len(seen.events) > 2, "announced, something seen, synced"
            assert self.shown(seen)

    async def test_looking_at_what_did_not_change_is_told_without_repeating_it(self) -> None:
        async with self.rig() as (_, seen):
            await seen.synced()
            first = len(seen.of(NodesChanged)) + len(seen.of(WorkloadsChanged))
            if self.loses_things:
                await seen.next(SourcePolled)
                await seen.next(SourcePolled)
            assert len(seen.of(NodesChanged)) + len(seen.of(WorkloadsChanged)) == first
            details = [event.detail for event in seen.of(SourceSynced)]
            assert len(details) == len(set(details)), "synced is only told again with something new to say"

    async def test_a_change_is_seen(self) -> None:
        async with self.rig() as (wire, seen):
            await seen.synced()
            before = self.shown(seen)
            self.change(wire)
            await seen.until(lambda: self.shown(seen) != before, what="the change")

    async def test_what_vanishes_before_our_eyes_is_witnessed(self) -> None:
        if not self.loses_things:
            return
        async with self.rig() as (wire, seen):
            await seen.synced()
            self.remove(wire)
            await seen.until(lambda: self._gone(seen), what="something gone")
            assert self._gone(seen)[0] is True

    async def test_what_is_away_is_missed_and_found_again(self) -> None:
        async with self.rig() as (wire, seen):
            await seen.synced()
            await wire.go()
            lost = await seen.lost()
            assert any(words in lost.reason for words in self.away), lost.reason
            await wire.come()
            await seen.synced()

    async def test_what_is_away_at_the_start_is_waited_for(self) -> None:
        clock = LeapingClock()
        async with self.wire() as wire:
            await wire.go()
            async with watching(self.source(wire, clock), clock) as seen:
                await seen.lost()
                await wire.come()
                await seen.synced()

    def _gone(self, seen: Watcher) -> list[bool]:
        return [told for told in map(self.gone, seen.events) if told is not None]


class SourceSuite(LookingSuite):
    """The same for a source that asks a server, with all that a server does wrong."""

    async def test_what_vanishes_while_we_are_blind_is_unwitnessed(self) -> None:
        if not self.loses_things:
            return
        async with self.rig() as (wire, seen):
            await seen.synced()
            wire.fault = Fault.BROKEN
            await seen.lost()
            self.remove(wire)
            wire.fault = Fault.NONE
            await seen.synced()
            assert self._gone(seen)[0] is False

    async def _loses(self, fault: Fault, *words: str) -> SourceLost:
        """A fault makes it lost in clear words, the last facts stay, and it comes back by itself."""
        async with self.rig() as (wire, seen):
            await seen.synced()
            before = self.shown(seen)
            wire.fault = fault
            lost = await seen.lost()
            for word in words:
                assert word in lost.reason, lost.reason
            assert lost.retry_s, "it says when it tries again"
            assert self.shown(seen) == before
            assert SECRET not in msgspec.json.encode(seen.events).decode()
            wire.fault = Fault.NONE
            await seen.synced()
            return lost

    async def test_an_error_that_repeats_the_token_is_shown_without_it(self) -> None:
        lost = await self._loses(Fault.ECHOES, "***")
        assert SECRET not in lost.reason

    async def test_401_says_signed_out(self) -> None:
        await self._loses(Fault.DENIES, "signed out", "401")

    async def test_403_says_not_allowed(self) -> None:
        await self._loses(Fault.FORBIDS, "not allowed", "403")

    async def test_429_waits_as_long_as_the_server_asks(self) -> None:
        lost = await self._loses(Fault.SLOW_DOWN, "slow down", "40 s")
        assert lost.retry_s is not None
        assert lost.retry_s >= 40

    async def test_a_body_cut_off_is_never_taken_for_a_shorter_list(self) -> None:
        await self._loses(Fault.CUT, "cut off")

    async def test_a_server_error_is_named(self) -> None:
        await self._loses(Fault.BROKEN, "503")

    async def test_a_login_page_is_no_answer(self) -> None:
        await self._loses(Fault.HTML, "HTML", "Please sign in")

    async def test_garbage_is_no_answer_and_is_shown_neutralised(self) -> None:
        lost = await self._loses(Fault.GARBAGE, "no JSON")
        assert "\x1b" not in lost.reason

    async def test_silence_ends_at_the_deadline(self) -> None:
        await self._loses(Fault.SILENT, f"no answer within {self.deadline_s:g} s")

    async def test_a_slow_drip_ends_at_the_deadline(self) -> None:
        await self._loses(Fault.DRIP, f"no answer within {self.deadline_s:g} s")

    async def test_an_endless_answer_is_not_read_to_its_end(self) -> None:
        async with self.rig() as (wire, seen):
            await seen.synced()
            wire.fault = Fault.ENDLESS
            lost = await seen.lost()
            assert "MiB" in lost.reason or "no answer within" in lost.reason

    async def test_a_redirect_is_refused_and_nothing_is_sent_elsewhere(self) -> None:
        async with Stranger() as stranger, self.rig() as (wire, seen):
            await seen.synced()
            wire.redirect_to = f"{stranger.url}/steal"
            wire.fault = Fault.REDIRECTS
            lost = await seen.lost()
            assert "redirect refused" in lost.reason
            assert stranger.requests == []

    @pytest.mark.parametrize("place", ["http://[no-address", "//", "javascript:alert(1)", "/same/place"])
    async def test_a_redirect_to_nonsense_is_an_answer_nobody_can_use(self, place: str) -> None:
        async with self.rig() as (wire, seen):
            await seen.synced()
            wire.redirect_to = place
            wire.fault = Fault.REDIRECTS
            await seen.lost()
            wire.fault = Fault.NONE
            await seen.synced()

    async def test_it_can_be_cancelled_within_a_frame_while_the_server_is_silent(self) -> None:
        clock = LeapingClock()
        async with self.wire() as wire:
            wire.fault = Fault.SILENT
            source = self.source(wire, clock)
            async with asyncio.TaskGroup() as crew:
                task = crew.create_task(Watcher(source, clock).run())
                while not wire.requests:  # noqa: ASYNC110 - a server that says nothing wakes nobody
                    await asyncio.sleep(0.01)
                began = time.perf_counter()
                task.cancel()
                await asyncio.wait([task])
                await source.close()
                assert time.perf_counter() - began < FRAME_S

    async def test_the_token_is_sent_to_its_server_and_shown_nowhere(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        async with self.rig() as (wire, seen):
            await seen.synced()
            assert any(SECRET in value for value in wire.requests[-1].headers.values())
            assert SECRET not in msgspec.json.encode(seen.events).decode()
            assert SECRET not in repr(vars(seen.source)) + str(seen.source)
            assert SECRET not in caplog.text
