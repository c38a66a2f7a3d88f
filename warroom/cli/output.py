"""Prints answers: tables for people, JSON for programs; narration goes to stderr."""

import shutil
import sys
from collections.abc import Sequence

import msgspec

from warroom import firstframe
from warroom.model.requests import Plan
from warroom.model.text import neutral, showable
from warroom.ui.ascii import in_ascii
from warroom.views.plain import table_text
from warroom.views.rows import Column, Row


def show_json(value: object) -> None:
    """Print a value as JSON."""
    _show_json(msgspec.json.format(msgspec.json.encode(value), indent=2))


def show_json_line(value: object) -> None:
    """Print a value as JSON on one line, at once."""
    _show_json(msgspec.json.encode(value))
    sys.stdout.flush()


def _show_json(encoded: bytes) -> None:
    # JSON is UTF-8 whatever the locale says.
    sys.stdout.flush()
    sys.stdout.buffer.write(encoded + b"\n")


def show_table(columns: Sequence[Column], rows: Sequence[Row], *, empty: str) -> None:
    """Print rows as an aligned table, as wide as the terminal; ``empty`` when there are none."""
    if not rows:
        tell(empty)
        return
    width = shutil.get_terminal_size((200, 24)).columns if sys.stdout.isatty() else 200
    say(table_text(columns, rows, width))


def say(text: str) -> None:
    """Print a result."""
    firstframe.leave()
    sys.stdout.write(_writable(_safe(text), sys.stdout.encoding) + "\n")


def tell(text: str) -> None:
    """Print narration."""
    firstframe.leave()
    sys.stderr.write(_writable(_safe(text), sys.stderr.encoding) + "\n")


def refuse(sentence: str) -> None:
    """Say why not, in one line whatever the sentence quotes."""
    tell(f"warroom: {sentence.replace(chr(10), '␊')}")


def _writable(text: str, encoding: str | None) -> str:
    """The text itself, or what a locale without UTF-8 has for it."""
    try:
        text.encode(encoding or "ascii")
    except UnicodeEncodeError:
        return "\n".join(map(in_ascii, text.split("\n")))
    return text


def _safe(text: str) -> str:
    # What people typed, files and servers said is quoted in sentences; a terminal obeys it wherever it stands.
    if text.isascii() and text.replace("\n", " ").isprintable():
        return text
    return "\n".join(line if showable(line) else neutral(line, "log") for line in text.split("\n"))


def plan_text(plan: Plan) -> str:
    """A plan as lines for people."""
    lines = [str(plan.title)]
    if plan.refused:
        lines.append(f"refused: {plan.refused}")
    if plan.wording:
        lines.append(f"here it means: {plan.wording}")
    for title, sentences in (("calls", plan.calls), ("touches", plan.effects), ("warning", plan.warnings)):
        lines += [f"{title}: {sentence}" for sentence in sentences]
    lines += [f"{title}: {text}" for title, text in (("goal", plan.goal), ("undo", plan.undo)) if text]
    return "\n".join(lines)
