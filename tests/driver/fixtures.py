"""Fixtures of the tests that run the whole program."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.driver.program import warroom
from tests.driver.raw_terminal import RawTerminal
from tests.driver.terminal import Terminal


def short_home() -> Path:
    """A home with a path as short as a socket's must be."""
    return Path(tempfile.mkdtemp(prefix="wr", dir="/tmp"))


def ended(home: Path) -> None:
    """End the rooms of a home and remove it."""
    warroom(home, "stop", "--all", "--force")
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture
def home() -> Iterator[Path]:
    """A home of its own; its rooms are ended afterwards."""
    folder = short_home()
    yield folder
    ended(folder)


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
