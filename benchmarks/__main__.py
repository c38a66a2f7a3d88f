"""``python -m benchmarks [NAME ...] [--write]``: measure, print, and with --write keep it in docs/performance.md."""

import importlib
import os
import platform
import re
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PAGE = FOLDER.parent / "docs" / "performance.md"
HEAD = """\
# Performance

Written by `make bench` (`python -m benchmarks --write`). Every figure stands beside a floor of the same run, because
the machine is not a quiet one: compare the two, not the figures of two days.

Measured with Python {python} on {machine}, {cores}.
"""


def cores() -> str:
    number = os.cpu_count() or 1
    return f"{number} cores" if number > 1 else "one core"


def written(page: str, sections: list[str]) -> str:
    """The page with these sections in place of those of the same title, in the order of their titles."""
    before = re.split(r"(?m)^(?=## )", page)[1:]
    by_title = {section.partition("\n")[0]: f"{section.rstrip()}\n" for section in [*before, *sections]}
    head = HEAD.format(python=platform.python_version(), machine=platform.machine(), cores=cores())
    return "\n".join([head, *(by_title[title] for title in sorted(by_title))])


def main() -> int:
    """Each module of this folder with a ``report`` is a section of the page."""
    wanted = [word for word in sys.argv[1:] if not word.startswith("-")]
    names = sorted(path.stem for path in FOLDER.glob("[a-z]*.py"))
    sections = []
    for name in wanted or names:
        report = getattr(importlib.import_module(f"benchmarks.{name}"), "report", None)
        if report is not None:
            print(f"measuring {name} ...", file=sys.stderr)
            sections.append(report())
            print(sections[-1])
            if "--write" in sys.argv:
                PAGE.write_text(written(PAGE.read_text("utf-8"), sections), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
