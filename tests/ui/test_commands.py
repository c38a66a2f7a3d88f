"""The command line: what keys do, by words; what cannot be done is said, and what was typed stays."""

from datetime import UTC, datetime

import pytest
from textual.pilot import Pilot

from tests.ui.incident import recorded_incident, sev1_room
from tests.ui.stage import on_screen, screen_text
from warroom.errors import WarroomError
from warroom.host.player import Player
from warroom.model.times import parse_time
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.commands import read_command, words_for
from warroom.ui.keys import keys_for
from warroom.ui.screens.prompt import Prompt


async def command(pilot: Pilot[str], text: str) -> None:
    """Type a command as a person does."""
    await pilot.press("colon")
    await pilot.pause()
    assert isinstance(pilot.app.screen, Prompt)
    pilot.app.screen.entry.value = text
    await pilot.press("enter")
    await pilot.pause()


@pytest.mark.parametrize("replay", [False, True])
def test_every_key_has_a_word_of_its_own(replay: bool) -> None:
    by_key: dict[str, str] = {}
    for word in words_for(replay).values():
        if word.key:
            assert word.key not in by_key, f"{word.name} and {by_key[word.key]} are the same key"
            by_key[word.key] = word.name
    assert {key.id for key in keys_for(replay)} - by_key.keys() == {"prompt"}


@pytest.mark.parametrize("replay", [False, True])
def test_every_word_is_read_in_the_room_that_has_it(replay: bool) -> None:
    for word in words_for(replay).values():
        assert read_command(word.name if word.key else f"{word.name} 1 x", replay=replay).word == word


def test_a_replay_knows_no_word_that_acts() -> None:
    with pytest.raises(WarroomError, match="no command 'resolve' here"):
        read_command("resolve it is over", replay=True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nodse", "did you mean nodes?"),
        ("goto", "goto wants TIME"),
        ("goto later", "a time is written like"),
        ("zoom now", "zoom takes nothing"),
        ("nodes /a(/", "cannot be read"),
        ("severity bad", "from 1 to 4"),
        ("theme nosuch", "no theme 'nosuch'"),
        ("filter use nosuch", "no filter is saved"),
        ("filter save", "filter save NAME"),
    ],
)
async def test_a_command_that_cannot_be_done_is_said_and_stays(text: str, said: str) -> None:
    async with on_screen(sev1_room(), width=80, height=24) as (_, pilot):
        await command(pilot, text)
        assert isinstance(pilot.app.screen, Prompt)
        assert pilot.app.screen.entry.value == text
        assert said in screen_text(pilot.app)


async def test_a_pane_is_gone_to_and_filtered_in_one_line() -> None:
    async with on_screen(sev1_room()) as (screen, pilot):
        await command(pilot, "nodes /gpu-01|gpu-02 !gpu-02")
        assert screen.focused_name == "nodes"
        assert screen.pane.matched == (1, 8)
        await command(pilot, "filter save mine")
        await command(pilot, "filter clear")
        assert not screen.pane.passing
        await command(pilot, "filter use mine")
        assert screen.pane.matched == (1, 8)


async def test_a_word_does_what_its_key_does() -> None:
    async with on_screen(sev1_room()) as (screen, pilot):
        await command(pilot, "zoom")
        assert screen.zoomed
        await command(pilot, "faults")
        assert screen.faults_only


async def test_goto_moves_what_has_times_in_a_live_room() -> None:
    async with on_screen(sev1_room()) as (screen, pilot):
        await command(pilot, "goto -5s")
        assert screen.pointed == parse_time("-5s", screen.feed.now)


async def test_goto_moves_the_playhead_in_a_replay_also_by_the_time_alone() -> None:
    player = Player(MemoryRecording(recorded_incident()), title="sev1")
    async with on_screen(player) as (_, pilot):
        await command(pilot, "14:00:05")
        assert f"{player.now:%H:%M:%S}" == "14:00:05"
        await command(pilot, "goto 14:00:07")
        assert f"{player.now:%H:%M:%S}" == "14:00:07"


async def test_tab_goes_on_and_up_brings_back_what_was_typed() -> None:
    async with on_screen(sev1_room()) as (_, pilot):
        await command(pilot, "zoom")
        await pilot.press("colon", "up")
        await pilot.pause()
        prompt = pilot.app.screen
        assert isinstance(prompt, Prompt)
        assert prompt.entry.value == "zoom"
        prompt.entry.value = "timel"
        await pilot.press("tab")
        await pilot.pause()
        assert prompt.entry.value == "timeline "


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("yesterday 23:50", datetime(2026, 3, 1, 23, 50, tzinfo=UTC)),
        ("23:50", datetime(2026, 3, 1, 23, 50, tzinfo=UTC)),
        ("00:05", datetime(2026, 3, 2, 0, 5, tzinfo=UTC)),
        ("-20m", datetime(2026, 3, 1, 23, 50, tzinfo=UTC)),
    ],
)
def test_a_time_is_found_across_midnight(typed: str, meant: datetime) -> None:
    assert parse_time(typed, datetime(2026, 3, 2, 0, 10, tzinfo=UTC)) == meant


@pytest.mark.parametrize("replay", [False, True])
async def test_the_footer_of_the_smallest_screen_names_help_commands_and_the_way_out(replay: bool) -> None:
    feed = Player(MemoryRecording(recorded_incident()), title="sev1") if replay else sev1_room()
    async with on_screen(feed, width=80, height=24) as (_, pilot):
        footer = screen_text(pilot.app).splitlines()[-1]
        assert all(word in footer for word in ("? keys", ": command", "q leave"))
