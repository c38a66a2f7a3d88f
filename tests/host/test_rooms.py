"""The folder of open rooms: one host a room, whatever others look at; what a dead host left is no obstacle."""

import socket
import stat
import threading
from pathlib import Path

import pytest

from warroom.errors import WarroomError
from warroom.host.rooms import LONGEST_SOCKET, HostNote, RoomFolder, find_room, open_rooms

NOTE = HostNote("r", "c", 1, 1, "1", 1, "2026-03-02T14:00:00Z", recording="20260302-1400-r")


@pytest.fixture
def rooms(warroom_home: str) -> Path:
    return Path(warroom_home) / "rooms"


def prepared(rooms: Path, name: str = "r") -> RoomFolder:
    folder = RoomFolder(rooms, name)
    folder.prepare("")
    return folder


def test_only_one_host_has_a_room(rooms: Path) -> None:
    held = prepared(rooms)
    held.take()
    with pytest.raises(WarroomError, match="room r is already open; type `warroom attach r`"):
        prepared(rooms).take()
    assert prepared(rooms).running()


def test_a_host_is_not_turned_away_by_whoever_just_looks(rooms: Path) -> None:
    folder, over = prepared(rooms), threading.Event()

    def look_all_the_time() -> None:
        while not over.is_set():
            RoomFolder(rooms, "r").running()

    looking = threading.Thread(target=look_all_the_time)
    looking.start()
    try:
        folder.take()
    finally:
        over.set()
        looking.join()
    assert folder.running()


def test_what_a_dead_host_left_is_no_running_room(rooms: Path) -> None:
    folder = prepared(rooms)
    folder.write_note(NOTE, readable_by_group=False)
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(folder.socket))
    assert not folder.running()
    assert open_rooms(rooms) == []
    with pytest.raises(WarroomError, match=r"the host of room r is gone \(its socket was left behind\)"):
        find_room(rooms, "r")
    folder.take()
    assert find_room(rooms, "r").name == "r"


def test_a_path_too_long_for_a_socket_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * LONGEST_SOCKET)
    with pytest.raises(WarroomError, match="set WARROOM_HOME to a shorter folder"):
        RoomFolder(deep, "r").prepare("")
    assert not deep.exists()


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../../etc"])
def test_a_room_is_no_way_out_of_its_folder(rooms: Path, name: str) -> None:
    with pytest.raises(WarroomError, match="a room cannot be called"):
        RoomFolder(rooms, name).prepare("")


def test_a_group_nobody_knows_is_one_sentence(rooms: Path) -> None:
    with pytest.raises(WarroomError, match="there is no group 'no-such-group'"):
        RoomFolder(rooms, "r").prepare("no-such-group")


@pytest.mark.parametrize(("group", "mode"), [(False, 0o600), (True, 0o640)])
def test_a_note_is_as_private_as_its_room(rooms: Path, group: bool, mode: int) -> None:
    folder = prepared(rooms)
    folder.write_note(NOTE, readable_by_group=group)
    assert folder.read_note() == NOTE
    assert stat.S_IMODE(folder.note.stat().st_mode) == mode


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"room": 5}', b"[" * 100_000])
def test_a_note_that_cannot_be_read_says_nothing(rooms: Path, content: bytes) -> None:
    folder = prepared(rooms)
    folder.note.write_bytes(content)
    assert folder.read_note() is None


def test_a_folder_that_was_open_to_others_is_closed(rooms: Path) -> None:
    rooms.mkdir(mode=0o755)
    (rooms / "r").mkdir(mode=0o777)
    folder = prepared(rooms)
    assert stat.S_IMODE(folder.path.stat().st_mode) == 0o700


def test_the_only_open_room_needs_no_name_and_two_do(rooms: Path) -> None:
    with pytest.raises(WarroomError, match="no room is open"):
        find_room(rooms, None)
    prepared(rooms, "a").take()
    first = prepared(rooms, "b")
    assert find_room(rooms, None).name == "a"
    first.take()
    with pytest.raises(WarroomError, match="several rooms are open: a, b; say which one, such as `--room a`"):
        find_room(rooms, None, option="--room")
    with pytest.raises(WarroomError, match="no open room is called c; open rooms: a, b"):
        find_room(rooms, "c")
