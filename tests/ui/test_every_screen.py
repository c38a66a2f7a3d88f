"""Every screen and dialog at every size and in every tier: nothing crashes, nothing is wider than the screen."""

from collections.abc import Iterator

import pytest
from rich.color import ColorType
from textual.app import App
from textual.pilot import Pilot
from textual.strip import Strip

from tests.ui.responses import waiting_room
from tests.ui.stage import on_screen
from tests.ui.test_dialogs import armed
from tests.ui.test_golden import compare
from warroom.ui.app import WarroomApp
from warroom.ui.boards import TABS
from warroom.ui.screens.dialogs import Confirm
from warroom.ui.screens.room import RoomScreen

SIZES = ((40, 10), (60, 15), (80, 24), (120, 40), (200, 60))
TIERS: dict[str, dict[str, str]] = {
    "truecolor": {},
    "256": {"TEXTUAL_COLOR_SYSTEM": "256"},
    "16": {"TEXTUAL_COLOR_SYSTEM": "standard"},
    "mono": {"NO_COLOR": "1"},
    "ascii": {"NO_COLOR": "1", "LC_ALL": "C"},
}
ALLOWED = {
    "truecolor": {ColorType.TRUECOLOR, ColorType.DEFAULT},
    "256": {ColorType.EIGHT_BIT, ColorType.DEFAULT},
    "16": {ColorType.STANDARD, ColorType.DEFAULT},
    "mono": {ColorType.DEFAULT},
    "ascii": {ColorType.DEFAULT},
}
SCREENS: dict[str, tuple[str, ...]] = {
    **{f"pane {n}": (str(n),) for n in range(1, 8)},
    **{f"pane {n} zoomed": (str(n), "z") for n in range(1, 8)},
    **{f"entry of pane {n}": (str(n), "g", "enter") for n in range(1, 8)},
    **{f"board {tab}": ("R", str(n)) for n, tab in enumerate(TABS, 1)},
    "keys": ("question_mark",),
    "actions": ("3", "x"),
    "plan": ("3", "b", "x", "enter", *"bad", "enter"),
    "incident": ("X",),
    "search": ("slash",),
    "note": ("a",),
    "log held": ("6", "k", "w"),
    "what changed": ("W",),
    "next step": ("N",),
    "update": ("T",),
    "unlock": ("U",),
}


def strips(app: App[str]) -> list[Strip]:
    return list(app.screen._compositor.render_strips())


def kinds(drawn: list[Strip]) -> set[ColorType]:
    styles = [segment.style for strip in drawn for segment in strip if segment.style]
    return {one.type for style in styles for one in (style.color, style.bgcolor) if one}


async def back(screen: RoomScreen, pilot: Pilot[str]) -> None:
    """To the room as it is without any dialog, search, zoom or selection."""
    left = 8
    while screen.app.screen is not screen or screen.zoomed:
        assert left, screen.app.screen
        left -= 1
        await pilot.press("escape")
    await pilot.press("escape", "escape")


def cases() -> Iterator[tuple[str, tuple[int, int]]]:
    """One tier at every size, the others at one: a tier changes no text."""
    for tier in TIERS:
        for size in SIZES if tier == "ascii" else SIZES[2:3]:
            yield tier, size


@pytest.mark.slow
@pytest.mark.parametrize(("tier", "size"), [*cases()], ids=lambda case: str(case).replace(", ", "x"))
async def test_a_screen_fits_and_has_no_more_than_its_terminal_shows(
    tier: str, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in TIERS[tier].items():
        monkeypatch.setenv(name, value)
    async with on_screen(waiting_room(), width=size[0], height=size[1]) as (screen, pilot):
        for name, keys in SCREENS.items():
            for key in keys:
                await pilot.press(key)
            await pilot.pause()
            drawn = strips(screen.app)
            where = (name, tier, size)
            assert [strip.cell_length for strip in drawn] == [size[0]] * size[1], where
            # In 256 colours what a dialog covers is dimmed by Textual, and what it writes to is its own.
            if tier != "256" or screen.app.screen is screen:
                assert kinds(drawn) <= ALLOWED[tier], where
            if tier == "ascii":
                assert [strip.text for strip in drawn if not strip.text.isascii()] == [], where
            await back(screen, pilot)


async def test_in_ascii_all_of_it_looks_as_it_did(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in TIERS["ascii"].items():
        monkeypatch.setenv(name, value)
    async with on_screen(waiting_room(), width=80, height=24) as (screen, pilot):
        pages = []
        for name in ("pane 2", "pane 3", "pane 5", "pane 7", "board checklist", "plan"):
            for key in SCREENS[name]:
                await pilot.press(key)
            await pilot.pause()
            if isinstance(screen.app.screen, Confirm):
                await armed(pilot, screen.app.screen)
                await pilot.pause()
            pages += [f"[{name}]", *(strip.text.rstrip() for strip in strips(screen.app))]
            await back(screen, pilot)
        compare("ascii-80x24", "\n".join(pages))


async def test_live_resizing_ends_in_a_whole_screen_again() -> None:
    async with on_screen(waiting_room(), width=120, height=40) as (screen, pilot):
        for width, height in (*SIZES, *SIZES[::-1], (1, 1), (20, 5), (120, 40)):
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            drawn = strips(screen.app)
            assert [strip.cell_length for strip in drawn] == [width] * height
        assert isinstance(screen.app, WarroomApp)
        assert "Alerts" in "".join(strip.text for strip in drawn)
