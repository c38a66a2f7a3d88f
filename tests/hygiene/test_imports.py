"""What the import contracts cannot see: how things are imported, and by which single files."""

import ast

import pytest

from tests.hygiene.source_tree import PACKAGE, dotted, named, python_files, text_of

OUTSIDE_THE_CORE = {"textual", "httpx", "aiosqlite", "mcp", "asyncio", "socket", "os", "time"}


def ownerless_tasks(source: str) -> list[int]:
    """The lines that start a task nobody owns; a task group's ``create_task`` has an owner."""
    lines = []
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.ImportFrom(module="asyncio", names=names) if "create_task" in {
                alias.name for alias in names
            }:
                lines.append(node.lineno)
            case ast.Call(func=called) if _starts_ownerless(dotted(called)):
                lines.append(node.lineno)
    return lines


def _starts_ownerless(called: str) -> bool:
    owner, _, name = called.rpartition(".")
    return name == "create_task" and (owner.endswith(("loop", "_loop()")) or owner == "asyncio")


def relative_imports(source: str) -> list[int]:
    return [n.lineno for n in ast.walk(ast.parse(source)) if isinstance(n, ast.ImportFrom) and n.level > 0]


def imported(source: str) -> set[str]:
    """The top-level names of everything a file imports, deferred imports included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=modules):
                names |= {module.name.partition(".")[0] for module in modules}
            case ast.ImportFrom(module=str(module), level=0):
                names.add(module.partition(".")[0])
    return names


def beyond_a_docstring(source: str) -> list[int]:
    """The lines of an ``__init__`` that are neither its docstring nor a dunder of the package."""
    return [node.lineno for node in ast.parse(source).body if not _docstring_or_dunder(node)]


def _docstring_or_dunder(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Constant(value=str())):
            return True
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name.startswith("__")
    return False


@pytest.mark.parametrize(
    "source",
    [
        "asyncio.create_task(work())",
        "asyncio.get_running_loop().create_task(work())",
        "self.loop.create_task(work())",
        "from asyncio import create_task",
    ],
)
def test_a_task_without_an_owner_is_found(source: str) -> None:
    assert ownerless_tasks(source) == [1]


def test_a_task_of_a_group_has_an_owner() -> None:
    assert ownerless_tasks("crew.create_task(work())") == []


def test_a_relative_import_is_found() -> None:
    assert relative_imports("from . import model\nfrom warroom import model") == [1]


def test_no_task_goes_without_an_owner() -> None:
    assert [f"{named(p)}:{line}" for p in python_files() for line in ownerless_tasks(text_of(p))] == []


def test_no_import_is_relative() -> None:
    assert [f"{named(p)}:{line}" for p in python_files() for line in relative_imports(text_of(p))] == []


def test_package_files_hold_only_a_docstring() -> None:
    packages = [path for path in python_files() if path.name == "__init__.py"]
    assert [f"{named(p)}:{line}" for p in packages for line in beyond_a_docstring(text_of(p))] == []
    assert [named(p) for p in packages if not ast.get_docstring(ast.parse(text_of(p)))] == []


def test_what_a_parser_imports_is_seen_wherever_it_stands() -> None:
    assert imported("import os.path\ndef f():\n    from time import time\n") & OUTSIDE_THE_CORE == {
        "os",
        "time",
    }


def test_the_parsers_of_adapters_belong_to_the_core() -> None:
    parsers = [path for path in python_files(PACKAGE / "sources") if path.name.startswith("pars")]
    wrong = {named(path): sorted(imported(text_of(path)) & OUTSIDE_THE_CORE) for path in parsers}
    assert {name: modules for name, modules in wrong.items() if modules} == {}
