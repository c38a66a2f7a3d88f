"""The reserve file: room kept on disk for what people say and do while the recording cannot be written."""

import contextlib
import os
import zlib
from pathlib import Path

from warroom.errors import Unreadable
from warroom.events.codec import decode_envelope, encode_envelope
from warroom.events.envelope import Envelope

SIZE = 1024 * 1024
HEAD = 8
"""Bytes before each event: its length and its CRC-32, big endian."""


class Reserve:
    """A file of fixed size, allocated beforehand so that it can be written when the disk is full."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.last_seq = 0
        """The newest event it holds."""
        self.full = False
        """Whether an event found no room."""
        self._file: int | None = None
        self._at = 0

    def allocate(self) -> None:
        """Make the file; on a disk already full there is none, and ``keep`` says so."""
        self.close()
        with contextlib.suppress(OSError):
            self._file = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
            os.posix_fallocate(self._file, 0, SIZE)

    def keep(self, envelope: Envelope) -> bool:
        """Write one event durably; False when there is no room."""
        data = encode_envelope(envelope)
        record = len(data).to_bytes(4, "big") + zlib.crc32(data).to_bytes(4, "big") + data
        self.full = self._file is None or self._at + len(record) + HEAD > SIZE
        if self._file is None or self.full:
            return False
        try:
            os.pwrite(self._file, record + bytes(HEAD), self._at)
            os.fdatasync(self._file)
        except OSError:
            self.full = True
            return False
        self._at += len(record)
        self.last_seq = envelope.seq
        return True

    def kept(self) -> list[Envelope]:
        """What the file holds, up to the first damage."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return []
        found: list[Envelope] = []
        at = 0
        while at + HEAD <= len(data):
            length = int.from_bytes(data[at : at + 4], "big")
            body = data[at + HEAD : at + HEAD + length]
            if (
                not length
                or len(body) < length
                or zlib.crc32(body) != int.from_bytes(data[at + 4 : at + 8], "big")
            ):
                break
            try:
                found.append(decode_envelope(body))
            except Unreadable:
                break
            at += HEAD + length
        return found

    def empty(self) -> None:
        """Forget what was kept, after it was merged."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                os.pwrite(self._file, bytes(HEAD), 0)
                os.fdatasync(self._file)
        self._at = self.last_seq = 0
        self.full = False

    def restore(self) -> None:
        """Make the file again when it was removed; what it held is still in memory."""
        if not self.path.exists():
            self.allocate()

    def close(self) -> None:
        """Let go of the file; what it holds is merged when the recording is next opened for writing."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def remove(self) -> None:
        """The recording is closed and nothing is left over."""
        self.close()
        self.path.unlink(missing_ok=True)
