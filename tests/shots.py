"""Pictures of the real screens: ``python -m tests.shots FOLDER`` runs a sample cluster and photographs the program.

The cluster runs in its own time with commands on fixed ticks, the screen shows its recording at fixed moments: the
same program makes the same pictures, byte for byte.
"""

import asyncio
import re
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from textual.app import App

from tests.program.test_determinism import NoMore
from tests.ui.test_dialogs import armed
from warroom.bootstrap import replay_feed
from warroom.clock import TickClock
from warroom.events.room import RoomOpened
from warroom.host.player import Player
from warroom.host.room import Room
from warroom.model.commands import Act, AddNote, Command, DeclareIncident, Query, ShowPlan, UnlockRoom
from warroom.model.nouns import NodeName, Person, Severity, WorkloadId
from warroom.model.requests import Cordon, Stop, Submit
from warroom.model.text import Safe
from warroom.recorder.opening import new_recorder
from warroom.response.plans import plan
from warroom.simulator.check import read_scenario, scenario_path
from warroom.sources.sample.adapter import SampleCluster
from warroom.ui.app import WarroomApp
from warroom.ui.looks import Looks, Wanted
from warroom.ui.screens.dialogs import Confirm
from warroom.ui.terminal import terminal

MAYA = Person(Safe("maya"), uid=1000, via="tui")
BEGIN = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)
TICKS = 130
RACK = tuple(NodeName(f"gpu-0{n}") for n in range(1, 5))
CHAT = WorkloadId("chat-api")
COMMANDS: dict[int, Command] = {
    2: UnlockRoom(),
    50: DeclareIncident(Safe("All inference requests failing"), Severity.SEV1),
    62: AddNote(Safe("root cause: the switch of rack 1")),
    70: Act(Cordon(RACK, Safe("switch"))),
    80: Act(Stop((CHAT,), force=True)),
    84: Act(Submit("chat-api", like=CHAT, selector={"rack": "rack2"})),
}
FONT = re.compile(r"\s*@font-face \{.*?\}", re.DOTALL)
FAMILY = "font-family: Fira Code"


class Shot(NamedTuple):
    """One picture: when, how large, after which keys, on which terminal."""

    name: str
    second: int
    size: tuple[int, int] = (120, 40)
    keys: Sequence[str] = ()
    theme: str = ""
    environ: dict[str, str] = {}
    replay: bool = False


TRUE = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}
SHOTS = (
    Shot("room", 76),
    Shot("finding", 48, (100, 30), ("1", "enter")),
    Shot("plan", 66, (100, 30), ("3", "b", "x", "enter", *"bad switch", "enter")),
    Shot("response", 90, (100, 30), ("R", "2")),
    Shot("replay", 110, replay=True),
    Shot("theme-light", 76, (80, 24), ("3",), "warroom-light"),
    Shot("theme-cvd-dark", 76, (80, 24), ("3",), "warroom-cvd-dark"),
    Shot("theme-high-contrast", 76, (80, 24), ("3",), "warroom-high-contrast"),
    Shot("theme-ascii", 76, (80, 24), ("3",), "", {"NO_COLOR": "1", "LANG": "C"}),
)


class Still:
    """A recording held at one moment, shown as the room it was."""

    you = MAYA
    read_only = False

    def __init__(self, player: Player) -> None:
        self._player = player

    def __getattr__(self, name: str) -> Any:
        if name in ("first_ms", "last_ms", "playing"):
            raise AttributeError(name)
        return getattr(self._player, name)

    async def ask(self, query: Query) -> Any:
        """Answer a query; plans as the host would."""
        if isinstance(query, ShowPlan):
            return plan(self._player.state, query.request, person="maya", now=self._player.now)
        return await self._player.ask(query)

    async def wish(self, command: Command) -> None:
        """Nothing changes in a picture."""


async def recorded(folder: Path) -> Path:
    """A recording of the cluster rack-switch with the commands above."""
    clock = TickClock(start=BEGIN)
    cluster = SampleCluster(read_scenario(scenario_path("rack-switch")), clock=clock)
    path = folder / "rack-switch.db"
    recorder = await new_recorder(path, meta={}, keys=folder / "keys")
    opened = RoomOpened(
        room="rack-switch",
        cluster="rack-switch",
        kind="sample",
        epoch=1,
        program="shots",
        scenario="rack-switch",
        seed=20,
        speed=60,
    )
    room = Room(
        opened, clock=clock, sources=[cluster], recording=("rack-switch", recorder), recordings=NoMore()
    )

    async def script(served: Room) -> None:
        for tick in range(1, TICKS):
            await clock.sleep(1)
            if tick in COMMANDS:
                await served.wish(COMMANDS[tick], MAYA)
        served.stop("done")
        await asyncio.Event().wait()

    await room.run(script)
    return path


async def picture(recording: Path, shot: Shot) -> str:
    """One picture as SVG that stands alone."""
    player = replay_feed(recording)
    # The room is stopped from outside its clock; where exactly its record ends is no part of a picture.
    player.last_ms = player.first_ms + TICKS * 1000
    player.seek_ms(player.first_ms + shot.second * 1000)
    looks = Looks(terminal(TRUE | shot.environ), Wanted(theme=shot.theme))
    feed: Any = player if shot.replay else Still(player)
    app = WarroomApp(feed, looks)
    async with app.run_test(size=shot.size) as pilot:
        await pilot.pause()
        for key in shot.keys:
            await pilot.press("space" if key == " " else key)
            await pilot.pause()
        if isinstance(app.screen, Confirm):
            await armed(pilot, app.screen)
            await pilot.pause()
        return _alone(app)


def _alone(app: App[Any]) -> str:
    """The screen as SVG without fonts from elsewhere: a forge would not fetch them."""
    svg = app.export_screenshot(title="warroom")
    svg = FONT.sub("", svg).replace(FAMILY, "font-family: DejaVu Sans Mono, Menlo, Consolas")
    return "\n".join(line.rstrip() for line in svg.splitlines()) + "\n"


async def shoot(folder: Path) -> None:
    """Take all pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        recording = await recorded(Path(place))
        for shot in SHOTS:
            svg = await picture(recording, shot)
            (folder / f"{shot.name}.svg").write_text(svg, "utf-8")
            sys.stderr.write(f"{folder / shot.name}.svg\n")


if __name__ == "__main__":
    asyncio.run(shoot(Path(sys.argv[1])))
