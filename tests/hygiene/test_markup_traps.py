"""Markup is never parsed from data, though Textual reads every plain string as markup unless told not to."""

import ast

import pytest

from tests.hygiene.source_tree import PACKAGE, dotted, named, python_files, text_of

READS_MARKUP = {"Static", "Label", "notify"}
FIRST_ARGUMENTS = {"content", "message"}
SAFE = {"Content", "Text", "Content.assemble", "Content.styled", "Content.from_rich_text", "Text.assemble"}
TITLES = {"border_title", "border_subtitle", "BORDER_TITLE", "BORDER_SUBTITLE"}


def markup_traps(source: str) -> list[int]:
    """The lines where a value, not a literal, would be read as markup."""
    return sorted({line for node in ast.walk(ast.parse(source)) for line in _traps(node)})


def _traps(node: ast.AST) -> list[int]:
    match node:
        case ast.Call(func=called) if dotted(called).rpartition(".")[2] in READS_MARKUP:
            return [] if _without_markup(node) or all(map(_is_safe, _shown(node))) else [node.lineno]
        case ast.Call(func=ast.Name(id="setattr"), args=[_, ast.Constant(value=name), value]) if (
            name in TITLES
        ):
            return [] if _is_literal(value) else [node.lineno]
        case ast.Assign(targets=targets, value=value) if any(map(_is_title, targets)):
            return [] if _is_literal(value) else [node.lineno]
        case ast.AnnAssign(target=target, value=ast.expr() as value) if _is_title(target):
            return [] if _is_literal(value) else [node.lineno]
        case ast.AugAssign(target=target) if _is_title(target):
            return [node.lineno]
    return []


def _without_markup(call: ast.Call) -> bool:
    return any(
        keyword.arg == "markup" and isinstance(keyword.value, ast.Constant) and keyword.value.value is False
        for keyword in call.keywords
    )


def _shown(call: ast.Call) -> list[ast.expr]:
    by_name = [keyword.value for keyword in call.keywords if keyword.arg in FIRST_ARGUMENTS]
    return call.args[:1] + by_name


def _is_safe(value: ast.expr) -> bool:
    return _is_literal(value) or (isinstance(value, ast.Call) and dotted(value.func) in SAFE)


def _is_literal(value: ast.expr) -> bool:
    if isinstance(value, ast.IfExp):
        return _is_literal(value.body) and _is_literal(value.orelse)
    return isinstance(value, ast.Constant)


def _is_title(target: ast.expr) -> bool:
    return dotted(target).rpartition(".")[2] in TITLES


@pytest.mark.parametrize(
    "source",
    [
        "Static(node.name)",
        "Static(f'[b]{node.name}')",
        "Label(content=node.name)",
        "Label(node.name, markup=True)",
        "Static(*parts)",
        "Static(Content.from_markup(name))",
        "Static(Content.from_text(name))",
        "self.app.notify('drained ' + node.name)",
        "self.border_title = node.name",
        "self.border_subtitle: str = f'{age}'",
        "self.border_title += node.name",
        "setattr(pane, 'border_title', node.name)",
    ],
)
def test_a_name_from_the_cluster_that_would_be_read_as_markup_is_found(source: str) -> None:
    assert markup_traps(source) == [1]


@pytest.mark.parametrize(
    "source",
    [
        "Static()",
        "Static('[b]Nodes[/b]')",
        "Static(node.name, markup=False)",
        "Label(Content(node.name))",
        "Static(Text.assemble(node.name))",
        "self.notify(said, markup=False)",
        "self.notify('saved' if done else 'not saved')",
        "self.border_title = 'Nodes'",
        "self.border_title = None",
        "self.title = node.name",
    ],
)
def test_what_is_never_read_as_markup_passes(source: str) -> None:
    assert markup_traps(source) == []


def test_the_screen_never_reads_markup_from_data() -> None:
    files = python_files(PACKAGE / "ui")
    assert [f"{named(path)}:{line}" for path in files for line in markup_traps(text_of(path))] == []
