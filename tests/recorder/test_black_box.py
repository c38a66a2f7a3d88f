"""The black box: before an incident the last hour is kept in whole segments; declaring adopts what is there."""

from pathlib import Path

import pytest

from tests.recorder.files import ask, checked, of_sqlite, recording, tamper
from warroom.events.incident import IncidentDeclared, NoteAdded
from warroom.host.sequencer import SEGMENT_MS, Sequencer
from warroom.model.nouns import Severity
from warroom.model.text import Safe
from warroom.recorder.reader import Recording
from warroom.state import keyframe
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.recorder_suite import Rig

MINUTE = 60


class BlackBox:
    """A room that says one thing a minute, and the file it is recorded in."""

    def __init__(self, rig: Rig) -> None:
        self.clock = LeapingClock()
        self.rig = rig
        self.sequencer = Sequencer(self.clock, rig.recorder)
        self.path = Path(rig.recorder.path)

    async def minutes(self, count: int) -> None:
        """Let minutes pass; every one is committed for itself."""
        for _ in range(count):
            self.clock.leap(MINUTE)
            said = self.sequencer.accept(NoteAdded(Safe(f"minute {self.clock.room_ms() // 60_000}")))
            await self.rig.recorder.durable(said.seq)

    async def declare(self) -> None:
        said = self.sequencer.accept(IncidentDeclared("r", Safe("all down"), Severity.SEV1))
        await self.rig.recorder.durable(said.seq)

    def kept_ms(self) -> tuple[int, int]:
        with Recording(self.path) as reading:
            return reading.first_ms, reading.last_ms


@pytest.fixture
def path(warroom_home: str) -> Path:
    return Path(warroom_home) / "incidents" / "r.db"


async def test_after_two_hours_of_peace_the_last_hour_is_there_in_whole_segments(path: Path) -> None:
    async with recording(path) as rig:
        box = BlackBox(rig)
        await box.minutes(124)
        first, last = box.kept_ms()
        assert last == 124 * 60_000
        assert 60 * 60_000 <= last - first < 60 * 60_000 + 2 * SEGMENT_MS
        assert first % SEGMENT_MS == 0
    with Recording(path) as reading:
        assert next(reading.rows()).type == "baseline.recorded"
        assert reading.meta["dropped_up_to"] == str(reading.first_seq - 1)
    assert all(
        ask(path, f"SELECT count(*) FROM {table} WHERE {column} < ?", reading.first_seq) == [(0,)]
        for table, column in (("events", "seq"), ("batches", "first_seq"), ("segments", "baseline_seq"))
    )
    report = checked(path)
    assert report.wrong == []
    assert any("were dropped before an incident was declared" in note for note in report.notes)


async def test_what_is_left_folds_into_the_state_of_a_room_that_forgot_nothing(path: Path) -> None:
    async with recording(path) as rig:
        box = BlackBox(rig)
        await box.minutes(100)
        with Recording(path) as reading:
            assert keyframe.encode(reading.state_at(reading.last_seq)) == keyframe.encode(box.sequencer.state)
            texts = [moment.text for moment in reading.state_at(reading.first_seq).timeline.moments]
        assert "minute 1" in texts


async def test_declaring_adopts_what_is_there_and_nothing_is_dropped_any_more(path: Path) -> None:
    async with recording(path) as rig:
        box = BlackBox(rig)
        await box.minutes(90)
        await box.declare()
        first, _ = box.kept_ms()
        assert first >= 25 * 60_000
        await box.minutes(200)
        assert box.kept_ms() == (first, 290 * 60_000)
    assert checked(path).wrong == []


async def test_without_an_hour_nothing_is_dropped(path: Path) -> None:
    async with recording(path) as rig:
        await BlackBox(rig).minutes(59)
    assert ask(path, "SELECT min(seq) FROM events") == [(1,)]
    assert ask(path, "SELECT count(*) FROM meta WHERE key LIKE 'dropped%'") == [(0,)]


async def test_a_segment_is_never_cut_in_the_middle(path: Path) -> None:
    async with recording(path) as rig:
        box = BlackBox(rig)
        for _ in range(80):
            await box.minutes(1)
            kinds = ask(path, "SELECT type FROM events ORDER BY seq LIMIT 1")
            assert kinds == [("baseline.recorded",)]


@pytest.mark.parametrize("minutes", [30, 150])
async def test_who_cuts_away_more_than_a_black_box_drops_is_found_out(path: Path, minutes: int) -> None:
    async with recording(path) as rig:
        box = BlackBox(rig)
        await box.minutes(minutes)
        await box.declare()
        assert of_sqlite(rig).trouble == ""
    assert checked(path).wrong == []
    second = ask(path, "SELECT baseline_seq FROM segments ORDER BY baseline_seq LIMIT 1 OFFSET 2")[0][0]
    last, head = ask(
        path, "SELECT last_seq, head FROM batches WHERE last_seq < ? ORDER BY n DESC LIMIT 1", second
    )[0]
    for table, column in (
        ("events", "seq"),
        ("batches", "last_seq"),
        ("segments", "baseline_seq"),
        ("keyframes", "seq"),
    ):
        tamper(path, f"DELETE FROM {table} WHERE {column} <= ?", last)
    tamper(path, "INSERT OR REPLACE INTO meta VALUES ('dropped_up_to', ?)", str(last))
    tamper(path, "INSERT OR REPLACE INTO meta VALUES ('dropped_head', ?)", bytes(head).hex())  # type: ignore[arg-type]
    assert checked(path).wrong == [f"events before #{second} were removed that a black box keeps"]
