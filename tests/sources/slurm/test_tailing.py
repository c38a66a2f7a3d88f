"""Reading what was added to a log file, whatever happened to the file meanwhile."""

import os
from pathlib import Path

import pytest

from warroom.sources.slurm import tailing
from warroom.sources.slurm.tailing import BACKLOG, LONGEST_LINE, Added, Refusal, Tail, read_added, read_end

ME = os.getuid()
MOST = 1000


class Log:
    """A file and how far it was read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.tail = Tail(str(path), ME)

    def say(self, text: str) -> None:
        with self.path.open("a") as file:
            file.write(text)

    def added(self, *, from_start: bool = True, ended: bool = False) -> Added:
        return read_added(self.tail, most=MOST, from_start=from_start, ended=ended)


@pytest.fixture
def log(tmp_path: Path) -> Log:
    (tmp_path / "job.log").touch()
    return Log(tmp_path / "job.log")


def test_only_what_is_new_is_read(log: Log) -> None:
    log.say("a\nb\n")
    assert log.added() == Added(b"a\nb\n")
    assert log.added() == Added(b"")
    log.say("c\n")
    assert log.added() == Added(b"c\n")


def test_a_line_is_told_once_it_has_an_end(log: Log) -> None:
    log.say("half")
    assert log.added() == Added(b"")
    log.say(" and half\nnext")
    assert log.added() == Added(b"half and half\n")
    assert log.added(ended=True) == Added(b"next"), "a job that ended finishes its last line"


def test_a_line_without_an_end_is_told_when_it_is_too_long_to_wait_for(log: Log) -> None:
    tail = log.tail
    log.say("x" * (LONGEST_LINE + 1))
    assert len(read_added(tail, most=1 << 20, from_start=True, ended=False).data) == LONGEST_LINE + 1


def test_of_a_file_that_was_there_before_only_the_end_is_shown_from_a_whole_line(log: Log) -> None:
    log.say("".join(f"line {n}\n" for n in range(2000)))
    shown = log.added(from_start=False).data.decode().splitlines()
    assert shown[-1] == "line 1999"
    assert all(line.startswith("line ") for line in shown)
    assert sum(len(line) + 1 for line in shown) <= BACKLOG


def test_a_file_that_was_replaced_is_read_from_its_beginning(log: Log) -> None:
    log.say("old\n")
    log.added()
    fresh = log.path.with_suffix(".new")
    fresh.write_text("new one, longer than the old one\n")
    fresh.rename(log.path)
    assert log.added() == Added(b"new one, longer than the old one\n")


def test_a_file_that_was_truncated_is_read_from_its_beginning(log: Log) -> None:
    log.say("a long first life\nhalf a li")
    log.added()
    log.path.write_text("again\n")
    assert log.added() == Added(b"again\n"), "the half line of its first life is not put before it"


def test_of_a_jump_the_newest_lines_are_read_and_the_others_counted(log: Log) -> None:
    log.say("first\n")
    log.added()
    lines = [f"{n:09d}" for n in range(500)]
    log.say("\n".join(lines) + "\n")
    added = log.added()
    shown = added.data.decode().splitlines()
    assert shown == lines[-len(shown) :]
    assert len(added.data) <= MOST
    assert added.dropped == 500 - len(shown), "every line is either shown or counted"


def test_a_huge_jump_is_not_read_through(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job that made its log a terabyte long kept every other log waiting."""
    log.say("first\n")
    log.added()
    os.truncate(log.path, 1 << 40)
    read = 0
    whole = os.pread

    def counted(file: int, size: int, place: int) -> bytes:
        nonlocal read
        read += size
        return whole(file, size, place)

    monkeypatch.setattr(tailing.os, "pread", counted)
    added = log.added()
    assert read <= tailing.MOST_COUNTED + MOST
    assert added.dropped >= 1


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("secret\n")
    (tmp_path / "job.log").symlink_to("target")
    with pytest.raises(OSError, match="symbolic link"):
        Log(tmp_path / "job.log").added()


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "job.log")
    with pytest.raises(Refusal, match="no ordinary file"):
        Log(tmp_path / "job.log").added()


def test_a_device_and_a_folder_are_refused(tmp_path: Path) -> None:
    for path in ("/dev/zero", str(tmp_path)):
        with pytest.raises(Refusal, match="no ordinary file"):
            read_end(path, ME, most=MOST)


@pytest.mark.parametrize("owner", [ME + 1, None])
def test_a_file_of_another_user_is_refused(log: Log, owner: int | None) -> None:
    """A job can name any path as its output; without a user every file was shown."""
    log.say("secret\n")
    with pytest.raises(Refusal):
        read_end(str(log.path), owner, most=MOST)


def test_the_end_of_a_file_begins_with_a_whole_line(log: Log) -> None:
    log.say("".join(f"line {n}\n" for n in range(1000)))
    end = read_end(str(log.path), ME, most=100)
    assert end.startswith(b"line ")
    assert end.endswith(b"line 999\n")
    assert read_end(str(log.path), ME, most=1 << 20).startswith(b"line 0\n")
