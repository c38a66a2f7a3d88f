"""Writes docs/events.md from the event types themselves: ``python -m tests.events.events_page``."""

import ast
import inspect
from pathlib import Path

from warroom.events.base import Event
from warroom.events.codec import MEMBERS, Family
from warroom.state.timeline import SILENT

PAGE = Path(__file__).resolve().parents[2] / "docs" / "events.md"

HEAD = """\
# Events

Every event that can stand in a recording. `python -m tests.events.events_page` writes this page from the types.
Around each is the envelope: `seq`, `room_ms`, `time`, `observed_time`, `source`, `actor`, `type`, `version`.
An event is never changed; a type's fields only grow. What a reader does not know it skips and keeps.
"""


def field_docs(cls: type[Event]) -> dict[str, str]:
    """What the source says under each field."""
    body = ast.parse(inspect.getsource(cls)).body[0]
    assert isinstance(body, ast.ClassDef)
    docs: dict[str, str] = {}
    for line, after in zip(body.body, body.body[1:], strict=False):
        if isinstance(line, ast.AnnAssign) and isinstance(after, ast.Expr):
            assert isinstance(line.target, ast.Name)
            assert isinstance(after.value, ast.Constant)
            docs[line.target.id] = " ".join(str(after.value.value).split())
    return docs


def entry(cls: type[Event]) -> str:
    """The lines of one type."""
    docs = field_docs(cls)
    lines = [f"- **`{cls.type}`** v{cls.version}: {inspect.getdoc(cls)}"]
    lines += [f"  - `{name}`" + (f": {docs[name]}" if name in docs else "") for name in cls.__struct_fields__]
    if cls.type in SILENT:
        lines.append(f"  - no line on the timeline: {SILENT[cls.type]}")
    return "\n".join(lines)


def family(name: Family, members: tuple[type[Event], ...]) -> str:
    """One family's part of the page."""
    return "\n".join([f"\n## {name}\n", *map(entry, members)])


def events_page() -> str:
    """The whole page."""
    page = HEAD + "\n".join(family(name, members) for name, members in MEMBERS.items()) + "\n"
    return page.replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(events_page(), encoding="utf-8")
