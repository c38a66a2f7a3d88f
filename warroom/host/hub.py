"""Hands what happens to every reader without ever waiting for one; who falls behind gets a fresh snapshot."""

import asyncio
from collections import deque
from collections.abc import Callable

from warroom.events.envelope import Envelope
from warroom.host.protocol import Beat, Events, Snapshot, encode_frame
from warroom.host.sequencer import Sequencer
from warroom.state import keyframe

MOST_QUEUED = 8 * 1024 * 1024
"""Bytes queued for one reader before it is given a snapshot instead."""
MOST_REPLIES = 1024 * 1024
"""Bytes of answers a reader may leave unread before it is asked nothing more."""


class Reader:
    """The queue of one client. ``next_bytes`` is awaited by the task that writes to its socket."""

    def __init__(self, snapshot: Callable[[], bytes]) -> None:
        self._snapshot = snapshot
        self._queue: deque[bytes] = deque()
        self._replies: list[bytes] = []
        self._bytes = 0
        self._reply_bytes = 0
        self._room_again = asyncio.Event()
        self._behind = True
        self._wake = asyncio.Event()
        self._wake.set()
        self.snapshots = 0

    def push(self, frame: bytes) -> None:
        """Queue part of the stream; too much of it is replaced by one snapshot."""
        if self._behind:
            return
        self._queue.append(frame)
        self._bytes += len(frame)
        if self._bytes > MOST_QUEUED:
            self.fall_behind()
        self._wake.set()

    def reply(self, frame: bytes) -> None:
        """Queue an answer, which is never dropped and goes after all that is queued of the stream."""
        self._replies.append(frame)
        self._reply_bytes += len(frame)
        self._wake.set()

    async def room_for_a_reply(self) -> None:
        """Wait while this reader leaves too many answers unread."""
        while self._reply_bytes > MOST_REPLIES:
            self._room_again.clear()
            await self._room_again.wait()

    def fall_behind(self) -> None:
        """Forget what is queued of the stream; a snapshot goes next."""
        self._queue.clear()
        self._bytes = 0
        self._behind = True
        self._wake.set()

    async def next_bytes(self) -> bytes:
        """What to write next: a snapshot if one is due, else all that is queued."""
        await self._wake.wait()
        self._wake.clear()
        if self._behind:
            # Made while still behind, so that what its making flushes is not queued before it.
            snapshot = self._snapshot()
            self._behind = False
            self.snapshots += 1
            self._queue.append(snapshot)
        data = b"".join([*self._queue, *self._replies])
        self._queue.clear()
        self._replies.clear()
        self._bytes = self._reply_bytes = 0
        self._room_again.set()
        return data


class Hub:
    """All readers of a room."""

    def __init__(self, sequencer: Sequencer, *, epoch: int) -> None:
        self._sequencer = sequencer
        self._epoch = epoch
        self._readers: set[Reader] = set()
        self._pending: list[Envelope] = []
        self._cached: tuple[int, bytes] = (-1, b"")
        sequencer.subscribe(self._happened)

    def join(self) -> Reader:
        """A new reader, which begins with a snapshot."""
        self.flush()
        reader = Reader(self._snapshot)
        self._readers.add(reader)
        return reader

    def leave(self, reader: Reader) -> None:
        """Forget a reader."""
        self._readers.discard(reader)

    def beat(self) -> None:
        """Tell everybody the time."""
        self.flush()
        if self._readers:
            state, clock = self._sequencer.state, self._sequencer.clock
            room_ms = max(clock.room_ms(), state.room_ms)
            beat = Beat(self._epoch, state.seq, room_ms, self._sequencer.recorder.recorded_seq)
            self._push(encode_frame(beat))

    def _happened(self, envelope: Envelope) -> None:
        if not self._pending:
            asyncio.get_running_loop().call_soon(self.flush)
        self._pending.append(envelope)

    def flush(self) -> None:
        """Send what happened since the last flush as one frame."""
        pending, self._pending = self._pending, []
        if pending and self._readers:
            self._push(encode_frame(Events(self._epoch, pending)))

    def _push(self, frame: bytes) -> None:
        for reader in self._readers:
            reader.push(frame)

    def _snapshot(self) -> bytes:
        self.flush()
        sequencer = self._sequencer
        state = sequencer.state
        if self._cached[0] != state.seq:
            self._cached = (state.seq, keyframe.encode(state))
        snapshot = Snapshot(
            self._epoch,
            state.seq,
            max(sequencer.clock.room_ms(), state.room_ms),
            sequencer.recorder.recorded_seq,
            self._cached[1],
            list(sequencer.log_tail.lines),
        )
        return encode_frame(snapshot)
