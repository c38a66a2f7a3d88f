"""Broad excepts stand only at the bulkheads: the pump, calls of actuators and of update targets, and commands."""

import ast

import pytest

from tests.hygiene.source_tree import dotted, named, python_files, text_of

BULKHEADS = 4
BROAD = {"Exception", "BaseException", "builtins.Exception", "builtins.BaseException"}


def broad_excepts(source: str) -> list[int]:
    """The lines that catch everything, whether or not they may."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ExceptHandler(type=caught) if _broad(caught) and not _passes_on(node):
                lines.append(node.lineno)
            case ast.Call(func=called, args=caught) if dotted(called).endswith("suppress") and any(
                map(_broad, caught)
            ):
                lines.append(node.lineno)
    return sorted(lines)


def is_marked(line: str) -> bool:
    """A bulkhead says so: ``# bulkhead: why``, after a ``noqa`` where ruff does not see that it is logged."""
    _, _, comment = line.partition("#")
    return "bulkhead: " in comment


def _broad(caught: ast.expr | None) -> bool:
    if isinstance(caught, ast.Tuple):
        return any(map(_broad, caught.elts))
    return caught is None or dotted(caught) in BROAD


def _passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


@pytest.mark.parametrize(
    "source",
    [
        "try: ...\nexcept Exception as bug: ...",
        "try: ...\nexcept (OSError, BaseException): ...",
        "try: ...\nexcept: ...",
        "\nwith contextlib.suppress(Exception): ...",
    ],
)
def test_each_way_to_catch_everything_is_found(source: str) -> None:
    assert broad_excepts(source) == [2]


def test_cleaning_up_and_raising_again_is_no_broad_except() -> None:
    assert broad_excepts("try: ...\nexcept BaseException:\n    undo()\n    raise") == []


def test_every_broad_except_is_a_marked_bulkhead_and_there_are_at_most_four() -> None:
    found = [
        (f"{named(path)}:{line}", text_of(path).splitlines()[line - 1])
        for path in python_files()
        for line in broad_excepts(text_of(path))
    ]
    assert [place for place, text in found if not is_marked(text)] == []
    assert len(found) <= BULKHEADS, [place for place, _ in found]
