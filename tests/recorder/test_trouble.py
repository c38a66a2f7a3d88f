"""When the record cannot be kept: the room goes on, says so, and no word of a person is lost."""

import asyncio
import contextlib
import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.recorder.files import ask, checked, keys_of, of_sqlite, recording, running
from warroom.errors import WarroomError
from warroom.events.actions import ActionApproved
from warroom.events.incident import NoteAdded
from warroom.events.logs import LogsAppended
from warroom.events.room import BaselineRecorded
from warroom.model.nouns import LogLevel, LogLine
from warroom.model.text import Safe
from warroom.recorder.opening import merge_reserves, new_recorder, resume_recorder
from warroom.recorder.reader import Recording
from warroom.recorder.reserve import SIZE, Reserve
from warroom.recorder.sqlite import MOST_HELD, MOST_HELD_BYTES
from warroom.testing.memory_recording import Script
from warroom.testing.recorder_suite import Rig, until


@pytest.fixture
def path(warroom_home: str) -> Path:
    return Path(warroom_home) / "incidents" / "r.db"


def notes(path: Path) -> list[str]:
    """What people said, as another process reads it."""
    with Recording(path) as reading:
        return [moment.text for moment in reading.state_at(reading.last_seq).timeline.moments]


def put_another_in_its_place(path: Path) -> None:
    path.rename(path.with_suffix(".away"))
    path.write_text("another file")


def put_back(path: Path) -> None:
    path.with_suffix(".away").replace(path)


async def in_trouble(rig: Rig) -> None:
    await until(lambda: of_sqlite(rig).trouble, "the recorder notices")


async def well_again(rig: Rig) -> None:
    await until(lambda: rig.told and not rig.told[-1].reason, "the recorder is well again")


def big(rig: Rig, size: int = 60_000) -> None:
    """A block of log lines that does not compress."""
    rig.say(LogsAppended((LogLine(None, LogLevel.INFO, Safe(os.urandom(size // 2).hex())),)))


# --- a removed file -------------------------------------------------------------------------------------


async def test_a_recording_that_was_removed_is_written_again_whole(path: Path) -> None:
    async with recording(path) as rig:
        for number in range(100):
            rig.note(f"note {number}")
        await rig.durable()
        path.unlink()
        rig.note("after it was removed")
        await well_again(rig)
        rig.note("and later")
        await rig.durable()
        assert rig.told[0].reason.endswith("is gone")
    assert [text for text in notes(path) if text.startswith("note")] == [f"note {n}" for n in range(100)]
    assert notes(path)[-2:] == ["after it was removed", "and later"]
    assert checked(path).wrong == []
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert {p.suffix for p in path.parent.iterdir()} == {".db", ".lock", ".db-shm", ".db-wal"}


async def test_a_folder_that_was_removed_comes_back_too(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        shutil.rmtree(path.parent)
        rig.note("after")
        await well_again(rig)
        with pytest.raises(WarroomError, match="another process is writing"):
            await resume_recorder(path, keys=keys_of(path))
    assert notes(path) == ["before", "after"]
    assert checked(path).wrong == []


async def test_a_file_that_took_the_place_is_left_alone(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        await in_trouble(rig)
        assert path.read_text() == "another file"
        put_back(path)
        await well_again(rig)
    assert notes(path) == ["before", "during"]


# --- a locked file --------------------------------------------------------------------------------------


@pytest.mark.slow
async def test_a_file_another_program_locks_is_waited_for(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            rig.note("during")
            await in_trouble(rig)
            assert "locked" in rig.told[0].reason
            other.execute("ROLLBACK")
        await well_again(rig)
    assert notes(path) == ["before", "during"]


# --- a full disk ----------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(warroom_home: str) -> Iterator[Path]:
    """A folder with room for three megabytes."""
    folder = Path(warroom_home) / "incidents"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("needs root: mounts a small file system")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(ballast: Path) -> None:
    """Write until the disk is full."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as out:
        while True:
            out.write(bytes(4096))


async def test_on_a_full_disk_words_go_to_the_reserve_and_nothing_is_lost_when_there_is_room_again(
    small_disk: Path,
) -> None:
    path = small_disk / "r.db"
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        ballast = small_disk / "ballast"
        fill(ballast)
        big(rig)
        rig.note("during")
        await in_trouble(rig)
        assert "full" in rig.told[0].reason
        with pytest.raises(WarroomError, match="cannot be kept"):
            await rig.durable()
        rig.note("still during")
        assert [e.type for e in Reserve(path.with_suffix(".reserve")).kept()] == ["note.added"] * 2
        ballast.unlink()
        await well_again(rig)
        assert (rig.told[-1].merged, rig.told[-1].lost) == (2, 0)
    assert notes(path) == ["before", "during", "still during"]
    assert checked(path).wrong == []


async def test_no_room_can_be_opened_on_a_full_disk_and_one_sentence_says_so(small_disk: Path) -> None:
    fill(small_disk / "ballast")
    with pytest.raises(WarroomError, match=r"the recording .* (full|I/O error|locked)"):
        await new_recorder(small_disk / "r.db", meta={"room": "r"}, keys=keys_of(small_disk / "r.db"))


# --- the reserve ----------------------------------------------------------------------------------------


async def test_a_baseline_does_not_eat_the_reserve(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        await in_trouble(rig)
        rig.say(BaselineRecorded(bytes(SIZE)), urgent=True)
        rig.note("after the baseline")
        assert len(rig.told) == 1
        kept = Reserve(path.with_suffix(".reserve")).kept()
        assert [e.type for e in kept] == ["note.added", "note.added"]
        put_back(path)


async def test_a_full_reserve_is_said_and_its_overflow_is_still_held(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        await in_trouble(rig)
        for number in range(20):
            rig.note(f"{number} " + "x" * 60_000)
        await until(lambda: len(rig.told) > 1, "somebody is told")
        assert "the reserve file takes no more" in rig.told[1].reason
        put_back(path)
        await well_again(rig)
    assert len(notes(path)) == 22


async def test_words_said_while_it_recovers_are_in_the_reserve_until_they_are_committed(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        said = [rig.note("during")]
        await in_trouble(rig)
        said += [rig.note(f"more {number}") for number in range(3)]
        put_back(path)
        while not (rig.told and not rig.told[-1].reason):
            kept = {e.seq for e in Reserve(path.with_suffix(".reserve")).kept()}
            with Recording(path) as reading:
                committed = {e.seq for e in reading.envelopes()}
            assert {e.seq for e in said} <= kept | committed
            await asyncio.sleep(0.005)


def test_what_a_damaged_reserve_still_holds_is_read_up_to_the_damage(path: Path) -> None:
    path.parent.mkdir()
    reserve, script = Reserve(path.with_suffix(".reserve")), Script()
    reserve.allocate()
    for number in range(5):
        assert reserve.keep(script.at(number, NoteAdded(Safe(f"note {number}"))))
    reserve.close()
    whole = path.with_suffix(".reserve").read_bytes()
    assert [e.seq for e in reserve.kept()] == [1, 2, 3, 4, 5]
    place = whole.index(b"note 3")
    path.with_suffix(".reserve").write_bytes(whole[:place] + b"n0te" + whole[place + 4 :])
    assert [e.seq for e in reserve.kept()] == [1, 2, 3]
    path.with_suffix(".reserve").write_bytes(b"\xff" * 100)
    assert reserve.kept() == []


# --- too much, for too long -----------------------------------------------------------------------------


async def test_observations_beyond_what_memory_may_hold_are_counted_as_lost_and_words_are_not(
    path: Path,
) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        await in_trouble(rig)
        for number in range(MOST_HELD):
            rig.line(f"line {number}")
        rig.say(ActionApproved("A1", Safe("--yes")))
        await until(lambda: of_sqlite(rig)._lost, "telemetry is let go")
        put_back(path)
        await well_again(rig)
        rig.note("after")
        await rig.durable()
        assert rig.told[-1].lost == MOST_HELD
    kinds = ask(path, "SELECT type, count(*) FROM events GROUP BY type ORDER BY type")
    assert kinds == [("action.approved", 1), ("note.added", 3)]
    report = checked(path)
    assert report.wrong == []
    assert any("were never kept" in note for note in report.notes)


async def test_a_few_huge_blocks_do_not_fill_the_memory_either(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        await in_trouble(rig)
        blocks = MOST_HELD_BYTES // 2_000_000 + 1
        for _ in range(blocks):
            big(rig, 2_000_000)
        await until(lambda: of_sqlite(rig)._lost == blocks, "telemetry is let go")
        put_back(path)


# --- the end of a room in trouble -----------------------------------------------------------------------


async def test_words_of_a_room_that_was_closed_in_trouble_are_merged_by_the_next(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        rig.line("a line")
        await in_trouble(rig)
        rig.note("last words")
    put_back(path)
    assert notes(path) == ["before"]
    assert any("2 events wait in the reserve file" in note for note in checked(path).notes)
    assert await merge_reserves(path.parent, keys=keys_of(path)) == []
    assert notes(path) == ["before", "during", "last words"]
    assert checked(path).wrong == []
    assert not path.with_suffix(".reserve").exists()


async def test_a_reserve_that_cannot_be_merged_is_named_and_kept(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        await in_trouble(rig)
    (sentence,) = await merge_reserves(path.parent, keys=keys_of(path))
    assert str(path.with_suffix(".reserve")) in sentence
    assert path.with_suffix(".reserve").exists()
    assert path.read_text() == "another file"


async def test_the_reserve_of_a_room_that_runs_is_not_touched(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        await in_trouble(rig)
        assert await merge_reserves(path.parent, keys=keys_of(path)) == []
        assert len(Reserve(path.with_suffix(".reserve")).kept()) == 1
        put_back(path)


async def test_a_host_that_goes_on_says_that_it_records_again(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("before")
        await rig.durable()
        put_another_in_its_place(path)
        rig.note("during")
        await in_trouble(rig)
    put_back(path)
    recorder, state = await resume_recorder(path, keys=keys_of(path))
    assert state.timeline.moments[-1].text == "during"
    again = Rig(recorder)
    async with running(again):
        await until(lambda: again.told, "the room is told")
        assert (again.told[0].reason, again.told[0].merged) == ("", 1)
