"""The recorder on SQLite passes the conformance suite; what breaks it is a file moved away and another in its place."""

from pathlib import Path

import pytest

from warroom.host.ports import Recorder, RecordingReader
from warroom.recorder.opening import new_recorder
from warroom.recorder.reader import Recording
from warroom.testing.memory_recorder import MemoryRecorder
from warroom.testing.memory_recording import MemoryRecording
from warroom.testing.recorder_suite import RecorderSuite


class TestSqlite(RecorderSuite):
    @pytest.fixture(autouse=True)
    def in_folder(self, warroom_home: str) -> None:
        self.path = Path(warroom_home) / "incidents" / "r.db"

    async def recorder(self) -> Recorder:
        return await new_recorder(self.path, meta={"room": "r"}, keys=self.path.parent.parent / "keys")

    def reader(self, recorder: Recorder) -> RecordingReader:
        return Recording(Path(recorder.path))

    def break_it(self, recorder: Recorder) -> None:
        self.path.rename(self.path.with_suffix(".away"))
        self.path.write_text("another file")

    def mend(self, recorder: Recorder) -> None:
        self.path.with_suffix(".away").replace(self.path)


class TestMemory(RecorderSuite):
    """The fake that tests of rooms record into keeps the same promises."""

    async def recorder(self) -> Recorder:
        return MemoryRecorder()

    def reader(self, recorder: Recorder) -> RecordingReader:
        assert isinstance(recorder, MemoryRecorder)
        return MemoryRecording(recorder.kept)

    def break_it(self, recorder: Recorder) -> None:
        assert isinstance(recorder, MemoryRecorder)
        recorder.fail("no room left")

    def mend(self, recorder: Recorder) -> None:
        assert isinstance(recorder, MemoryRecorder)
        recorder.mend()
