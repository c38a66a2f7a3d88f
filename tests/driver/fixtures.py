"""Fixtures of the tests that run the whole program."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal
from tests.driver.terminal import Terminal


@pytest.fixture
def home() -> Iterator[Path]:
    """A home with a short path; its rooms are ended afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="wr", dir="/tmp"))
    yield folder
    warroom(folder, "stop", "--all", "--force")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def terminal(home: Path) -> Iterator[Callable[..., Terminal]]:
    """Makes terminals, and ends them."""
    made: list[Terminal] = []

    def make(width: int = 120, height: int = 40) -> Terminal:
        folder = home / f"t{len(made)}"
        folder.mkdir(parents=True)
        made.append(Terminal(folder, home, width=width, height=height))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def raw_terminal(home: Path) -> Iterator[Callable[..., RawTerminal]]:
    """Makes terminals that keep every byte, and ends them."""
    made: list[RawTerminal] = []

    def make(width: int = 120, height: int = 40) -> RawTerminal:
        made.append(RawTerminal(home, width=width, height=height))
        return made[-1]

    yield make
    for one in made:
        one.end()
