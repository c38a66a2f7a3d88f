"""What each key of the table is seen to do: the keys that lead there, and what differs after it."""

import asyncio
import unicodedata
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
from warroom.model.commands import AddMarker, Command, LockRoom, Query, SearchLogs, UnlockRoom
from warroom.model.nouns import NodeName
from warroom.model.requests import Cordon, Plan, Uncordon, Verdict
from warroom.model.response_commands import NoteLook
from warroom.model.text import Safe
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.driver import GuardedDriver
from warroom.ui.keys import Key
from warroom.ui.layout import PANES
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
    forgotten: int
    """How often it was forgotten what the terminal shows, so that all of it is sent again."""
    over: bool
    """Whether the program was left."""


def seen(room: RoomScreen) -> Seen:
    """What can be seen of a room and its dialog now."""
    app, feed = room.app, room.feed
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
        forgotten=room.wire.forgotten if isinstance(room.wire, CountingWire) else 0,
        over=app._exit,
    )


Check = Callable[[Seen, Seen], bool]
"""Whether what was seen before a key and what is seen after it are as its help says."""


class Deed(NamedTuple):
    """What a key does, and the keys that lead to where it has something to do."""

    first: str
    check: Check


def shows(*words: str) -> Check:
    """It puts words on the screen."""
    return lambda was, now: all(w not in was.text and w in now.text for w in words)


def hides(words: str) -> Check:
    """It takes words off the screen."""
    return lambda was, now: words in was.text and words not in now.text


def opens(dialog: str, *words: str) -> Check:
    """A dialog opens over the room, or over the board."""
    return lambda was, now: was.dialog != now.dialog == dialog and shows(*words)(was, now)


def reads(words: str) -> Check:
    """All of an entry is shown, and where something can be done to it, what."""
    return lambda was, now: now.dialog in ("Menu", "Reading") and words in now.text


def closes() -> Check:
    """The dialog is gone, and nothing was sent."""
    return lambda was, now: bool(was.dialog) and not now.dialog and not now.sent


def to_pane(name: str) -> Check:
    """The pane gets the keys."""
    return lambda was, now: was.pane != now.pane == name


def to_row(key: str) -> Check:
    """The cursor goes to that row."""
    return lambda was, now: was.cursor != now.cursor == key


def to_tab(name: str) -> Check:
    """The board goes to that tab."""
    return lambda was, now: was.tab != now.tab == name


def to_entry(key: str) -> Check:
    """The cursor of the board goes to that entry."""
    return lambda was, now: was.entry != now.entry == key


def by_moments(some: int) -> Check:
    """The cursor of the timeline goes on by so many moments."""
    return lambda was, now: now.moment - was.moment == some


def by_ms(some: int) -> Check:
    """The playhead goes on by so much."""
    return lambda was, now: now.room_ms - was.room_ms == some


def selects(*rows: str) -> Check:
    """These rows are selected, and no others."""
    return lambda was, now: was.selected != now.selected == set(rows)


def sends(command: Command) -> Check:
    """This one command goes to the room."""
    return lambda was, now: not was.sent and now.sent == (command,)


LOOKS: dict[str, Deed] = {
    "help": Deed("3", opens("Reading", "in Nodes", "everywhere")),
    "prompt": Deed("", opens("Prompt")),
    "back": Deed("3 z", lambda was, now: was.zoomed and not now.zoomed),
    "next_pane": Deed("3", to_pane("workloads")),
    "previous_pane": Deed("3", to_pane("alerts")),
    **{f"pane({n})": Deed("2" if n != 2 else "3", to_pane(name)) for n, name in enumerate(PANES, 1)},
    "zoom": Deed("3", lambda was, now: not was.zoomed and now.zoomed and "2 Alerts" not in now.text),
    "move(1)": Deed("3 g", to_row("gpu-02")),
    "move(-1)": Deed("3 G", to_row("gpu-07")),
    "across(1)": Deed("6", shows("try=3/3")),
    "across(-1)": Deed("6 right_parenthesis", hides("try=3/3")),
    "lines": Deed("3 g", lambda was, now: to_pane("logs")(was, now) and "the lines of gpu-01" in now.text),
    "move(10)": Deed("7 g", by_moments(10)),
    "move(-10)": Deed("7 G", by_moments(-10)),
    "jump(0)": Deed("3 G", to_row("gpu-01")),
    "jump(-1)": Deed("3 g", to_row("gpu-08")),
    "choose": Deed("3 g", opens("Reading", "no heartbeat since the switch of rack 1 went away")),
    "look_at": Deed("", opens("Form", "look at a time")),
    "sort(1)": Deed("2", shows("sorted")),
    "sort(0)": Deed("2", lambda was, now: was.backward != now.backward and shows("sorted")(was, now)),
    "regroup": Deed("3", shows("nodes by rack")),
    "recolour": Deed("3", shows("nodes by load")),
    "tiles(1)": Deed("3 minus minus", shows("named tiles")),
    "tiles(-1)": Deed("3 minus", shows("a wide cell a node")),
    "stamps": Deed("6", shows("times in local time")),
    "clock": Deed("7", shows("as it happened")),
    "level": Deed("6", shows("log lines from info on")),
    "error(-1)": Deed("7 G", lambda was, now: now.moment < was.moment),
    "error(1)": Deed("7 g", lambda was, now: now.moment > was.moment),
    "mark_line": Deed("6 k", shows("⚑")),
    "next_mark": Deed("6 k M G", hides("6 Logs  follow")),
    "wrap": Deed("6", shows("┃=3/3")),
    "filter": Deed("3", opens("Prompt", "key=value")),
    "faults": Deed("3", hides("gpu-08  3/4")),
    "search": Deed("", opens("Form", "search the log")),
    "search_for('errors')": Deed("", to_pane("logs")),
    "search_for('restarts')": Deed("", to_pane("logs")),
    "search_for('pulse')": Deed("", to_pane("logs")),
    "what_changed": Deed("", opens("Reading", "what changed")),
    "board('')": Deed("", to_tab("command")),
    "board('runbooks')": Deed("", to_tab("runbooks")),
    "board('actions')": Deed("", to_tab("actions")),
    "redraw": Deed("", lambda was, now: now.forgotten > was.forgotten),
    "to_the_shell": Deed("", shows("no shell waits below this screen")),
}
LIVE: dict[str, Deed] = {
    **LOOKS,
    "close": Deed("", opens("Form", "leave the war room?")),
    "sort(-1)": Deed("2", shows("sorted")),
    "pin": Deed("7 G", opens("Form", "pin as evidence")),
    "next_step": Deed("", opens("Form", "R1 step 2 of 4")),
    "tell_others": Deed("", opens("Menu", "update")),
    "undo": Deed("", opens("Confirm", "uncordon gpu-05")),
    "mark": Deed("", sends(AddMarker())),
    "note": Deed("", opens("Form", "lesson:")),
    "select": Deed("3 g", lambda was, now: selects("gpu-01")(was, now) and to_row("gpu-02")(was, now)),
    "extend": Deed("3 g space j j", selects("gpu-01", "gpu-02", "gpu-03", "gpu-04")),
    "select_all": Deed("3", selects(*(f"gpu-0{n}" for n in range(1, 9)))),
    "select_block": Deed("3 g", selects(*(f"gpu-0{n}" for n in range(1, 5)))),
    "unlock": Deed("", sends(UnlockRoom())),
    "lock": Deed("", sends(LockRoom())),
    "actions": Deed("3 g", opens("Menu", "cordon")),
    "command": Deed("", opens("Menu", "change the severity", "resolve the incident")),
    "acknowledge": Deed("2 g", opens("Form", "acknowledge")),
    "silence": Deed("2 g", opens("Form", "silence")),
}
REPLAY: dict[str, Deed] = {
    **LOOKS,
    "close": Deed("", lambda was, now: now.over and not was.over),
    "play": Deed("left left", lambda was, now: now.playing and not was.playing),
    "step(1)": Deed("left", lambda was, now: now.room_ms > was.room_ms),
    "step(-1)": Deed("", lambda was, now: now.room_ms < was.room_ms),
    "skip(10)": Deed("left left", by_ms(10_000)),
    "skip(-10)": Deed("", by_ms(-10_000)),
    "skip(60)": Deed("shift+left", lambda was, now: now.room_ms - was.room_ms > 10_000),
    "skip(-60)": Deed("", lambda was, now: was.room_ms - now.room_ms > 10_000),
    "faster": Deed("", lambda was, now: now.speed == 2 * was.speed),
    "slower": Deed("", lambda was, now: now.speed == was.speed / 2),
}
TABS_BY_DIGIT = ("findings", "command", "checklist", "inquiry", "runbooks", "actions", "updates")
BOARD: dict[str, Deed] = {
    "leave": Deed("R", closes()),
    "next_tab": Deed("R 3", to_tab("inquiry")),
    "previous_tab": Deed("R 3", to_tab("command")),
    **{
        f"tab({n})": Deed("R 2" if n != 2 else "R 3", to_tab(name)) for n, name in enumerate(TABS_BY_DIGIT, 1)
    },
    "move(1)": Deed("R 3 g", to_entry("item:cluster-status")),
    "move(-1)": Deed("R 3 G", to_entry("item:alerts")),
    "move(10)": Deed("R 3 g", to_entry("item:hand")),
    "move(-10)": Deed("R 3 G", to_entry("item:no-false-alarm")),
    "jump(0)": Deed("R 3 G", to_entry("item:no-false-alarm")),
    "jump(-1)": Deed("R 3 g", to_entry("item:hand")),
    "pick('choose')": Deed("R 3 G", reads("Ask the building about power")),
    "pick('help')": Deed("R", opens("Reading", "keys of the response")),
}
LIVE_BOARD: dict[str, Deed] = {
    **BOARD,
    "pick('tick')": Deed("R 3 G", opens("Form", "by which evidence?")),
    "pick('skip')": Deed("R 3 G", opens("Form", "why does it not apply?")),
    "pick('step')": Deed("B g", opens("Form", "R1 step 2 of 4")),
}


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
    room.wire = CountingWire()
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
