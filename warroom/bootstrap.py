"""The composition root: alone knows every concrete class and puts a room together."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from warroom import __version__
from warroom.clock import Clock, RealClock, TickClock, wall_now
from warroom.config import SETTINGS, Config, Places, load_config
from warroom.errors import WarroomError
from warroom.events.codec import decode_event
from warroom.events.room import RoomOpened, SimulationCommanded
from warroom.host.book_files import with_files
from warroom.host.player import Player
from warroom.host.ports import Recalling, Recorder, Source
from warroom.host.protocol import PROTOCOL
from warroom.host.room import Room
from warroom.host.rooms import HostNote, RoomFolder
from warroom.host.server import Server
from warroom.host.updates import UpdateSender
from warroom.model.text import neutral
from warroom.model.times import parse_time
from warroom.recorder.files import new_path
from warroom.recorder.opening import merge_reserves, new_recorder, resume_recorder
from warroom.recorder.reader import Recording
from warroom.recorder.sqlite import SqliteRecorder
from warroom.response.book import Book
from warroom.response.policy import parse_policy
from warroom.response.updates.targets import parse_target
from warroom.simulator.check import read_scenario
from warroom.sources.sample.adapter import SampleCluster
from warroom.state.slices import State

log = logging.getLogger(__name__)


class RoomOrder(msgspec.Struct, frozen=True, omit_defaults=True):
    """Which room to run, on what."""

    room: str
    cluster: str = ""
    scenario: str = ""
    seed: int | None = None
    speed: float = 1.0
    start: str = ""
    debug: bool = False


class Recordings:
    """Makes the recordings of one room."""

    def __init__(self, where: Places, room: str, cluster: str, clock: Clock) -> None:
        self._where = where
        self._room = room
        self._cluster = cluster
        self._clock = clock

    async def next(self) -> tuple[str, Recorder]:
        """A new recording and its id."""
        return await self.new({})

    async def new(self, meta: dict[str, str]) -> tuple[str, SqliteRecorder]:
        """A new recording that says where it comes from."""
        path = new_path(self._where.incidents, self._room, wall_now())
        said = {
            "room": self._room,
            "cluster": self._cluster,
            "created": wall_now().isoformat(),
            "made_by": __version__,
            **meta,
        }
        return path.stem, await new_recorder(path, meta=said, keys=self._where.keys)


class Left(msgspec.Struct, frozen=True):
    """What a host that did not end in an orderly way left behind."""

    path: Path
    state: State
    start: str
    commands: list[SimulationCommanded]


def left_behind(where: Places, folder: RoomFolder) -> Left | None:
    """The recording a killed host was writing, if it can be gone on with."""
    note = folder.read_note()
    path = where.incidents / f"{note.recording}.db" if note else None
    if path is None or not path.exists():
        return None
    with Recording(path) as recording:
        if recording.meta.get("closed") or not recording.events:
            return None
        commands = [
            event
            for envelope in recording.envelopes()
            if envelope.type == SimulationCommanded.type
            and isinstance(event := decode_event(envelope), SimulationCommanded)
        ]
        whole = not recording.meta.get("dropped_up_to")
        start = recording.meta.get("start", "") if whole else ""
        return Left(path, recording.state_at(recording.last_seq), start, commands)


def book_of(config: Config) -> Book:
    """What the room goes by; raises ``WarroomError`` for a mistake in the policy, naming file and line."""
    keys = [setting.key for setting in SETTINGS if setting.table == "policy"]
    at = {key: config.origin("policy", key) for key in keys}
    policy = parse_policy({key: config.get("policy", key) for key in keys}, at)
    targets = {
        name: parse_target(name, raw, f"{where}: update.{name}")
        for name, (raw, where) in config.updates.items()
    }
    return Book(policy=policy, targets=targets)


async def run_room(where: Places, order: RoomOrder, *, ready: Callable[[], None]) -> None:
    """Run one room until it is stopped; raises ``WarroomError`` when it cannot be opened."""
    config = load_config(where, {})
    book = with_files(book_of(config), where.config_file.parent)
    group = str(config.get("room", "group"))
    folder = RoomFolder(where.rooms, order.room)
    folder.prepare(group)
    folder.take()
    for sentence in await merge_reserves(where.incidents, keys=where.keys):
        log.warning("%s", sentence)
    left = left_behind(where, folder)
    room = await (
        _sample_room(where, order, left) if order.scenario else _real_room(where, order, config, left)
    )
    server = Server(folder, group=group, version=__version__)
    room.go_by(book, lambda: _sender(book, room))
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, room.stop, "ended by a signal")

    started = f"{wall_now():%Y-%m-%dT%H:%M:%SZ}"

    def write_note() -> None:
        folder.write_note(_note(room, started), readable_by_group=bool(group))

    room.announce = write_note

    async def serve(served: Room) -> None:
        async with asyncio.TaskGroup() as crew:
            crew.create_task(server.serve(served), name="server")
            await server.listening.wait()
            write_note()
            ready()

    await room.run(serve)
    folder.clear()


def _note(room: Room, started: str) -> HostNote:
    opened = room.opened
    return HostNote(
        opened.room,
        opened.cluster,
        os.getpid(),
        opened.epoch,
        __version__,
        PROTOCOL,
        started,
        opened.kind,
        room.recording,
    )


async def _sample_room(where: Places, order: RoomOrder, left: Left | None) -> Room:
    scenario = read_scenario(Path(order.scenario))
    seed = scenario.seed if order.seed is None else order.seed
    if not 0 < order.speed <= 1000:
        raise WarroomError("--speed must be more than 0 and at most 1000")
    same = (
        left is not None
        and left.start
        and (left.state.room.scenario, left.state.room.seed) == (scenario.name, seed)
    )
    if left is not None and same:
        recorder, state = await resume_recorder(left.path, keys=where.keys)
        clock = TickClock(start=datetime.fromisoformat(left.start), tick=state.room_ms // 1000)
        cluster = SampleCluster(scenario, clock=clock, seed=seed)
        cluster.restore(left.commands, tick=clock.tick)
        recording: tuple[str, SqliteRecorder] = (left.path.stem, recorder)
        recordings = Recordings(where, order.room, scenario.name, clock)
    else:
        state = None
        now = wall_now().replace(microsecond=0)
        clock = TickClock(start=parse_time(order.start, now) if order.start else now)
        cluster = SampleCluster(scenario, clock=clock, seed=seed)
        recordings = Recordings(where, order.room, scenario.name, clock)
        recording = await recordings.new(
            {"start": clock.start.isoformat(), "scenario": scenario.name, "seed": str(seed)}
        )
    opened = RoomOpened(
        room=order.room,
        cluster=scenario.name,
        kind="sample",
        epoch=state.room.epoch + 1 if state else 1,
        program=__version__,
        scenario=scenario.name,
        seed=seed,
        speed=order.speed,
        after_crash=state is not None,
    )
    return Room(
        opened, clock=clock, sources=[cluster], recording=recording, recordings=recordings, state=state
    )


async def _real_room(where: Places, order: RoomOrder, config: Config, left: Left | None) -> Room:
    known = config.clusters.get(order.cluster)
    if known is None:
        raise WarroomError(f"no cluster {order.cluster!r} is configured in {where.config_file}")
    state: State | None = None
    if left is not None and left.state.room.cluster == order.cluster:
        recorder, state = await resume_recorder(left.path, keys=where.keys)
        away = wall_now() - (state.observed_time or wall_now())
        clock = RealClock(start_ms=state.room_ms + max(0, away // timedelta(milliseconds=1)))
        recordings = Recordings(where, order.room, order.cluster, clock)
        recording: tuple[str, SqliteRecorder] = (left.path.stem, recorder)
    else:
        clock = RealClock()
        recordings = Recordings(where, order.room, order.cluster, clock)
        recording = await recordings.new({})
    opened = RoomOpened(
        room=order.room,
        cluster=order.cluster,
        kind="configured",
        epoch=state.room.epoch + 1 if state else 1,
        program=__version__,
        after_crash=state is not None,
    )
    sources = _sources(known.sources, clock)
    if state is not None:
        for source in sources:
            if isinstance(source, Recalling):
                source.recall(state)
    return Room(opened, clock=clock, sources=sources, recording=recording, recordings=recordings, state=state)


def _sources(tables: dict[str, dict[str, object]], clock: Clock) -> Sequence[Source]:
    # Deferred: a sample cluster needs no HTTP client, which is slow to load.
    from warroom.sources.assembly import assemble  # noqa: PLC0415

    return assemble(tables, clock)


def _sender(book: Book, room: Room) -> UpdateSender:
    # Deferred for the same reason: most rooms send nothing.
    from warroom.sources.updates.sender import Sender  # noqa: PLC0415

    return Sender(book.targets, room.create_alert)


def replay_feed(path: Path) -> Player:
    """A feed over a recording."""
    return Player(Recording(path), title=neutral(path.stem))
