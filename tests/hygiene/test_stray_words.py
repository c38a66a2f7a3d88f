"""The repository speaks of the project alone: nothing in it names the machine on which it was written."""

import re
from collections.abc import Iterator

import pytest

from tests.hygiene.source_tree import all_files, named

# Each is written so that this file does not contain it.
STRAY = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:work|root)" + r"/[\w.]",
            r"(?<![\w.])/Users" + r"/\w",
            r"(?<![\w.])/home" + r"/(?!(?:you|alice|ops|user|sre)\b)\w",
            r"/tmp" + r"/(?:bash_|pytest-of-|brief)",
            r"\.\./shared" + r"/",
            r"(?:pypi|pythonhosted)" + r"\.org/(?:simple|packages)",
            r"(?:registry\.npmjs|deb\.debian)" + r"\.org",
            r"<{7} |>{7} ",
        ]
    )
)


def stray_words(text: str) -> Iterator[tuple[int, str]]:
    """Each stray word with the number of its line."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := STRAY.search(line):
            yield number, found.group()


@pytest.mark.parametrize(
    "path", [("", "work", "main"), ("", "root", "x"), ("", "home", "jane"), ("..", "shared", "")]
)
def test_a_path_of_somebody_s_machine_is_found(path: tuple[str, ...]) -> None:
    assert [number for number, _ in stray_words("see\n`" + "/".join(path) + "`")] == [2]


def test_ordinary_paths_pass() -> None:
    assert (
        list(stray_words("src/work/x, ~/.config/warroom, /home/you/.local, /tmp/room, docs/shared/x")) == []
    )


def test_no_file_names_a_machine() -> None:
    found = []
    for path in all_files():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture or a recording
        found += [f"{named(path)}:{number}: {word}" for number, word in stray_words(text)]
    assert found == []
