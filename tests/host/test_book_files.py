"""Definitions come from files; a broken one is left out with one sentence, and everything else is used."""

from pathlib import Path

import pytest

from warroom.errors import WarroomError
from warroom.host.book_files import SHELVES, read_definition, with_files
from warroom.model.nouns import Severity
from warroom.response.book import Book
from warroom.response.checklist_files import chosen, parse_checklist

GOOD = '[[item]]\nid = "backups"\ntext = "Check the backups"\n'


def own(home: Path, name: str, text: str | bytes) -> Path:
    path = home / "checklists" / f"{name}.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_what_ships_is_good(tmp_path: Path) -> None:
    book = with_files(Book(), tmp_path)
    assert book.troubles == ()
    assert len(book.checklists["standard"].items) == 12
    assert all(getattr(book, shelf) for shelf in SHELVES if shelf in ("checklists", "runbooks"))


def test_a_checklist_of_one_s_own_joins_the_shipped_one(tmp_path: Path) -> None:
    own(tmp_path, "storage", GOOD)
    book = with_files(Book(), tmp_path)
    assert sorted(book.checklists) == ["standard", "storage"]


def test_one_of_the_same_name_replaces_it(tmp_path: Path) -> None:
    own(tmp_path, "standard", GOOD)
    assert [i.id for i in with_files(Book(), tmp_path).checklists["standard"].items] == ["backups"]


def test_the_incident_s_severity_chooses_the_checklist(tmp_path: Path) -> None:
    own(tmp_path, "big", f'severities = ["SEV1"]\n{GOOD}')
    checklists = with_files(Book(), tmp_path).checklists
    big, small = chosen(checklists, Severity.SEV1), chosen(checklists, Severity.SEV3)
    assert (big and big.checklist, small and small.checklist) == ("big", "standard")


def test_a_broken_one_of_the_shipped_name_leaves_the_shipped_one_in_use(tmp_path: Path) -> None:
    path = own(tmp_path, "standard", "[[item]]\n")
    own(tmp_path, "storage", GOOD)
    book = with_files(Book(), tmp_path)
    assert len(book.checklists["standard"].items) == 12
    assert "storage" in book.checklists
    assert book.troubles == (f"{path}: item[0].text is missing; the shipped one is used",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("item = 5", "item: a checklist needs at least one [[item]]"),
        ("", "item: a checklist needs at least one [[item]]"),
        ("item = [5]", "item[0] must be a table"),
        (f"itme = 1\n{GOOD}", "unknown key itme; did you mean item?"),
        (f'{GOOD}prof = "x"', "item[0]: unknown key prof; did you mean proof?"),
        (f'{GOOD}proof = "root_caus"', "item[0].proof: unknown proof root_caus; did you mean root_cause?"),
        (f'{GOOD}when = ["SEV9"]', "item[0].when: unknown severity SEV9; did you mean SEV"),
        (f'{GOOD}when = "SEV1"', 'item[0].when must be a list such as ["SEV1", "SEV2"]'),
        ('[[item]]\nid = "a b"\ntext = "x"', "item[0].id must be a word"),
        ('[[item]]\nid = "7"\ntext = "x"', "item[0].id must not be a number"),
        ('[[item]]\nid = 7\ntext = "x"', "item[0].id must be text"),
        (f"{GOOD}{GOOD}", "item[1].id: backups is there twice"),
        ("[[item", "is not valid TOML"),
        (b"title = '\xff'", "is not text in UTF-8 (byte 9)"),
    ],
)
def test_each_mistake_is_one_sentence_with_file_and_key(tmp_path: Path, text: str | bytes, says: str) -> None:
    path = own(tmp_path, "mine", text)
    with pytest.raises(WarroomError) as wrong:
        read_definition(path, parse_checklist)
    assert str(wrong.value).startswith((str(path), f"cannot read {path}"))
    assert says in str(wrong.value)
    assert "\n" not in str(wrong.value)


def test_what_cannot_be_read_is_said_like_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "checklists" / "folder.toml").mkdir(parents=True)
    troubles = with_files(Book(), tmp_path).troubles
    assert len(troubles) == 1
    assert troubles[0].startswith("cannot read")


def test_an_endless_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = own(tmp_path, "huge", "#" * 1_000_001)
    with pytest.raises(WarroomError, match="at most 1000000 bytes"):
        read_definition(path, parse_checklist)
