"""Other programs: no shell, no secrets of ours, a deadline, a cap, and nothing of them outlives the call."""

import asyncio
import time
from pathlib import Path

import pytest

from warroom.errors import SourceError
from warroom.sources.programs import SAID_CAP, ProgramLate, Ran, run_program


async def ran(*words: str, deadline_s: float = 5.0) -> Ran:
    return await run_program(words, source="x", deadline_s=deadline_s)


def lives(pid: int) -> bool:
    """Whether it runs; one that nobody waited for yet does not."""
    try:
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False


async def gone(pid_file: Path) -> bool:
    end = time.monotonic() + 5
    while lives(int(pid_file.read_text())):
        if time.monotonic() > end:
            return False
        await asyncio.sleep(0.01)
    return True


async def test_a_program_says_something_and_ends_with_a_code() -> None:
    assert await ran("sh", "-c", "echo out; echo err >&2; exit 3") == Ran(3, b"out\n", "err")


async def test_words_are_words_and_no_shell_reads_them() -> None:
    assert (await ran("printf", "%s", "$(id); `id` > /tmp/x")).out == b"$(id); `id` > /tmp/x"


async def test_it_gets_little_of_our_environment_and_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_JWT", "secret")
    names = {line.partition(b"=")[0] for line in (await ran("env")).out.splitlines()}
    assert b"SLURM_JWT" not in names
    assert names <= {b"PATH", b"HOME", b"USER", b"LOGNAME", b"TZ", b"LC_ALL", b"_"}
    assert (await ran("cat")).out == b"", "nothing to read from"


async def test_one_that_is_not_there_is_a_sentence() -> None:
    with pytest.raises(SourceError, match="no-such-program cannot be started: it is not installed"):
        await ran("no-such-program")
    with pytest.raises(SourceError, match="cannot be started"):
        await ran("echo", "a\0b")


async def test_one_that_hangs_is_stopped_with_all_it_started(tmp_path: Path) -> None:
    script = f"sleep 60 & echo $! >{tmp_path}/child; wait"
    with pytest.raises(ProgramLate, match=r"sh did not end within 0.3 s and was stopped"):
        await ran("sh", "-c", script, deadline_s=0.3)
    assert await gone(tmp_path / "child")


async def test_what_one_left_behind_that_ended_itself_is_stopped_too(tmp_path: Path) -> None:
    """It held the pipe open, so the call was late; it lived on."""
    with pytest.raises(ProgramLate):
        await ran("sh", "-c", f"sleep 60 & echo $! >{tmp_path}/child", deadline_s=0.3)
    assert await gone(tmp_path / "child")


async def test_one_that_says_too_much_is_stopped_at_once() -> None:
    began = time.perf_counter()
    with pytest.raises(ProgramLate, match=f"said more than {SAID_CAP:,} bytes"):
        await ran("yes", deadline_s=30)
    assert time.perf_counter() - began < 5


async def test_a_cancelled_call_leaves_nothing_running(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as crew:
        task = crew.create_task(ran("sh", "-c", f"echo $$ >{tmp_path}/pid; exec sleep 60"))
        while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text():
            await asyncio.sleep(0.01)
        task.cancel()
        await asyncio.wait([task])
    assert not lives(int((tmp_path / "pid").read_text()))
