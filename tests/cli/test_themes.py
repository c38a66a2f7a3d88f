"""The verb about themes: a list, a picture of one, and a judgement with an exit code."""

import json
from pathlib import Path

import pytest

from tests.ui.test_golden import compare
from warroom.cli.main import run
from warroom.ui.preview import preview, written
from warroom.ui.terminal import Colours
from warroom.ui.theme_file import load_theme, theme_path

MINE = 'schema = 1\nname = "mine"\n'


@pytest.fixture
def themes(warroom_home: str) -> Path:
    """The user's folder of themes."""
    folder = Path(warroom_home) / "themes"
    folder.mkdir()
    return folder


def test_the_list_has_the_shipped_ones_ones_own_and_the_broken_ones(
    themes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (themes / "mine.toml").write_text(MINE + 'label = "My own"\n', "utf-8")
    (themes / "bad.toml").write_text("schema = \n", "utf-8")
    assert run(["themes", "list", "--json"]) == 0
    listed = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert len(listed) == 10
    assert listed["mine"] == {
        "name": "mine",
        "tier": "truecolor",
        "label": "My own",
        "file": str(themes / "mine.toml"),
    }
    assert listed["bad"]["tier"] == "broken"
    assert run(["themes"]) == 0
    assert "this terminal: colours truecolor (COLORTERM=truecolor), signs in UTF-8" in capsys.readouterr().err


def test_a_good_theme_is_called_good_and_one_nobody_can_read_is_not(
    themes: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["themes", "check", "warroom-cvd-light"]) == 0
    assert "warroom-cvd-light: good" in capsys.readouterr().out
    (themes / "mine.toml").write_text(MINE + 'speed = 1\n[palette]\ngrey = "#303030"\n', "utf-8")
    assert run(["themes", "check", "mine"]) == 1
    said = capsys.readouterr().out
    assert "FAULT: unknown on text: contrast" in said
    assert "FAULT: the theme" in said, "an unknown key"
    assert "unknown key speed" in said


def test_a_broken_theme_is_refused_with_its_place(themes: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = themes / "mine.toml"
    path.write_text(MINE + '[roles]\nok = { color = "reddish" }\n', "utf-8")
    for step in ("show", "check"):
        assert run(["themes", step, str(path)]) == 1
        assert f"the theme {path}: [roles] ok.color must be a colour as #rrggbb" in capsys.readouterr().err
    assert run(["themes", "check"]) == 2


def test_a_picture_in_a_pipe_is_plain_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["themes", "show", "warroom-dark"]) == 0
    shown = capsys.readouterr().out
    assert "✖ critical" in shown
    assert "\x1b" not in shown


def test_each_meaning_looks_as_it_did_in_every_tier() -> None:
    tiers: tuple[tuple[Colours, str], ...] = (
        ("truecolor", "warroom-dark"),
        ("256", "warroom-dark"),
        ("16", "warroom-16"),
        ("none", "warroom-mono"),
    )
    pages: list[str] = []
    for colours, name in tiers:
        theme = load_theme(theme_path(name), limited=colours == "256")
        pages.append(f"[{name} in {colours}]")
        pages += [written(line, colours).replace("\x1b", "^") for line in preview(theme)]
    compare("styles", "\n".join(pages))
