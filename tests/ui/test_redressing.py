"""The looks of a running screen: a theme read anew, one that breaks, another one, and the bell."""

from pathlib import Path

import pytest
from rich.color import ColorType

from tests.ui.incident import sev1_room
from tests.ui.stage import StillRoom, repainted, screen_text
from tests.views.any_state import MAYA
from warroom.errors import WarroomError
from warroom.events.alerts import AlertsChanged
from warroom.model.nouns import Alert, AlertState, Fingerprint
from warroom.model.text import Safe
from warroom.ui.alarm import AGAIN_S, Alarm
from warroom.ui.app import WarroomApp
from warroom.ui.looks import Looks, Wanted
from warroom.ui.screens.room import RoomScreen
from warroom.ui.terminal import terminal

HEAD = 'schema = 1\nname = "mine"\n'
TRUE = terminal({"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"})


def inks(app: WarroomApp) -> set[str]:
    """Every colour on screen, as Rich names it."""
    strips = app.screen._compositor.render_strips()
    styles = [segment.style for strip in strips for segment in strip if segment.style]
    return {one.name for style in styles for one in (style.color, style.bgcolor) if one}


async def test_a_theme_that_changes_is_shown_and_one_that_breaks_leaves_the_old_looks(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD + '[palette]\nred = "#ff0101"\n', "utf-8")
    app = WarroomApp(sev1_room(), Looks(TRUE, Wanted(theme=str(path), folder=tmp_path)))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        assert "#ff0101" in inks(app)
        path.write_text(HEAD + '[palette]\nred = "#ff0202"\n# longer\n', "utf-8")
        app.look_again()
        await pilot.pause()
        assert "theme mine read anew" in screen_text(app)
        assert "#ff0202" in inks(app)
        assert "#ff0101" not in inks(app)
        path.write_text(HEAD + '[palette]\nred = "reddish"\n', "utf-8")
        app.look_again()
        await pilot.pause()
        assert "old looks kept: the theme mine.toml: [roles] sev1.background must be a" in screen_text(app)
        assert "#ff0202" in inks(app)
        app.look_again()
        path.unlink()
        app.look_again()
        await pilot.pause()
        assert "#ff0202" in inks(app)


async def test_a_theme_is_read_anew_under_an_open_dialog_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(HEAD, "utf-8")
    app = WarroomApp(sev1_room(), Looks(TRUE, Wanted(theme=str(path), folder=tmp_path)))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press("3", "x")
        await pilot.pause()
        path.write_text(HEAD + '[palette]\nink = "#fefefe"\nsky = "#00fefe"\n', "utf-8")
        app.look_again()
        await pilot.pause()
        assert {"#fefefe", "#00fefe"} <= inks(app)


async def test_another_theme_is_taken_at_once_and_a_misspelt_one_changes_nothing() -> None:
    app = WarroomApp(sev1_room(), Looks(TRUE))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, RoomScreen)
        app.use_theme("warroom-light")
        await pilot.pause()
        before = inks_of_room(app)
        assert "#fbfbf9" in before
        with pytest.raises(WarroomError):
            app.use_theme("warroom-lihgt")
        await repainted(screen, pilot)
        assert inks(app) == before
        app.use_theme("warroom-mono")
        await repainted(screen, pilot)
        assert all(ColorType.DEFAULT.name.lower() in ink for ink in inks(app)), inks(app)


def alert(number: int, severity: str = "warning") -> AlertsChanged:
    one = Alert(Fingerprint(f"f{number}"), Safe(f"A{number}"), severity=severity, state=AlertState.FIRING)
    return AlertsChanged((one,))


def test_the_bell_rings_when_more_alerts_fire_and_not_for_what_was_so_before() -> None:
    room, alarm = StillRoom(alert(1)), Alarm()
    assert not alarm.rings(room.state, 0)
    room.add(alert(2))
    assert alarm.rings(room.state, 1)
    room.add(alert(3))
    assert not alarm.rings(room.state, 1 + AGAIN_S / 2), "many at once are one bell"
    assert not alarm.rings(room.state, 10), "nothing is worse than before"
    room.add(alert(3, "critical"))
    assert alarm.rings(room.state, 20)
    room.add(alert(3, "info"), by=MAYA)
    assert not alarm.rings(room.state, 30)


async def test_a_theme_is_seen_while_it_is_being_chosen_and_esc_brings_the_old_looks_back() -> None:
    app = WarroomApp(sev1_room(), Looks(TRUE, Wanted(theme="warroom-dark")))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.pause()
        before = inks_of_room(app)
        await pilot.press("colon", *"theme", "space")
        await pilot.pause()
        assert inks_of_room(app) == before
        shown = set()
        for _ in range(4):
            await pilot.press("tab")
            await pilot.pause()
            shown.add(frozenset(inks_of_room(app)))
        assert len(shown) > 2, "each candidate of the completion is seen"
        await pilot.press("escape")
        await pilot.pause()
        assert inks_of_room(app) == before
        assert app.looks.theme.name == "warroom-dark"
        await pilot.press("colon", *"theme warroom-light")
        await pilot.pause()
        light = inks_of_room(app)
        assert light != before
        await pilot.press("enter")
        await pilot.pause()
        assert inks_of_room(app) == light
        app.look_again()
        await pilot.pause()
        assert inks_of_room(app) == light


async def test_a_broken_theme_is_said_while_it_is_being_chosen_and_the_old_looks_stay(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text(HEAD + '[palette]\nred = "reddish"\n', "utf-8")
    app = WarroomApp(sev1_room(), Looks(TRUE, Wanted(theme="warroom-dark", folder=tmp_path)))
    async with app.run_test(size=(160, 40)) as pilot:
        await pilot.pause()
        before = inks_of_room(app)
        await pilot.press("colon", *"theme mine")
        await pilot.pause()
        assert "old looks kept: the theme mine.toml: [roles]" in screen_text(app)
        assert inks_of_room(app) == before


def inks_of_room(app: WarroomApp) -> set[str]:
    """Every colour of the room's own screen, below whatever is open."""
    room = next(screen for screen in app.screen_stack if isinstance(screen, RoomScreen))
    lines = [part.render_line(y) for part in room.shown() for y in range(part.outer_size.height)]
    lines += [bar.render_line(0) for bar in (room.flash_line, room.footer_line)]
    styles = [segment.style for one in lines for segment in one if segment.style]
    return {one.name for style in styles for one in (style.color, style.bgcolor) if one}
