"""Prints answers: tables for people, JSON for programs; narration goes to stderr."""

import shutil
import sys
from collections.abc import Sequence

import msgspec

from warroom import firstframe
from warroom.model.requests import Plan
from warroom.model.text import neutral, showable
from warroom.views.plain import table_text
from warroom.views.rows import Column, Row


def show_json(value: object) -> None:
    """Print a value as JSON."""
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(value), indent=2).decode() + "\n")


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
    sys.stdout.write(_safe(text) + "\n")


def tell(text: str) -> None:
    """Print narration."""
    firstframe.leave()
    sys.stderr.write(_safe(text) + "\n")


def refuse(sentence: str) -> None:
    """Say why not, in one line whatever the sentence quotes."""
    tell(f"warroom: {sentence.replace(chr(10), '␊')}")


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
