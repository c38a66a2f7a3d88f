"""Every key of the table does what its help says, and whatever else comes from the terminal does nothing."""

import json
import string
from pathlib import Path

import pytest

from tests.ui.deeds import BOARD, LIVE, LIVE_BOARD, REPLAY
from tests.ui.pressing import RecordedRoom, done, press, recorded_player, seen, tell
from tests.ui.stage import on_screen
from tests.ui.test_keys import TAKEN
from tests.ui.test_terminal_input import ANSWERS, parsed
from warroom.ui.keys import Key, board_keys, keys_for
from warroom.ui.screens.board import LiveBoard, ReplayBoard
from warroom.ui.screens.room import LiveScreen, ReplayScreen

TABLES = {
    "LIVE": (LiveScreen, keys_for(replay=False), LIVE),
    "REPLAY": (ReplayScreen, keys_for(replay=True), REPLAY),
    "LIVE_BOARD": (LiveBoard, board_keys(replay=False), LIVE_BOARD),
    "BOARD": (ReplayBoard, board_keys(replay=True), BOARD),
}
CASES = [(table, key) for table, (_, keys, _) in TABLES.items() for key in keys]
CORPUS = json.loads((Path(__file__).parents[1] / "data" / "hostile-strings.json").read_text("utf-8"))[
    "strings"
]
REPORTS = {
    one["id"]: one["input"]
    for one in CORPUS
    if one["class"] == "report-back" and one["input"][0] in "\x1b\x9a"
}
"""What asks a terminal to report; some terminals send it back as it came."""
NAMED = (
    *(f"f{n}" for n in range(1, 25)),
    *(f"{held}+{key}" for held in ("ctrl", "alt") for key in string.ascii_lowercase),
    *(f"{held}+{key}" for held in ("shift", "ctrl", "ctrl+shift") for key in ("up", "down", "left", "right")),
    *("insert", "delete", "backspace", "shift+enter", "ctrl+enter", "ctrl+shift+a", "super+a"),
)


def feed_of(table: str) -> object:
    return RecordedRoom() if table.startswith("LIVE") else recorded_player()


def lacking(table: str, key: Key) -> str:
    where = "LOOKS" if key.where == "both" else "BOARD" if key.where == "board" else table
    return (
        f'{where} in tests/ui/deeds.py lacks: "{key.id}": Deed("KEYS THAT LEAD THERE", CHECK),'
        f" where CHECK compares what was seen before {key.shown} and after it, by its help: {key.help}"
    )


def names_of(keys: tuple[Key, ...]) -> set[str]:
    return {name for key in keys for name in key.keys.split(",")}


@pytest.mark.parametrize("table", TABLES)
def test_every_key_has_its_deed_and_every_deed_its_key(table: str) -> None:
    _, keys, deeds = TABLES[table]
    missing = [lacking(table, key) for key in keys if key.id not in deeds]
    assert not missing, "\n".join(missing)
    gone = deeds.keys() - {key.id for key in keys}
    assert not gone, f"{table} in tests/ui/deeds.py has deeds of keys that the table has no more: {gone}"


SAYS = "ctrl+c"
"""Does nothing either, and says the way out."""


@pytest.mark.parametrize("table", TABLES)
def test_every_name_of_a_key_leads_to_the_same(table: str) -> None:
    screen, keys, _ = TABLES[table]
    bound = {name: one.action for one in screen.BINDINGS for name in one.key.split(",")}
    assert {name: key.id for key in keys for name in key.keys.split(",")} == bound


@pytest.mark.parametrize(("table", "key"), CASES, ids=[f"{table} {key.id}" for table, key in CASES])
async def test_a_key_does_what_its_help_says(table: str, key: Key) -> None:
    deed = TABLES[table][2].get(key.id)
    assert deed is not None, lacking(table, key)
    async with on_screen(feed_of(table)) as (room, _):
        wrong = await done(room, deed, key)
        assert not wrong, f"{key.shown} is to do: {key.help}\n{wrong}"


@pytest.mark.parametrize("table", TABLES)
async def test_no_other_key_does_anything(table: str) -> None:
    """Neither printable ones nor those that belong to a multiplexer, to flow control or to ssh."""
    used = names_of(TABLES[table][1])
    typed = {message.key for one in string.printable for message in parsed([one])}  # type: ignore[attr-defined]
    others = [key for key in sorted({*typed, *NAMED, *TAKEN, "é", "ß", "界"} - {SAYS}) if key not in used]
    async with on_screen(feed_of(table)) as (room, pilot):
        await press(room.app, *(("R", "3") if "BOARD" in table else ("3",)))
        before = seen(room)
        for key in others:
            await press(room.app, key)
            assert seen(room) == before, key
        await pilot.pause()
        assert seen(room) == before


@pytest.mark.parametrize("table", TABLES)
async def test_no_answer_of_the_terminal_does_anything(table: str) -> None:
    async with on_screen(feed_of(table)) as (room, pilot):
        await press(room.app, *(("R", "3") if "BOARD" in table else ("3",)))
        before = seen(room)
        for name, answer in {**ANSWERS, **REPORTS}.items():
            for chunks in ([answer], [*answer]):
                await tell(room.app, *parsed(chunks))
                assert seen(room) == before, name
        await pilot.pause()
        assert seen(room) == before
        await tell(room.app, *parsed(["?"]))
        assert seen(room).dialog == "Reading", "what is typed comes through"
