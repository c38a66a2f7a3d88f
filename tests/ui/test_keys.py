"""The key table: every key is in the help, does something, and is nobody else's."""

from pathlib import Path

import pytest

from tests.ui.incident import calm_room
from tests.ui.keys_page import page
from tests.ui.stage import StillRoom, on_screen, screen_text
from warroom.ui.keys import FOOTER, KEYS, board_keys, footer_text, keys_for
from warroom.ui.screens.board import Board
from warroom.ui.screens.room import LiveScreen, ReplayScreen

TAKEN = {
    "ctrl+b": "tmux's prefix",
    "ctrl+a": "screen's prefix",
    "ctrl+@": "a common tmux prefix",
    "grave_accent": "a common tmux prefix",
    "ctrl+s": "flow control",
    "ctrl+q": "flow control, and Textual's own way out",
    "ctrl+c": "copying",
    "ctrl+backslash": "ends programs",
    "ctrl+h": "Backspace on the wire",
    "ctrl+j": "Enter on the wire",
    "ctrl+k": "deletes in other tools",
    "tilde": "ssh's escape character",
    "delete": "deletes in other tools",
    "backspace": "deletes in other tools",
    "r": "restarts in other tools",
    "d": "deletes in other tools",
}
ACTING = {
    *("actions", "acknowledge", "silence", "command", "unlock", "lock", "mark", "note", "select"),
    *("undo", "next_step", "tell_others", "pin", "pick('tick')", "pick('skip')", "pick('step')"),
}


@pytest.mark.parametrize("replay", [False, True])
def test_no_key_means_two_things(replay: bool) -> None:
    names = [name for key in keys_for(replay) for name in key.keys.split(",")]
    assert sorted(names) == sorted(set(names))


def test_no_key_belongs_to_tmux_ssh_or_the_terminal() -> None:
    used = {name: key.id for key in KEYS for name in key.keys.split(",")}
    assert {name: why for name, why in TAKEN.items() if name in used} == {}
    assert [name for name in used if name.startswith(("alt+", "super+", "ctrl+shift+"))] == []


@pytest.mark.parametrize("replay", [False, True])
def test_no_key_of_the_board_means_two_things(replay: bool) -> None:
    names = [name for key in board_keys(replay) for name in key.keys.split(",")]
    assert sorted(names) == sorted(set(names))
    missing = [key.id for key in board_keys(replay) if not hasattr(Board, f"action_{key.id.split('(')[0]}")]
    assert missing == []


@pytest.mark.parametrize(("screen", "replay"), [(LiveScreen, False), (ReplayScreen, True)])
def test_every_key_has_something_it_does(screen: type, replay: bool) -> None:
    missing = [key.id for key in keys_for(replay) if not hasattr(screen, f"action_{key.id.split('(')[0]}")]
    assert missing == []


def test_a_replay_has_no_key_that_acts() -> None:
    assert {key.id for key in (*keys_for(replay=True), *board_keys(replay=True))} & ACTING == set()
    assert {key.id for key in (*keys_for(replay=False), *board_keys(replay=False))} >= ACTING


async def test_the_help_has_every_key() -> None:
    async with on_screen(StillRoom(), width=140, height=100) as (_, pilot):
        await pilot.press("question_mark")
        await pilot.pause()
        shown = screen_text(pilot.app)
        assert [key.id for key in keys_for(replay=False) if key.help[:40] not in shown] == []


@pytest.mark.parametrize("replay", [False, True])
def test_the_footer_has_the_most_needed_keys_and_never_half_a_word(replay: bool) -> None:
    assert set(FOOTER) == {key.id for key in KEYS if key.footer}
    assert footer_text(20, replay=replay).startswith("? keys")
    whole = footer_text(500, replay=replay).split("  ")
    for width in range(10, 120):
        shown = footer_text(width, replay=replay)
        assert len(shown) <= width
        assert not shown or set(shown.split("  ")) <= set(whole)


def test_the_page_of_keys_is_the_table() -> None:
    path = Path(__file__).parents[2] / "docs" / "keys.md"
    again = "the keys changed: python -m tests.ui.keys_page > docs/keys.md"
    assert path.read_text("utf-8") == page(), again


@pytest.mark.parametrize(
    ("pane", "first", "never"), [("3", "blocks by rack", "as known"), ("7", "as known", "blocks by rack")]
)
async def test_help_begins_with_the_keys_of_the_pane_that_has_the_focus(
    pane: str, first: str, never: str
) -> None:
    async with on_screen(calm_room(), width=120, height=40) as (screen, pilot):
        await pilot.press(pane, "question_mark")
        await pilot.pause()
        here, _, everywhere = screen_text(screen.app).partition("everywhere")
        assert first in here
        assert never not in here
        assert "undo one layer" in everywhere
