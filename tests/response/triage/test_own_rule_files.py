"""Files of own rules: what is broken is left out and said, the rest is used."""

from pathlib import Path

from warroom.host.book_files import read_rules, with_files
from warroom.response.book import Book

RULE = '[rule.{name}]\ntitle = "{name}"\n[[rule.{name}.when]]\nalert = "X"\n'


def test_a_broken_file_and_a_name_used_twice_are_said_and_the_other_rules_are_used(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "a.toml").write_text(RULE.format(name="one"))
    (folder / "b.toml").write_text(RULE.format(name="one") + RULE.format(name="two"))
    (folder / "c.toml").write_text("[rule")
    rules, troubles = read_rules(folder)
    assert [rule.id for rule in rules] == ["one", "two"]
    assert troubles[0] == f"{folder / 'b.toml'}: rule.one: {folder / 'a.toml'} has that name too"
    assert troubles[1].startswith(f"{folder / 'c.toml'} is not valid TOML")
    assert with_files(Book(), tmp_path).own_rules == rules


def test_without_a_folder_of_rules_there_are_none(tmp_path: Path) -> None:
    assert read_rules(tmp_path / "rules") == ((), [])
