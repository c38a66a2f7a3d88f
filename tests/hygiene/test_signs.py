"""Every sign that the screen draws has a form in ASCII, and none that it draws is wider than it looks."""

import ast
from pathlib import Path

from rich.cells import cell_len

from tests.driver.program import ROOT
from warroom.ui.ascii import PLAIN, in_ascii

DRAWN = ("views", "ui", "state")
ELSEWHERE = frozenset("🀀")
"""Characters that are compared with and never drawn."""


def signs(path: Path) -> set[str]:
    """The characters beyond ASCII in the strings of a file that are no docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    texts = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs
    ]
    return {char for text in texts for char in text if not char.isascii()}


def test_every_sign_has_a_form_in_ascii() -> None:
    """A sign without one was a question mark on a terminal without UTF-8."""
    lacking: dict[str, set[str]] = {}
    for folder in DRAWN:
        for path in (ROOT / "warroom" / folder).rglob("*.py"):
            dots = {char for char in signs(path) if 0x2800 <= ord(char) <= 0x28FF}
            if unknown := {c for c in signs(path) - dots - ELSEWHERE if ord(c) not in PLAIN}:
                lacking[str(path.relative_to(ROOT))] = unknown
    assert lacking == {}, "add them to warroom/ui/ascii.py"


def test_a_sign_and_its_form_are_one_cell_each() -> None:
    assert [chr(sign) for sign, plain in PLAIN.items() if cell_len(chr(sign)) != 1 or len(plain) != 1] == []
    assert in_ascii("␛[1m ⣿ é 火") == "^[1m * ? ??"
