"""``python -m benchmarks.flood_host HOME NODES UPDATES LINES``: a recording host whose cluster changes at that rate."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

from warroom.bootstrap import Recordings
from warroom.clock import RealClock, monotonic_s, wall_now
from warroom.config import places
from warroom.events.cluster import NodesChanged
from warroom.events.logs import LogsAppended
from warroom.events.room import RoomOpened
from warroom.events.sources import SourceAnnounced, SourceSynced
from warroom.host.ports import Observation
from warroom.host.protocol import PROTOCOL
from warroom.host.room import Room
from warroom.host.rooms import HostNote, RoomFolder
from warroom.host.server import Server
from warroom.model.nouns import LogLevel, LogLine, Node, NodeName, NodeState
from warroom.model.text import Safe

ROOM = "flood"
RACK = 50
TURN_S = 0.1
CHUNK = 500
"""Lines in one event: no unit of work is long."""
TEXT = (
    "request 7f3a9c21 handled in 184 ms by replica 3, 2048 tokens in, 512 out, queue 12, cache hit 0.91, " * 2
)


class Flood:
    """A source of so many nodes, of which some change, and some lines are written, each second."""

    name = "flood"

    def __init__(self, nodes: int, updates: int, lines: int) -> None:
        self._nodes, self._updates, self._lines = nodes, updates, lines

    def announce(self) -> SourceAnnounced:
        return SourceAnnounced("slurm", ("cluster", "logs"), interval_s=3600.0)

    async def observe(self) -> AsyncIterator[Observation]:
        yield Observation(NodesChanged(tuple(self._node(n, 0) for n in range(self._nodes))))
        yield Observation(SourceSynced())
        begun, changed, written = monotonic_s(), 0, 0
        while True:
            await asyncio.sleep(TURN_S)
            so_far = monotonic_s() - begun
            upto = min(int(so_far * self._updates), changed + self._nodes)
            if upto > changed:
                # A step that is coprime to the number of nodes: each is reported in its turn.
                turn = tuple(self._node(n * 7 % self._nodes, n) for n in range(changed, upto))
                yield Observation(NodesChanged(turn))
                changed = upto
            upto = int(so_far * self._lines)
            if upto > written:
                now = wall_now()
                for begin in range(written, upto, CHUNK):
                    part = range(begin, min(begin + CHUNK, upto))
                    yield Observation(LogsAppended(tuple(self._line(n, now) for n in part)))
                written = upto

    async def close(self) -> None:
        return

    def _node(self, number: int, turn: int) -> Node:
        state = NodeState.NOT_READY if turn % 10 == 9 else NodeState.READY
        rack = f"r{number // RACK:03d}"
        return Node(NodeName(f"n{number:05d}"), state, rack=rack, gpus=8, gpus_used=turn % 8)

    def _line(self, number: int, now: datetime) -> LogLine:
        level = LogLevel.ERROR if number % 50 == 0 else LogLevel.INFO
        node = NodeName(f"n{number % self._nodes:05d}")
        return LogLine(now, level, Safe(f"{number} {TEXT}"[:206]), node)


async def run(home: Path, flood: Flood) -> None:
    """Run the room until it is ended by a signal."""
    where = places({"WARROOM_HOME": str(home)})
    clock = RealClock()
    folder = RoomFolder(where.rooms, ROOM)
    folder.prepare("")
    folder.take()
    recordings = Recordings(where, ROOM, "flood", clock)
    opened = RoomOpened(room=ROOM, cluster="flood", kind="configured", epoch=1, program="benchmark")
    recording = await recordings.new({})
    room = Room(opened, clock=clock, sources=[flood], recording=recording, recordings=recordings)
    server = Server(folder, group="", version="benchmark")

    async def serve(served: Room) -> None:
        async with asyncio.TaskGroup() as crew:
            crew.create_task(server.serve(served))
            await server.listening.wait()
            note = HostNote(
                ROOM, "flood", os.getpid(), 1, "benchmark", PROTOCOL, "", "configured", room.recording
            )
            folder.write_note(note, readable_by_group=False)
            print("ready", flush=True)

    await room.run(serve)


if __name__ == "__main__":
    home, *numbers = sys.argv[1:]
    asyncio.run(run(Path(home), Flood(*map(int, numbers))))
