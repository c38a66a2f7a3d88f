"""What a person arranged is there on the next screen; layouts of one's own; a broken file keeps nobody out."""

from pathlib import Path

import pytest

from tests.ui.pressing import RecordedRoom, press
from tests.ui.stage import on_screen, screen_text
from warroom.config import load_config, places
from warroom.config_file import Raw
from warroom.events.metrics import Indicator
from warroom.model.commands import MetricRange, MetricsFound, Query
from warroom.model.text import Safe
from warroom.ui.layout import arrange, panes_of
from warroom.ui.memory import Memory
from warroom.ui.own_layouts import own_layouts
from warroom.ui.preferences import Preferences, preferences
from warroom.ui.presets import PRESETS, Row
from warroom.ui.screens.plot import Plot
from warroom.ui.screens.room import RoomScreen


class PlottedRoom(RecordedRoom):
    """A room that also answers what is plotted."""

    async def ask(self, query: Query) -> object:
        if isinstance(query, MetricRange):
            return MetricsFound((), Safe("a"), Safe("test"))
        return await super().ask(query)


def own(folder: Path) -> Preferences:
    return Preferences(kept=folder / "typed.json")


async def test_layout_and_log_view_are_as_they_were_left(tmp_path: Path) -> None:
    async with on_screen(RecordedRoom(), preferences=own(tmp_path)) as (room, _):
        await press(room.app, "v", "v", "6", "i", "i", "t", "t", "w")
        left = arranged(room)
        assert left == ("diagnose", "warn", "relative", True)
    async with on_screen(RecordedRoom(), preferences=own(tmp_path)) as (room, _):
        assert arranged(room) == left
        assert room.timeline.stamps.kind == "relative"
        await press(room.app, "0", "6", "i", "i", "t", "w")
    async with on_screen(RecordedRoom(), preferences=own(tmp_path)) as (room, _):
        assert arranged(room) == ("overview", "", "utc", False)


def arranged(room: RoomScreen) -> tuple[str, str, str, bool]:
    return (
        room.layout_name,
        room.logs.window.sieve.level,
        room.logs.stamps.kind,
        room.logs.view.wrapped,
    )


async def test_a_query_that_was_plotted_is_offered_by_the_next_screen(tmp_path: Path) -> None:
    async with on_screen(PlottedRoom(), preferences=own(tmp_path)) as (room, _):
        plot = Plot(room.look, room.feed, room.moment, Indicator("a", Safe("a")), room.metrics.typed)
        plot.keep = lambda query: room.memory.keep("plot", query)
        room.app.push_screen(plot)
        await press(room.app, "slash", *"up{}", "enter")
    async with on_screen(PlottedRoom(), preferences=own(tmp_path)) as (room, _):
        assert room.metrics.typed == ["up{}"]


@pytest.mark.parametrize(
    "broken", ["{", "[]", '{"typed": []}', '{"filters": {"a": 3}}', '{"typed": {"command": "x"}}', "\x00"]
)
async def test_a_broken_file_is_one_sentence_defaults_and_nothing_lost(tmp_path: Path, broken: str) -> None:
    kept = tmp_path / "typed.json"
    kept.write_text(broken)
    async with on_screen(RecordedRoom(), preferences=own(tmp_path), width=200) as (room, _):
        assert f"what was typed and chosen before is not there: {kept} cannot be read" in screen_text(
            room.app
        )
        assert arranged(room) == ("overview", "", "utc", False)
        assert kept.read_text() == broken
        await press(room.app, "v")
    assert (tmp_path / "typed.json.broken").read_text() == broken
    assert Memory(kept).chosen("layout") == "triage"


def test_a_bytes_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "typed.json").write_bytes(b"\xff\xfe")
    assert "cannot be read" in Memory(tmp_path / "typed.json").trouble


def test_two_screens_of_one_person_do_not_forget_each_others_words(tmp_path: Path) -> None:
    one, other = Memory(tmp_path / "typed.json"), Memory(tmp_path / "typed.json")
    one.keep("command", "nodes /a")
    other.save("mine", "pay")
    one.choose("layout", "logs")
    last = Memory(tmp_path / "typed.json")
    assert (last.typed("command"), last.filters, last.chosen("layout")) == (
        ["nodes /a"],
        {"mine": "pay"},
        "logs",
    )


async def test_a_layout_that_is_not_in_the_config_any_more_is_the_overview(tmp_path: Path) -> None:
    Memory(tmp_path / "typed.json").choose("layout", "gone")
    async with on_screen(RecordedRoom(), preferences=own(tmp_path)) as (room, _):
        assert room.layout_name == "overview"


NIGHT = '[layout.night]\nrows = ["alerts:7 timeline:5", "logs"]\nheights = [1, 2]\n'


async def test_a_layout_of_ones_own_is_one_of_those_to_go_through(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(NIGHT)
    environ = {"WARROOM_HOME": str(tmp_path)}
    found = preferences(load_config(places(environ), environ), environ, tmp_path / "typed.json")
    assert found.refused == ()
    assert panes_of("night", found.presets) == ("alerts", "timeline", "logs")
    async with on_screen(RecordedRoom(), preferences=found) as (room, _):
        await press(room.app, "V")
        assert room.layout_name == "night"
        assert [name for name, pane in room.panes.items() if pane.display] == ["alerts", "logs", "timeline"]
        assert room.panes["alerts"].outer_size.width == 70
        assert room.panes["logs"].outer_size.height == 24
        await press(room.app, "0", "colon", *"layout ni", "tab", "enter")
        assert room.layout_name == "night"


def layouts(**tables: object) -> tuple[str, ...]:
    return own_layouts(
        {name: Raw(f"layout.{name}", value, "config.toml:4") for name, value in tables.items()}
    ).refused


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ({}, "it needs rows"),
        (3, "it needs rows"),
        ({"rows": ["alerst"]}, "there is no pane alerst; did you mean alerts?"),
        ({"rows": ["alerts", "logs alerts"]}, "alerts stands there twice"),
        ({"rows": ["logs logs"]}, "logs stands there twice"),
        ({"rows": ["logs:0"]}, "the share in logs:0 is a number from 1 to 100"),
        ({"rows": ["logs:x"]}, "the share in logs:x is a number"),
        ({"rows": ["logs:²"]}, "is a number from 1 to 100"),
        ({"rows": "logs"}, "rows is a list of texts"),
        ({"rows": ["logs", " "]}, "rows is a list of texts"),
        ({"rows": ["logs"], "heights": [1, 2]}, "heights has a number from 1 to 100 for each"),
        ({"rows": ["logs"], "heights": [True]}, "heights has a number"),
        ({"rows": ["logs"], "height": [1]}, "unknown key height; did you mean heights?"),
    ],
)
def test_what_is_wrong_with_a_layout_is_said_with_its_place(table: object, said: str) -> None:
    [sentence] = layouts(night=table)
    assert sentence.startswith("config.toml:4: layout.night: ")
    assert said in sentence


def test_a_layout_cannot_be_called_overview_but_may_take_the_place_of_one_that_ships() -> None:
    assert layouts(overview={"rows": ["logs"]}) != ()
    mine = own_layouts({"triage": Raw("layout.triage", {"rows": ["logs"]}, "config.toml:1")})
    assert mine.refused == ()
    assert mine.presets["triage"].rows == (Row(1, {"logs": 1}),)
    assert list(arrange(120, 40, "logs", zoomed=False, layout="triage", presets=mine.presets)) == ["logs"]
    assert PRESETS["triage"].rows != mine.presets["triage"].rows
