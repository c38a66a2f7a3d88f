"""Keys of one's own: each key of the table can be put elsewhere; what cannot be is said, and the rest is in force."""

import string

import pytest
from textual.keys import _character_to_key

from tests.ui.deeds import BOARD, LIVE, LIVE_BOARD, REPLAY
from tests.ui.pressing import RecordedRoom, done, press, recorded_player, seen
from tests.ui.stage import on_screen, screen_text
from tests.ui.test_keys import TAKEN
from warroom.config_file import Raw
from warroom.errors import WarroomError
from warroom.ui.commands import name_of
from warroom.ui.key_names import NAMED, RESERVED, name_of_sign, read_key
from warroom.ui.keymap import FIXED, ids, remapped
from warroom.ui.keys import KEYS, Key, board_keys, footer_text, keys_for
from warroom.ui.preferences import Preferences

SOME = 9
"""One key in so many is also pressed; that what is bound to a key is done, ``test_deeds`` tries for all."""
OTHER = "f9"
"""A key that nothing is on."""
SCREENS = {
    "LIVE": (keys_for(replay=False), LIVE),
    "REPLAY": (keys_for(replay=True), REPLAY),
    "LIVE_BOARD": (board_keys(replay=False), LIVE_BOARD),
    "BOARD": (board_keys(replay=True), BOARD),
}
MOVABLE = [
    (screen, key)
    for screen, (keys, _) in SCREENS.items()
    for key in keys
    if name_of(key) not in FIXED and (screen in ("LIVE", "LIVE_BOARD") or key.where == "replay")
]


def wishes(**given: object) -> dict[str, Raw]:
    """A ``[keys]`` table, each wish on a line of its own."""
    named = {id_.replace("_", "-"): value for id_, value in given.items()}
    return {
        id_: Raw(f"keys.{id_}", value, f"config.toml:{n}") for n, (id_, value) in enumerate(named.items(), 2)
    }


def moved(key: Key) -> tuple[Key, ...]:
    found = remapped(wishes(**{name_of(key): OTHER}))
    assert found.refused == ()
    return found.keys


@pytest.mark.parametrize("screen", SCREENS)
async def test_every_key_can_be_put_elsewhere_at_once(screen: str) -> None:
    """With each id on a letter of another alphabet nothing is left where it was, and nothing is lost."""
    letters = dict(
        zip((id_ for id_ in ids() if id_ not in FIXED), map(chr, range(0x4E00, 0x4F00)), strict=False)
    )
    found = remapped(wishes(**letters))
    assert found.refused == ()
    feed = RecordedRoom() if screen.startswith("LIVE") else recorded_player()
    async with on_screen(feed, preferences=Preferences(found.keys)) as (room, _):
        if "BOARD" in screen:
            await press(room.app, letters["board"])
        bound = {name: one.action for name, one in room.app.screen._bindings}
    keys, _ = SCREENS[screen]
    moved_to = {letters[name_of(key)]: key.id for key in keys if name_of(key) not in FIXED}
    fixed = {name: key.id for key in keys if name_of(key) in FIXED for name in key.keys.split(",")}
    assert bound == moved_to | fixed


@pytest.mark.parametrize(
    ("screen", "key"), MOVABLE[::SOME], ids=[f"{screen} {key.id}" for screen, key in MOVABLE[::SOME]]
)
async def test_a_key_put_elsewhere_does_there_what_it_did(screen: str, key: Key) -> None:
    feed = RecordedRoom() if screen.startswith("LIVE") else recorded_player()
    keys = moved(key)
    mine = next(one for one in keys if one.id == key.id and one.where == key.where)
    assert (mine.keys, mine.shown) == (OTHER, "F9")
    async with on_screen(feed, preferences=Preferences(keys)) as (room, _):
        deed = SCREENS[screen][1][key.id]
        wrong = await done(room, deed, mine)
        assert not wrong, f"F9 is to do: {key.help}\n{wrong}"


async def test_what_a_key_was_on_before_does_nothing_any_more() -> None:
    async with on_screen(RecordedRoom(), preferences=Preferences(remapped(wishes(zoom=OTHER)).keys)) as (
        room,
        _,
    ):
        before = seen(room)
        await press(room.app, "z")
        assert seen(room) == before
        await press(room.app, OTHER)
        assert room.zoomed


def test_every_id_can_be_moved_to_a_key_that_is_free() -> None:
    for key in KEYS:
        if name_of(key) not in FIXED:
            assert {one.keys for one in moved(key) if name_of(one) == name_of(key)} == {OTHER}


@pytest.mark.parametrize("name", sorted(TAKEN.keys() - {"r", "d", "delete", "backspace"}))
def test_a_key_of_a_multiplexer_or_of_the_wire_is_refused(name: str) -> None:
    assert name in RESERVED
    found = remapped(wishes(zoom=name.replace("+@", "+space")))
    assert found.keys == KEYS
    [said] = found.refused
    assert said.startswith("config.toml:2: keys.zoom = ")
    assert RESERVED[name] in said


@pytest.mark.parametrize("name", ["r", "d", "delete", "backspace"])
def test_what_deletes_in_other_tools_may_look_but_not_write(name: str) -> None:
    assert remapped(wishes(zoom=name)).refused == ()
    [said] = remapped(wishes(silence=name)).refused
    assert "deletes or restarts in other tools" in said


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"fitler": "x"}, "config.toml:2: unknown key id in [keys]: fitler; did you mean filter?"),
        ({"filter": "f"}, 'config.toml:2: keys.filter = "f": f is the key of faults; filter stays on /'),
        ({"filter": ["/", "z"]}, "keys.filter = ['/', 'z']: z is the key of zoom"),
        ({"copy": "space"}, "Space is the key of select; copy stays on c"),
        ({"next_step": "space"}, "Space is the key of select"),
        ({"tick": "j"}, "j is the key of down on the response board; tick stays on Space"),
        ({"zoom": "right"}, "→ is the key of right; zoom"),
        ({"zoom": "shift+right"}, "Shift+→ is the key of forward-1m in a replay"),
        ({"zoom": "F9", "wrap": "F9"}, 'config.toml:3: keys.wrap = "F9": F9 is the key of zoom'),
        ({"back": "F9"}, "back stays on Esc, as in every dialog"),
        ({"prompt": ""}, "prompt needs a key"),
        ({"zoom": 3}, "keys.zoom must be a key, such as"),
        ({"zoom": "alt+z"}, "alt is sent as Esc and a key"),
        ({"zoom": "shift+a"}, "write A for it"),
        ({"zoom": "ctrl+1"}, "no terminal sends Ctrl with 1"),
        ({"zoom": "spaec"}, "there is no such key; did you mean space?"),
        ({"zo\x1bom": "x"}, r"unknown key id in [keys]: 'zo\x1bom'"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(given: dict[str, object], said: str) -> None:
    found = remapped(wishes(**given))
    [sentence] = found.refused
    assert said in sentence
    assert "\n" not in sentence


def test_two_ids_may_change_places() -> None:
    found = remapped(wishes(zoom="f", faults="z"))
    assert found.refused == ()
    assert {key.id: key.keys for key in found.keys if key.id in ("zoom", "faults")} == {
        "zoom": "f",
        "faults": "z",
    }


def test_a_wish_that_is_dropped_takes_those_along_that_counted_on_it() -> None:
    found = remapped(wishes(zoom="f", faults="ctrl+b"))
    assert found.keys == KEYS
    assert len(found.refused) == 2


@pytest.mark.parametrize("sign", [*string.printable.strip(), "é", "ß", "界"])
def test_a_character_is_called_as_textual_calls_it(sign: str) -> None:
    assert read_key(sign) == name_of_sign(sign) == _character_to_key(sign)


@pytest.mark.parametrize("written", ["F5", "f5", "Esc", "PgDn", "Ctrl+F", "ctrl+pgup", "Shift+Tab", "→"])
def test_a_key_is_read_as_the_screen_shows_it(written: str) -> None:
    assert read_key(written).split("+")[-1] in (*NAMED, "f")


def test_no_key_at_all_is_said() -> None:
    with pytest.raises(WarroomError, match="no such key"):
        read_key("")


async def test_footer_help_and_hints_name_the_key_in_force() -> None:
    keys = remapped(wishes(filter="ctrl+f", overview="F9", unlock="", pin="F8")).keys
    footer = footer_text(500, replay=False, keys=keys)
    assert "Ctrl+f filter" in footer
    assert "unlock" not in footer
    own = Preferences(keys, ("config.toml:2: keys.zoom: there is no such key",))
    async with on_screen(RecordedRoom(), width=160, height=100, preferences=own) as (room, _):
        assert "there is no such key" in screen_text(room.app), "the room starts with the rest and says so"
        await press(room.app, "v")
        assert "F9 is the overview" in screen_text(room.app)
        await press(room.app, "question_mark")
        shown = screen_text(room.app)
        assert "there is no such key" in shown
        assert "Ctrl+f     show only rows with" in shown
        assert ":unlock    unlock actions" in shown
        await press(room.app, "escape", "colon", *"filter")
        assert "Ctrl+f  filter what is seen" in screen_text(room.app)
