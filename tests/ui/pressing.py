"""Pressing keys on a room's screen, and what is seen of it before and after."""

import asyncio
import unicodedata
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NamedTuple

from textual import events
from textual.app import App
from textual.driver import Driver
from textual.keys import _get_unicode_name_from_key
from textual.message import Message

from tests.ui.responses import ANA, MAYA, waiting_room
from tests.ui.stage import StillRoom, screen_text
from warroom.clock import monotonic_s
from warroom.events.actions import ActionProposed, ActionStarted, ActionSucceeded, ActionVerified
from warroom.host.player import Player
from warroom.model.commands import Command, Query, SearchLogs
from warroom.model.nouns import NodeName
from warroom.model.requests import Cordon, Plan, Uncordon, Verdict
from warroom.model.response_commands import NoteLook
from warroom.model.text import Safe
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.app import WarroomApp
from warroom.ui.clipboard import Clipboard
from warroom.ui.driver import GuardedDriver
from warroom.ui.keys import Key
from warroom.ui.screens.board import Board
from warroom.ui.screens.room import RoomScreen
from warroom.ui.wire.wire import Wire

DEADLINE_S = 3.0
STEP_S = 0.002


class RecordedRoom(StillRoom):
    """A room in the middle of its response, which also answers searches."""

    def __init__(self) -> None:
        super().__init__()
        room = waiting_room(asked_by=ANA)
        self.tape, self.log_tail = room.tape, room.log_tail
        done = Cordon((NodeName("gpu-05"),))
        plan = Plan(done, Safe("cordon gpu-05"), reverse=(Uncordon((NodeName("gpu-05"),)),))
        self.add(ActionProposed("A3", "op3", done, plan), ActionStarted("A3"), by=MAYA)
        self.add(ActionSucceeded("A3"), ActionVerified("A3", Verdict.SEEN), by=MAYA)

    async def ask(self, query: Query) -> Any:
        if isinstance(query, SearchLogs):
            return MemoryRecording(self.tape.envelopes).search_logs(query)
        return await super().ask(query)


def recorded_player() -> Player:
    """The same as a recording, at its end."""
    room = RecordedRoom()
    player = Player(MemoryRecording(room.tape.envelopes), title="r")
    player.seek_seq(room.state.seq, room.room_ms)
    return player


class CountingWire(Wire):
    """Counts how often it forgets what the terminal shows."""

    forgotten = 0

    def forget(self) -> None:
        self.forgotten += 1
        super().forget()


class TakenOut(Clipboard):
    """Keeps what is copied, as a terminal would."""

    def __init__(self) -> None:
        self.text = ""
        super().__init__({"TERM": "xterm-256color"}, None, self._keep)

    def _keep(self, sequence: str) -> bool:
        self.text = b64decode(sequence.removeprefix("\x1b]52;c;").removesuffix("\x07")).decode()
        return True


class NoShell(GuardedDriver):
    """A driver as it is on a terminal, for one that no shell waits below."""

    _writer = None

    def __init__(self, like: Driver) -> None:
        self.__dict__.update(like.__dict__)

    def write(self, data: str) -> None:
        return

    def to_the_shell(self) -> bool:
        return False


class Seen(NamedTuple):
    """What a key may change."""

    text: str
    dialog: str
    """The dialog that is open, by its class; empty for the room alone."""
    pane: str
    zoomed: bool
    cursor: str
    moment: int
    """Which moment of the timeline its cursor is on, counted from its beginning."""
    selected: frozenset[str]
    backward: bool
    """Whether the pane is sorted the other way round."""
    sent: tuple[Command, ...]
    room_ms: int
    playing: bool
    speed: float
    tab: str
    entry: str
    layout: str
    copied: str
    forgotten: int
    """How often it was forgotten what the terminal shows, so that all of it is sent again."""
    over: bool
    """Whether the program was left."""


def seen(room: RoomScreen) -> Seen:
    """What can be seen of a room and its dialog now."""
    app, feed = room.app, room.feed
    assert isinstance(app, WarroomApp)
    top = app.screen
    board = top if isinstance(top, Board) else None
    moments, moment = feed.state.timeline.moments, room.timeline.moment(feed.state)
    return Seen(
        text=screen_text(app),
        dialog="" if top is room else type(top).__name__,
        pane=room.focused_name,
        zoomed=room.zoomed,
        cursor=room.pane.cursor,
        moment=-1 if moment is None else [m.seq for m in moments].index(moment.seq),
        selected=room.pane.selected,
        backward=room.pane.sorting.reverse,
        sent=tuple(w for w in getattr(feed, "wishes", ()) if not isinstance(w, NoteLook)),
        room_ms=feed.room_ms,
        playing=isinstance(feed, Player) and feed.playing,
        speed=feed.speed if isinstance(feed, Player) else 0.0,
        tab=board.at.tab if board is not None else "",
        entry=board.entries_list.cursor if board is not None else "",
        layout=room.layout_name,
        copied=app.ways_out.text if isinstance(app.ways_out, TakenOut) else "",
        forgotten=room.wire.forgotten if isinstance(room.wire, CountingWire) else 0,
        over=app._exit,
    )


Check = Callable[[Seen, Seen], bool]
"""Whether what was seen before a key and what is seen after it are as its help says."""


class Deed(NamedTuple):
    """What a key does, and the keys that lead to where it has something to do."""

    first: str
    check: Check


async def press(app: App[Any], *keys: str) -> None:
    """Press keys; each has done its work before the next."""
    for key in keys:
        name = _get_unicode_name_from_key(key)
        try:
            character = key if len(key) == 1 else unicodedata.lookup(name)
        except KeyError:
            character = None
        await tell(app, events.Key(key, character))


async def tell(app: App[Any], *messages: Message) -> None:
    """Let the driver tell the app what came from the terminal."""
    assert app._driver is not None
    for message in messages:
        app._driver.process_message(message)
    await settled(app)


async def settled(app: App[Any]) -> None:
    """Wait until three looks in a row see the same."""
    deadline_s = monotonic_s() + DEADLINE_S
    looks: list[object] = [0, 1, 2]
    while not app._exit and not looks[-1] == looks[-2] == looks[-3]:
        assert monotonic_s() < deadline_s, "the screen does not come to rest"
        for part in (app, app.focused or app.screen, app.screen):
            reached = asyncio.Event()
            if part.call_later(reached.set):
                with suppress(TimeoutError):
                    await asyncio.wait_for(reached.wait(), STEP_S * 50)
        await asyncio.sleep(STEP_S)
        looks.append((app.screen, screen_text(app)))


async def done(room: RoomScreen, deed: Deed, key: Key) -> str:
    """Go where the key has something to do, and press it; what is seen if that is never as it is to be."""
    app = room.app
    assert isinstance(app, WarroomApp)
    room.wire, app.ways_out = CountingWire(), TakenOut()
    await press(app, *deed.first.split())
    was, driver = seen(room), app._driver
    assert driver is not None
    if key.id == "to_the_shell":
        app._driver = NoShell(driver)
    try:
        await press(app, key.keys.partition(",")[0])
        deadline_s = monotonic_s() + DEADLINE_S
        while not deed.check(was, now := seen(room)):
            if monotonic_s() > deadline_s:
                return f"{now._replace(text='')}\n{now.text}"
            await asyncio.sleep(STEP_S)
        return ""
    finally:
        app._driver = driver
