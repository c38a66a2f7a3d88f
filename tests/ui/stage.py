"""What the tests of the screen stand on: rooms held in memory, one widget alone, the text on screen."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from textual.app import App, ComposeResult
from textual.pilot import Pilot

from tests.views.any_state import MAYA, START, Tape, able, announced
from warroom.errors import Refused, WarroomError
from warroom.events.base import Event
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.events.sources import SourceSynced
from warroom.model.commands import Command, Query, ReadLogs, ShowPlan
from warroom.model.nouns import Node, NodeName, NodeState, Person, Workload, WorkloadId, WorkloadState
from warroom.model.requests import ActionKind
from warroom.model.text import Safe
from warroom.response.plans import plan
from warroom.state.logtail import LogTail
from warroom.state.roomtime import room_now
from warroom.state.slices import State
from warroom.testing.memory_recording import MemoryRecording
from warroom.ui.app import WarroomApp
from warroom.ui.preferences import Preferences
from warroom.ui.screens.room import RoomScreen
from warroom.ui.theme_file import load_theme, theme_path
from warroom.ui.widgets.line_widget import LineWidget
from warroom.views.absence import Absence, refusal_of

DARK = load_theme(theme_path("warroom-dark"))


class StillRoom:
    """A live feed whose time stands still until a test moves it."""

    def __init__(self, *events: Event) -> None:
        self.tape = Tape()
        self.log_tail = LogTail()
        self.room_ms = 0
        self.trouble = ""
        self.absence: Absence | None = None
        self.epoch = 1
        self.you: Person = MAYA
        self.read_only = False
        self.wishes: list[Command] = []
        self._listeners: list[Callable[[], None]] = []
        self.add(announced(*map(able, ActionKind)), *events, SourceSynced())

    def add(self, *events: Event, source: str = "sample", by: Person | None = None) -> None:
        """Let these happen, a second apart."""
        for event in events:
            self.tape.add(event, source=source, actor=by)
            self.log_tail.apply(self.tape.envelopes[-1])
        self.pass_ms(0)

    def pass_ms(self, some: int) -> None:
        """Let the room's clock go on with nothing happening."""
        self.room_ms = max(self.room_ms + some, self.state.room_ms)
        for listener in self._listeners:
            listener()

    @property
    def state(self) -> State:
        return self.tape.state

    @property
    def now(self) -> datetime:
        return room_now(self.state, self.room_ms)

    @property
    def recorded_seq(self) -> int:
        return self.state.seq

    def subscribe(self, on_change: Callable[[], None]) -> None:
        self._listeners.append(on_change)

    async def ask(self, query: Query) -> Any:
        if isinstance(query, ShowPlan):
            return plan(self.state, query.request, person="maya", now=self.now)
        if isinstance(query, ReadLogs):
            return MemoryRecording(self.tape.envelopes).read_logs(query)
        raise WarroomError("this room answers no searches")

    async def wish(self, command: Command) -> Any:
        if self.absence is not None:
            raise Refused(refusal_of(self.absence))
        if self.trouble:
            raise Refused(self.trouble)
        self.wishes.append(command)

    async def close(self) -> None:
        return


def large_room(nodes: int = 5_000, workloads: int = 20_000) -> StillRoom:
    """A room over a cluster of that size, in racks of forty."""
    return StillRoom(
        NodesChanged(
            tuple(
                Node(NodeName(f"n{n:05d}"), NodeState.READY, rack=f"r{n // 40:03d}", gpus=8, gpus_used=4)
                for n in range(nodes)
            )
        ),
        WorkloadsChanged(
            tuple(
                Workload(
                    WorkloadId(f"w{n:05d}"),
                    Safe(f"w{n:05d}"),
                    WorkloadState.RUNNING,
                    ready=1,
                    changed=START,
                    nodes=(NodeName(f"n{n % nodes:05d}"),),
                )
                for n in range(workloads)
            )
        ),
    )


@asynccontextmanager
async def on_screen(
    feed: Any, *, width: int = 120, height: int = 40, preferences: Preferences | None = None
) -> AsyncIterator[tuple[RoomScreen, Pilot[str]]]:
    """The room's screen over a feed."""
    app = WarroomApp(feed, preferences=preferences)
    async with app.run_test(size=(width, height)) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, RoomScreen)
        yield screen, pilot


async def repainted(screen: RoomScreen, pilot: Pilot[str]) -> str:
    """The text on screen after a data frame."""
    screen.draw()
    await pilot.pause()
    return screen_text(screen.app)


def screen_text(app: App[Any]) -> str:
    """The text of all that is on screen, as a terminal shows it."""
    update = app.screen._compositor.render_strips()
    return "\n".join(strip.text.rstrip() for strip in update)


@asynccontextmanager
async def alone(widget: LineWidget, *, width: int, height: int) -> AsyncIterator[Pilot[None]]:
    """One widget of that size and nothing else."""

    class Stage(App[None]):
        CSS = "Screen { layout: vertical; overflow: hidden; }"

        def compose(self) -> ComposeResult:
            yield widget

    async with Stage().run_test(size=(width, height)) as pilot:
        await pilot.pause()
        yield pilot


def lines_of(widget: LineWidget) -> list[str]:
    """The text of each line of a widget."""
    return [widget.render_line(y).text.rstrip() for y in range(widget.outer_size.height)]
