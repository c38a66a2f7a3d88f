"""Definitions of one's own, broken in every way: one sentence each, naming the file, and the rest is used."""

import copy
import os
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from warroom.bootstrap import book_of
from warroom.config import load_config, places
from warroom.errors import WarroomError
from warroom.host.book_files import with_files
from warroom.response.book import Book
from warroom.response.checklist_files import parse_checklist
from warroom.response.runbooks.definition import parse_runbook
from warroom.response.triage.own_rules import parse_own_rules
from warroom.response.updates.targets import parse_target
from warroom.response.updates.writing import parse_templates

GOOD = {
    "checklists": '[[item]]\nid = "backups"\ntext = "Check the backups"\nwhen = ["SEV1"]\nproof = "root_cause"\n',
    "runbooks": (
        'title = "Mine"\nscenario = "network"\ndescription = "x"\n'
        '[[step]]\nkind = "look"\ntitle = "Look"\nlogs = "heartbeat"\nminutes = 5\n'
        '[[step]]\nkind = "act"\ntitle = "Scale"\naction = "scale"\nreplicas = "+2"\nlabels = { a = "b" }\n'
        'priority = "low"\nstate = "running"\nforce = true\ngrace_s = 5\nimage = false\ntargets = true\n'
        '[[step]]\nkind = "act"\ntitle = "Tell"\naction = "create_alert"\nname = "n"\nmessage = "m"\n'
        'severity = "info"\nselector = { rack = "b" }\n'
        '[[step]]\nkind = "ask"\ntitle = "Sure?"\n'
        '[[step]]\nkind = "wait"\ntitle = "Wait"\nmetrics = ["p99"]\nminutes = 1\n'
    ),
    "rules": (
        '[rule.mine]\ntitle = "Mine"\nseverity = "SEV2"\nadvice = "look"\nrunbook = "network"\n'
        '[[rule.mine.when]]\nmetric = "p99"\nabove = 2.0\nfor_s = 30\n'
        '[[rule.mine.when]]\nsign = "oom"\nwords = ["x"]\nwithin_s = 60\ndetail = "d"\n'
    ),
    "templates": '[first]\ntext = "{severity} {title}"\n[sev1.progress]\ntext = "Now: {state}"\n',
}
STRANGE: tuple[Any, ...] = (
    *(0, -1, 10**30, 1.5, float("nan"), float("inf"), True, date(2026, 1, 1)),
    *("", " ", "\x1b[2J", "\u202e", "²", "+-4", "{", "{x}", "{title!r:>{title}}", "a\nb", "x" * 5_000),
    *([], [1], [[]], [{}], ["\x1b"], {}, {"a": 1}, {"\x1b[2J": "x"}, {"title": {"x": [1]}}),
)
BROKEN: dict[str, Callable[[Path], object]] = {
    "no TOML": lambda path: path.write_text("[[x"),
    "an unknown key": lambda path: path.write_text('wrong = "x"\n'),
    "a hostile key": lambda path: path.write_text('"\\u001b[2J\\n" = 5\n'),
    "a wrong type": lambda path: path.write_text("title = 5\nitem = 5\nstep = 5\nrule = 5\nfirst = 5\n"),
    "not UTF-8": lambda path: path.write_bytes(b"title = '\xff'\n"),
    "NUL": lambda path: path.write_bytes(b"title = '\0'\n"),
    "too long": lambda path: path.write_bytes(b"#" * 1_000_001),
    "nested without end": lambda path: path.write_text("a = " + "[" * 100_000),
    "a folder": lambda path: path.mkdir(),
    "a pipe": lambda path: os.mkfifo(path),
    "a link to nowhere": lambda path: path.symlink_to("/nowhere/at/all"),
    "a link to itself": lambda path: path.symlink_to(path),
    "a device without end": lambda path: path.symlink_to("/dev/zero"),
}


def written(home: Path, shelf: str, name: str = "mine.toml") -> Path:
    (home / shelf).mkdir(parents=True, exist_ok=True)
    return home / shelf / name


def everything_good(home: Path) -> None:
    for shelf, text in GOOD.items():
        written(home, shelf, "a-good.toml").write_text(text)


def check_the_rest(book: Book) -> None:
    assert {"standard", "a-good"} <= set(book.checklists)
    assert {"network", "a-good"} <= set(book.runbooks)
    assert [rule.id for rule in book.own_rules] == ["mine"]
    assert set(book.templates) == {"", "sev1"}


def check_sentence(sentence: str, file: str) -> None:
    assert file in sentence
    assert sentence.isprintable()


def test_what_is_good_is_used(tmp_path: Path) -> None:
    everything_good(tmp_path)
    book = with_files(Book(), tmp_path)
    assert book.troubles == ()
    check_the_rest(book)


@pytest.mark.parametrize("shelf", GOOD)
@pytest.mark.parametrize("how", BROKEN)
def test_a_broken_file_costs_itself_and_nothing_else(tmp_path: Path, shelf: str, how: str) -> None:
    everything_good(tmp_path)
    path = written(tmp_path, shelf)
    BROKEN[how](path)
    book = with_files(Book(), tmp_path)
    assert len(book.troubles) >= 1
    for trouble in book.troubles:
        check_sentence(trouble, str(path))
    check_the_rest(book)


@pytest.mark.parametrize("shelf", GOOD)
def test_a_file_where_a_folder_should_be_is_said(tmp_path: Path, shelf: str) -> None:
    (tmp_path / shelf).write_text("")
    (trouble,) = with_files(Book(), tmp_path).troubles
    assert trouble == f"cannot read {tmp_path / shelf}: Not a directory"


@pytest.mark.parametrize("shelf", GOOD)
def test_a_folder_that_may_not_be_read_is_said_not_taken_for_empty(tmp_path: Path, shelf: str) -> None:
    (tmp_path / shelf).symlink_to(tmp_path / shelf)
    (trouble,) = with_files(Book(), tmp_path).troubles
    assert trouble.startswith(f"cannot read {tmp_path / shelf}: ")


def test_a_name_that_could_steer_a_terminal_is_refused_and_an_editor_s_lock_is_passed_over(
    tmp_path: Path,
) -> None:
    written(tmp_path, "runbooks", "\x1b[2J.toml").write_text(GOOD["runbooks"])
    written(tmp_path, "runbooks", ".#mine.toml").symlink_to("me@host.1:2")
    book = with_files(Book(), tmp_path)
    (trouble,) = book.troubles
    check_sentence(trouble, "␛[2J.toml: a definition is named by letters")
    assert all(name.isprintable() for name in book.runbooks)


def test_words_that_two_files_write_are_said(tmp_path: Path) -> None:
    written(tmp_path, "templates", "a.toml").write_text('[first]\ntext = "one"\n')
    written(tmp_path, "templates", "b.toml").write_text('[first]\ntext = "two"\n[progress]\ntext = "three"\n')
    book = with_files(Book(), tmp_path)
    assert sorted(book.templates[""].texts.values()) == ["one", "three"]
    assert book.troubles == (f"{tmp_path}/templates/b.toml: first: a file before it has that table too",)


# --- every value of every key -----------------------------------------------------------------------------------


def places_in(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield from places_in(inner, (*path, key))


def changed(tree: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = copy.deepcopy(tree)
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made


def parsed_target(raw: dict[str, Any]) -> object:
    return parse_target("t", raw, "config.toml:3: update.t")


def said_of(parse: Callable[[Any], object], raw: Any) -> list[str]:
    """The sentences a parser has against something; any other error than a sentence is not caught."""
    try:
        found = parse(raw)
    except WarroomError as wrong:
        return [str(wrong)]
    return list(found[1]) if isinstance(found, tuple) else []


PARSERS: dict[str, Callable[[Any], object]] = {
    "checklists": lambda raw: parse_checklist("mine", raw, file="mine.toml"),
    "runbooks": lambda raw: parse_runbook("mine", raw, file="mine.toml"),
    "rules": lambda raw: parse_own_rules(raw, file="mine.toml"),
    "templates": lambda raw: parse_templates(raw, file="mine.toml"),
}


@pytest.mark.parametrize("shelf", PARSERS)
def test_any_value_at_any_key_is_taken_or_refused_in_a_sentence(shelf: str) -> None:
    tree = tomllib.loads(GOOD[shelf])
    refused = 0
    for path in places_in(tree):
        for value in STRANGE:
            for sentence in said_of(PARSERS[shelf], changed(tree, path, value)):
                refused += 1
                assert sentence.startswith("mine.toml"), (path, value, sentence)
    assert refused > 50


TARGET = {"kind": "json", "url": "http://127.0.0.1/x", "token": "env:T", "path": "", "idempotent": True}


def test_any_value_of_an_update_target_is_taken_or_refused_in_a_sentence() -> None:
    for key in (*TARGET, "strange"):
        for value in STRANGE:
            made = {**TARGET, key: value}
            for sentence in said_of(parsed_target, made):
                assert sentence.startswith("config.toml:3: update.t"), (key, value)


NO_RISKS = ('"dangerous"', '["danger"]', "[5]", "true", "[[]]", '["\\u001b[2J"]')
NO_MINUTES = ("0", "-1", "nan", "inf", '"5"', "true")
NO_PERMISSIONS = (
    *('"*"', "[5]", "[{}]", '[{ who = "x" }]', '[{ who = ["x"], do = ["dril"] }]'),
    *('[{ who = ["x"], do = 5 }]', '[{ who = ["x"], up_to = "much" }]', '[{ who = ["x"], up_to = 5 }]'),
    '[{ who = ["x"], to = "x" }]',
)


@pytest.mark.parametrize(
    "line",
    [
        *(f"second_person = {value}" for value in NO_RISKS),
        *(f"challenge = {value}" for value in NO_RISKS),
        *(f"override = {value}" for value in ('"me"', "[5]", '["team:x"]', '[""]')),
        *(f"approval_minutes = {value}" for value in NO_MINUTES),
        *(f"write_minutes = {value}" for value in NO_MINUTES),
        *(f"may = {value}" for value in NO_PERMISSIONS),
        "secondperson = []",
    ],
)
def test_a_mistake_in_the_policy_refuses_the_start_with_its_line(tmp_path: Path, line: str) -> None:
    where = places({"WARROOM_HOME": str(tmp_path)})
    where.config_file.write_text(f"# first\n[policy]\n{line}\n")
    with pytest.raises(WarroomError) as wrong:
        book_of(load_config(where, {}))
    assert f"{where.config_file}:3" in str(wrong.value)
    assert str(wrong.value).isprintable()
