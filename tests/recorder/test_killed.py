"""A host killed with -9 at any moment loses nothing that was called durable."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.recorder.files import checked, keys_of
from warroom.recorder.opening import merge_reserves, resume_recorder
from warroom.recorder.reader import Recording

ROOT = Path(__file__).resolve().parents[2]


class Host:
    """A recording process and what it said."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.said: list[str] = []

    def until(self, word: str, times: int) -> None:
        """Read until it said that often a line that begins with that word."""
        assert self.process.stdout is not None
        while times:
            line = self.process.stdout.readline()
            assert line, "the host ended by itself"
            self.said.append(line)
            times -= line.startswith(word)

    def kill(self) -> list[str]:
        """Kill it without a warning; answers all it had said."""
        self.process.kill()
        rest, _ = self.process.communicate()
        return self.said + rest.splitlines()


@contextmanager
def host(path: Path) -> Iterator[Host]:
    words = [sys.executable, "-m", "tests.recorder.endless_host", str(path)]
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield Host(process)
        finally:
            process.kill()


def last(said: list[str], word: str) -> int:
    """The newest seq it called that."""
    return max(int(line.split()[1]) for line in said if line.startswith(f"{word} ") and line.split()[1:])


@pytest.fixture
def path(warroom_home: str) -> Path:
    return Path(warroom_home) / "incidents" / "r.db"


@pytest.mark.parametrize("durable", [1, 2, 7, 40])
def test_what_was_durable_is_there_and_the_record_verifies(path: Path, durable: int) -> None:
    with host(path) as running:
        running.until("durable", durable)
        said = running.kill()
    with Recording(path) as reading:
        kept = {e.seq for e in reading.envelopes()}
    assert set(range(1, last(said, "durable") + 1)) <= kept
    assert checked(path).wrong == []


async def test_the_next_host_goes_on_where_the_chain_ended(path: Path) -> None:
    with host(path) as running:
        running.until("durable", 5)
        running.kill()
    with Recording(path) as reading:
        head, seq = reading.head(), reading.last_seq
    recorder, state = await resume_recorder(path, keys=keys_of(path))
    assert (state.seq, recorder.recorded_seq) == (seq, seq)
    await recorder.close()
    with Recording(path) as reading:
        assert reading.head() == head


async def test_words_in_the_reserve_of_a_killed_host_are_merged(path: Path) -> None:
    with host(path) as running:
        running.until("durable", 3)
        path.rename(path.with_suffix(".away"))
        path.write_text("another file")
        running.until("reserved", 5)
        said = running.kill()
    path.with_suffix(".away").replace(path)
    assert await merge_reserves(path.parent, keys=keys_of(path)) == []
    with Recording(path) as reading:
        kept = {e.seq for e in reading.envelopes() if e.type == "note.added"}
    assert set(range(1, last(said, "reserved") + 1, 2)) <= kept
    assert checked(path).wrong == []
