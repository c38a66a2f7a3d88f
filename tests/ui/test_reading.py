"""Reading the log by keys: levels, times, errors, marks, the whole record, from a row to its lines."""

from datetime import timedelta

from tests.ui.stage import StillRoom, on_screen, repainted
from tests.views.any_state import START
from warroom.errors import WarroomError
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.logs import LogsAppended
from warroom.host.player import Player
from warroom.model.nouns import (
    Alert,
    Fingerprint,
    LogLevel,
    LogLine,
    Node,
    NodeName,
    NodeState,
    Workload,
    WorkloadId,
    WorkloadState,
)
from warroom.model.text import Safe
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.screens.room import RoomScreen


def spoken(first: int, last: int) -> LogsAppended:
    """A line a second; every hundredth is an error of gpu-1."""
    return LogsAppended(
        tuple(
            LogLine(
                START - timedelta(seconds=9000 - n),
                LogLevel.INFO if n % 100 else LogLevel.ERROR,
                Safe(f"line {n}"),
                "" if n % 100 else "gpu-1",
            )
            for n in range(first, last)
        )
    )


def long_room() -> StillRoom:
    """A room whose log is three times as long as its tail."""
    room = StillRoom(
        NodesChanged((Node(NodeName("gpu-1"), NodeState.READY), Node(NodeName("gpu-2"), NodeState.READY))),
        WorkloadsChanged((Workload(WorkloadId("api"), Safe("api"), WorkloadState.RUNNING),)),
    )
    for first in range(0, 6000, 50):
        room.add(spoken(first, first + 50), source="journal")
    return room


def under(screen: RoomScreen) -> str:
    """The text of the line under the log's cursor."""
    entry = screen.logs.entry
    return "" if entry is None else str(entry.line.text)


async def test_the_first_line_of_the_record_is_one_key_away_and_the_newest_another() -> None:
    async with on_screen(long_room()) as (screen, pilot):
        await pilot.press("6", "g")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert under(screen) == "line 0"
        assert "begin of the record" in shown
        await pilot.press("G")
        shown = await repainted(screen, pilot)
        assert "line 5999" in shown
        assert "follow" in shown


async def test_scrolling_back_goes_on_beyond_the_tail() -> None:
    async with on_screen(long_room()) as (screen, pilot):
        await pilot.press("6")
        for _ in range(250):
            await pilot.press("pageup")
        await pilot.pause()
        assert under(screen) == "line 3499"


async def test_a_level_hides_the_lines_below_it_and_esc_shows_all_again() -> None:
    async with on_screen(long_room()) as (screen, pilot):
        await pilot.press("6", "i", "i", "i")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert "≥error" in shown
        assert "line 5900" in shown
        assert "line 5999" not in shown
        await pilot.press("escape")
        assert "line 5999" in await repainted(screen, pilot)


async def test_errors_are_one_key_apart_also_where_the_record_must_be_asked() -> None:
    async with on_screen(long_room()) as (screen, pilot):
        await pilot.press("6", "{")
        assert under(screen) == "line 5900"
        for _ in range(30):
            await pilot.press("{")
            await pilot.pause()
        assert under(screen) == "line 2900"
        await pilot.press("}")
        await pilot.pause()
        assert under(screen) == "line 3000"
        await pilot.press("G", "}")
        assert screen.logs.view.following


async def test_marked_lines_are_found_again() -> None:
    async with on_screen(long_room()) as (screen, pilot):
        await pilot.press("6", "k", "M", *["pageup"] * 5, "space")
        marked = sorted(screen.logs.marked)
        assert len(marked) == 2
        assert "⚑" in await repainted(screen, pilot)
        await pilot.press("apostrophe")
        first = under(screen)
        await pilot.press("apostrophe")
        assert {first, under(screen)} == {"line 5998", "line 5949"}


async def test_times_turn_to_local_and_relative_and_the_title_says_so() -> None:
    async with on_screen(long_room()) as (screen, pilot):
        await pilot.press("6", "t")
        assert "local time" in await repainted(screen, pilot)
        await pilot.press("t")
        assert "from 14:0" in await repainted(screen, pilot)
        await pilot.press("t")
        assert "local time" not in await repainted(screen, pilot)


async def test_from_an_alert_straight_to_the_lines_of_its_node_when_it_began() -> None:
    room = long_room()
    began = START - timedelta(seconds=9000 - 1500)
    alert = Alert(
        Fingerprint("f"), Safe("NodeSick"), "critical", started=began, labels={"instance": "gpu-1:9100"}
    )
    room.add(AlertsChanged((alert,)))
    async with on_screen(room) as (screen, pilot):
        await pilot.press("2", "l")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert screen.focused_name == "logs"
        assert under(screen) == "line 1500"
        assert "line 1501" not in shown
        await pilot.press("escape", "escape")
        assert "line 5999" in await repainted(screen, pilot)


async def test_from_a_node_to_its_newest_lines() -> None:
    async with on_screen(long_room()) as (screen, pilot):
        await pilot.press("3", "l")
        await pilot.pause()
        shown = await repainted(screen, pilot)
        assert "line 5900" in shown
        assert "line 5901" not in shown


async def test_a_record_that_cannot_be_read_is_said_in_the_title_and_asked_again_after_a_key() -> None:
    room = long_room()
    answer = room.ask
    broken = True

    async def ask(query: object) -> object:
        if broken:
            raise WarroomError("the recording is damaged")
        return await answer(query)  # type: ignore[arg-type]

    room.ask = ask  # type: ignore[method-assign, assignment]
    async with on_screen(room) as (screen, pilot):
        await pilot.press("6", "g")
        await pilot.pause()
        assert "damaged" in await repainted(screen, pilot)
        broken = False
        await pilot.press("g")
        await pilot.pause()
        assert under(screen) == "line 0"


async def test_a_replay_reads_the_record_up_to_the_playhead_and_no_further() -> None:
    room = long_room()
    player = Player(MemoryRecording(room.tape.envelopes), title="replay")
    player.seek_seq(room.tape.state.seq - 20)
    async with on_screen(player) as (screen, pilot):
        await pilot.press("6", "g")
        await pilot.pause()
        assert under(screen) == "line 0"
        await pilot.press("G")
        shown = await repainted(screen, pilot)
        assert "line 4999" in shown
        assert "line 5000" not in shown
