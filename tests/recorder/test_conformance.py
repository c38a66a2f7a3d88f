"""The recorder on SQLite passes the conformance suite; what breaks it is a file moved away and another in its place."""

from pathlib import Path

import pytest

from warroom.host.ports import Recorder, RecordingReader
from warroom.recorder.opening import new_recorder
from warroom.recorder.reader import Recording
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
