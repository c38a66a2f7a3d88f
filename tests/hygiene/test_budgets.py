"""Files have a budget: a file that outgrows it is split by nouns."""

from pathlib import Path

from tests.hygiene.source_tree import named, python_files, text_of

LIMIT = 400
LIMITS = {"warroom/ui/app.py": 250}
"""The app class is the magnet of every screen's code base; it stays small by decree."""


def over_budget(lines: dict[str, int]) -> list[str]:
    """The files with more lines than they may have, in words."""
    return [
        f"{name} has {count} lines, its limit is {LIMITS.get(name, LIMIT)}: split it by nouns"
        for name, count in sorted(lines.items())
        if count > LIMITS.get(name, LIMIT)
    ]


def line_count(path: Path) -> int:
    return len(text_of(path).splitlines())


def test_a_file_over_its_limit_is_found() -> None:
    assert over_budget({"warroom/a.py": 400, "warroom/ui/app.py": 250}) == []
    assert len(over_budget({"warroom/a.py": 401, "warroom/ui/app.py": 251})) == 2


def test_every_file_stays_within_its_budget() -> None:
    assert over_budget({named(path): line_count(path) for path in python_files()}) == []
