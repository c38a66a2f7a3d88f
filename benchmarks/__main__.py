"""``python -m benchmarks [NAME ...] [--write]``: measure, print, and with --write keep docs/performance.md.

With names only the sections of these modules are measured, and written anew.
"""

import importlib
import os
import platform
import re
import sys
from collections.abc import Iterable
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


def rewritten(page: str, sections: Iterable[str]) -> str:
    """The page with these sections in the place of those of the same heading, or at its end."""
    parts = re.split(r"^(?=## )", page.rstrip() + "\n\n", flags=re.MULTILINE)
    for section in sections:
        heading = section.partition("\n")[0]
        place = next((n for n, part in enumerate(parts) if part.partition("\n")[0] == heading), len(parts))
        parts[place : place + 1] = [f"{section.rstrip()}\n\n"]
    return "".join(parts).rstrip() + "\n"


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
    if "--write" in sys.argv and wanted:
        PAGE.write_text(rewritten(PAGE.read_text("utf-8"), sections), "utf-8")
    elif "--write" in sys.argv:
        head = HEAD.format(python=platform.python_version(), machine=platform.machine(), cores=cores())
        PAGE.write_text("\n".join([head, *sections]), "utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
