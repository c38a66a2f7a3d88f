"""Opening recordings: what is private stays so, and what is not ours or too new is refused and left as it was."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from tests.recorder.files import checked, keys_of, recording, tamper
from warroom.errors import WarroomError
from warroom.recorder.files import create_private, file_system_of, new_path
from warroom.recorder.migrate import bring_up_to_date
from warroom.recorder.opening import new_recorder, resume_recorder
from warroom.recorder.reader import Recording, catalogue
from warroom.recorder.schema import APPLICATION_ID, MIGRATIONS, VERSION
from warroom.testing.memory_recording import START


@pytest.fixture
def path(warroom_home: str) -> Path:
    return Path(warroom_home) / "incidents" / "r.db"


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_every_file_is_0600_in_a_folder_0700_whatever_the_umask(path: Path) -> None:
    before = os.umask(0)
    try:
        async with recording(path) as rig:
            rig.note("one")
            await rig.durable()
            names = {p.name for p in path.parent.iterdir()}
            assert names == {"r.db", "r.db-shm", "r.db-wal", "r.lock", "r.reserve"}
            assert {mode(path.parent / name) for name in names} == {0o600}
            assert mode(path.parent) == 0o700
    finally:
        os.umask(before)


async def test_a_folder_that_was_open_is_closed(path: Path) -> None:
    path.parent.mkdir(mode=0o755)
    async with recording(path):
        assert mode(path.parent) == 0o700


async def test_only_one_process_writes_a_recording(path: Path) -> None:
    async with recording(path):
        with pytest.raises(WarroomError, match="another process is writing"):
            await resume_recorder(path, keys=keys_of(path))


async def refused(path: Path) -> str:
    """The sentence with which a file is refused, for reading and for writing; the file stays as it was."""
    before = path.read_bytes()
    with pytest.raises(WarroomError) as reading:
        Recording(path)
    with pytest.raises(WarroomError) as writing:
        await resume_recorder(path, keys=keys_of(path))
    assert str(writing.value) in str(reading.value)
    assert path.read_bytes() == before
    assert not path.with_name(path.name + "-wal").exists()
    return str(reading.value)


async def test_a_newer_file_is_refused(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("one")
    tamper(path, f"PRAGMA user_version={VERSION + 1}")
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode=DELETE")
    assert f"made by a newer warroom (format {VERSION + 1}, this one reads {VERSION})" in await refused(path)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"SQLite format 3\0" + bytes(84), b"\xa5" * 5000])
async def test_what_is_no_recording_is_refused(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert "not a recording of warroom" in await refused(path)


async def test_a_database_of_another_program_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE bookmarks (url TEXT)")
        db.commit()
    assert "not a recording of warroom" in await refused(path)


async def test_a_link_is_never_followed(path: Path) -> None:
    path.parent.mkdir()
    async with recording(path.with_name("real.db")) as rig:
        rig.note("one")
    path.symlink_to("real.db")
    assert "recordings are never opened through links" in await refused(path)
    with pytest.raises(WarroomError, match="cannot create the recording"):
        create_private(path)


async def test_a_lock_that_is_a_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.with_suffix(".lock").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WarroomError, match="cannot lock the recording"):
        await new_recorder(path, meta={}, keys=keys_of(path))
    assert not (tmp_path / "elsewhere").exists()


async def test_an_existing_file_is_never_overwritten(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("precious")
    with pytest.raises(WarroomError, match="cannot create the recording"):
        await new_recorder(path, meta={}, keys=keys_of(path))
    assert path.read_text() == "precious"


def test_a_missing_file_is_one_sentence(path: Path) -> None:
    with pytest.raises(WarroomError, match="there is no recording"):
        Recording(path)


MOUNTS = r"""
22 1 0:21 / / rw - ext4 /dev/vda1 rw
31 22 0:29 / /home rw,relatime - nfs4 server:/home rw
32 31 0:30 / /home/you/local rw - xfs /dev/sdb rw
33 22 0:31 / /scr\040atch rw - lustre mds:/x rw
34 22 0:32 / /büro rw - cifs //server/x rw
nonsense
"""


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/var/lib", "ext4"),
        ("/home/you", "nfs4"),
        ("/home/you/local/x", "xfs"),
        ("/homes", "ext4"),
        ("/scr atch/x", "lustre"),
        ("/büro/x", "cifs"),
    ],
)
def test_the_innermost_mount_decides(folder: str, kind: str) -> None:
    assert file_system_of(folder, MOUNTS) == kind


def test_a_mount_point_that_is_no_utf8_is_read_too() -> None:
    line = b"34 22 0:32 / /b\xfcro rw - cifs //server/x rw".decode("utf-8", "surrogateescape")
    assert file_system_of("/b\udcfcro/x", line) == "cifs"


def test_a_second_recording_of_the_same_minute_gets_a_number(tmp_path: Path) -> None:
    first = new_path(tmp_path, "room", START)
    first.touch()
    assert (first.name, new_path(tmp_path, "room", START).name) == (
        "20260302-1400-room.db",
        "20260302-1400-room-2.db",
    )


def test_a_broken_file_is_listed_with_what_is_wrong_with_it(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"GIF89a")
    (listing,) = catalogue(path.parent)
    assert (listing.id, "not a recording" in listing.trouble) == ("r", True)


# --- migrations -----------------------------------------------------------------------------------------

NEXT = (*MIGRATIONS, ("ALTER TABLE events ADD COLUMN tenant TEXT",), ("CREATE TABLE later (x)",))
BROKEN = (*MIGRATIONS, ("CREATE TABLE later (x)", "NONSENSE"))


async def test_an_older_file_is_brought_forward_and_kept_beside(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("from before")
    with Recording(path, NEXT) as reading:
        assert [e.type for e in reading.envelopes()] == ["note.added"]
    with closing(sqlite3.connect(path)) as db:
        assert db.execute("PRAGMA user_version").fetchone() == (VERSION + 2,)
        assert db.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        db.execute("SELECT tenant FROM events")
    kept = path.with_suffix(f".v{VERSION}")
    assert mode(kept) == 0o600
    with Recording(kept) as old:
        assert old.events == 1
    with pytest.raises(WarroomError, match="made by a newer warroom"):
        Recording(path)


async def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("from before")
    with pytest.raises(WarroomError, match="cannot prepare the recording"):
        bring_up_to_date(path, BROKEN)
    assert checked(path).wrong == []
    with Recording(path) as reading:
        assert reading.events == 1


async def test_a_file_that_is_being_written_is_not_migrated(path: Path) -> None:
    async with recording(path) as rig:
        rig.note("one")
        await rig.durable()
        with pytest.raises(WarroomError, match="another process is writing"):
            Recording(path, NEXT)


def test_every_step_of_the_format_is_one_of_sqlite(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "x.db")) as db:
        for step in MIGRATIONS:
            for statement in step:
                db.execute(statement)
