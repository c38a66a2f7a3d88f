"""One time that Metrics, Logs and Timeline show together, live and in a replay."""

import re
from datetime import timedelta
from typing import Any

import pytest

from tests.ui.incident import recorded_incident, sev1_room
from tests.ui.stage import on_screen, repainted
from tests.views.any_state import START
from warroom.host.player import Player
from warroom.testing.memory_recording import MemoryRecording


def feeds() -> list[Any]:
    room = sev1_room()
    player = Player(MemoryRecording(room.tape.envelopes), title="replay")
    player.seek_ms(player.last_ms)
    return [room, player]


@pytest.mark.parametrize("feed", feeds(), ids=["live", "replay"])
async def test_moving_in_one_pane_moves_the_others_and_esc_is_now_again(feed: Any) -> None:
    async with on_screen(feed, width=200, height=60) as (screen, pilot):
        await pilot.press("7", "k", "k", "k", "k")
        moment = screen.timeline.moment(feed.state)
        shown = await repainted(screen, pilot)
        assert moment is not None
        assert screen.pointed == moment.observed_time
        assert shown.count(f"at {moment.observed_time:%H:%M:%S}Z, Esc now") == 3
        assert not screen.logs.view.following
        await pilot.press("escape")
        shown = await repainted(screen, pilot)
        assert "Esc now" not in shown
        assert screen.logs.view.following
        assert screen.timeline.view.following


@pytest.mark.parametrize("feed", feeds(), ids=["live", "replay"])
async def test_a_column_of_the_metrics_is_a_time_of_the_log(feed: Any) -> None:
    async with on_screen(feed, width=200, height=60) as (screen, pilot):
        await pilot.press("5", "left_parenthesis", "left_parenthesis")
        shown = await repainted(screen, pilot)
        assert screen.metrics.at is not None
        assert screen.pointed == screen.metrics.at
        assert len(re.findall(r"at \d\d:\d\d:\d\dZ, Esc now", shown)) == 3
        await pilot.press("right_parenthesis", "right_parenthesis")
        assert screen.pointed is None


async def test_a_time_that_is_typed_is_looked_at_and_a_bad_one_changes_nothing() -> None:
    async with on_screen(sev1_room(), width=200, height=60) as (screen, pilot):
        await pilot.press("at", *"14:00:05", "enter")
        await pilot.pause()
        assert screen.pointed == START + timedelta(seconds=5)
        await pilot.press("at", *"25:99", "enter")
        assert screen.pointed == START + timedelta(seconds=5)
        assert "a time is written like" in await repainted(screen, pilot)
        await pilot.press("at", *"now", "enter")
        await pilot.pause()
        assert screen.pointed is None


async def test_a_playhead_that_goes_back_takes_the_time_cursor_along() -> None:
    player = Player(MemoryRecording(recorded_incident()), title="replay")
    async with on_screen(player) as (screen, pilot):
        player.seek_ms(player.last_ms)
        await pilot.press("7", "k")
        assert screen.pointed is not None
        player.seek_ms(player.first_ms)
        await repainted(screen, pilot)
        assert screen.pointed is None


async def test_a_moment_opens_its_facts_and_leads_to_the_log_of_its_time() -> None:
    async with on_screen(sev1_room(), width=120, height=40) as (screen, pilot):
        await pilot.press("7", "k", "k", "enter")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert "happened" in shown
        assert "the log at" in shown
        await pilot.press("enter")
        await pilot.pause()
        assert screen.focused_name == "logs"
        assert screen.pointed is not None


async def test_the_other_clock_keeps_the_moment_and_critical_ones_are_a_key_apart() -> None:
    room = sev1_room()
    async with on_screen(room, width=120, height=40) as (screen, pilot):
        await pilot.press("7", "{")
        moment = screen.timeline.moment(room.state)
        assert moment is not None
        assert moment.role in ("critical", "lost", "sev1")
        await pilot.press("K")
        assert "as it happened" in await repainted(screen, pilot)
        assert screen.timeline.moment(room.state) is moment
