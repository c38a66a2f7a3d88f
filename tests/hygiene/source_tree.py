"""The project's own files as the hygiene tests read them."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "warroom"
NOT_OURS = {"__pycache__", "build", "dist", "node_modules", "venv"}
HIDDEN_BUT_OURS = {".ci", ".gitignore", ".pre-commit-config.yaml"}


@cache
def python_files(folder: Path = PACKAGE) -> tuple[Path, ...]:
    """Every Python file under this folder, sorted."""
    return tuple(sorted(folder.rglob("*.py")))


@cache
def text_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(text_of(path), filename=str(path))


def named(path: Path) -> str:
    """The path as a finding shows it."""
    return path.relative_to(ROOT).as_posix()


def all_files() -> Iterator[Path]:
    """Every file of the repository that is not made by a tool."""
    for folder, subfolders, files in os.walk(ROOT):
        subfolders[:] = sorted(filter(_ours, subfolders))
        yield from (Path(folder) / name for name in sorted(filter(_ours, files)))


def dotted(node: ast.expr) -> str:
    """``asyncio.create_task`` for such an expression; calls inside it lose their arguments."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
        case ast.Call(func=called):
            return f"{dotted(called)}()"
    return "?"


def _ours(name: str) -> bool:
    return name in HIDDEN_BUT_OURS or not (
        name.startswith(".") or name in NOT_OURS or name.endswith(".egg-info")
    )
