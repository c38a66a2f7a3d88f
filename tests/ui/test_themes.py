"""Each shipped theme can be read by everybody; a theme of one's own inherits, warns, and says what is wrong."""

from pathlib import Path

import pytest

from warroom.errors import WarroomError
from warroom.resources import theme_files
from warroom.ui.contrast import contrast, separation
from warroom.ui.palette256 import COLOURS, FIRST, nearest, shown
from warroom.ui.textual_theme import textual_theme
from warroom.ui.theme import Theme
from warroom.ui.theme_check import faults
from warroom.ui.theme_file import load_theme, read_theme, theme_path
from warroom.views.rows import ROLES

HEAD = 'schema = 1\nname = "mine"\n'


@pytest.fixture(params=theme_files(), ids=lambda path: path.stem)
def theme_file(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def mine(folder: Path, text: str, name: str = "mine") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("limited", [False, True], ids=["all colours", "256 colours"])
def test_a_shipped_theme_has_no_fault(theme_file: Path, limited: bool) -> None:
    read = read_theme(theme_file, limited=limited)
    assert read.warnings == []
    assert faults(read.theme) == []


def test_a_shipped_theme_or_its_named_base_says_what_every_meaning_looks_like(theme_file: Path) -> None:
    files = read_theme(theme_file).files
    text = "".join(path.read_text("utf-8") for path in files)
    assert [role for role in ROLES if f"\n{role} = " not in text] == []
    assert all(f'base = "{base.stem}"' in text for base in files[1:])


def test_the_eight_are_there() -> None:
    kinds = {load_theme(path).name: load_theme(path).tier for path in theme_files()}
    assert sorted(kinds) == sorted(
        f"warroom-{name}"
        for name in ("dark", "light", "cvd-dark", "cvd-light", "high-contrast", "16", "16-light", "mono")
    )
    assert {name for name, tier in kinds.items() if tier == "16"} == {"warroom-16", "warroom-16-light"}


def test_the_row_under_the_cursor_is_seen_without_any_colour(theme_file: Path) -> None:
    theme = load_theme(theme_file)
    assert theme.style("text", "selection") != theme.style("text")
    assert theme.style("critical", "selection") != theme.style("critical")


def test_textual_can_show_it(theme_file: Path) -> None:
    assert textual_theme(load_theme(theme_file), "shown").name == "shown"


def test_a_terminal_of_ascii_gets_ascii(theme_file: Path) -> None:
    theme = load_theme(theme_file, ascii_only=True)
    assert all(theme.glyph(role).isascii() for role in ROLES)
    assert theme.plain("┏━┓┃┗┛─┌┐│└┘▌…▶✖") == "#=####-++|++>~>X"


def test_what_somebody_wrote_stays_as_wide_in_ascii_and_its_attack_stays_visible() -> None:
    theme = load_theme(theme_path("warroom-dark"), ascii_only=True)
    assert theme.plain("␛[2J Müller 火 ok") == "^[2J M?ller ?? ok"


def test_only_colours_of_its_palette_go_to_a_terminal_of_256() -> None:
    assert [shown(nearest(colour)) for colour in COLOURS] == list(COLOURS)
    theme = load_theme(theme_path("warroom-dark"), limited=True)
    for name in ROLES:
        for paper in ("text", "selection", "bar"):
            style = theme.style(name, paper)
            assert {one.number for one in (style.color, style.bgcolor) if one} <= set(range(FIRST, 256))


def test_the_figures_are_those_of_the_guidelines_and_of_machado() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast((0x76, 0x76, 0x76), (255, 255, 255)) == pytest.approx(4.54, abs=0.01)
    red, green = (255, 0, 0), (0, 128, 0)
    assert separation(red, red, "protanopia") == 0
    assert separation(red, green, "deuteranopia") < separation(red, green, "all colours") / 2


def test_a_theme_of_ones_own_says_only_what_is_different(tmp_path: Path) -> None:
    path = mine(tmp_path, HEAD + '[palette]\nred = "#ff5050"\n[roles]\nok = { glyph = "+" }\n')
    theme, dark = load_theme(path), load_theme(theme_path("warroom-dark"))
    assert theme.role("critical").ink == theme.role("sev1").ground == "#ff5050"
    assert (theme.role("ok").glyph, theme.role("ok").ink) == ("+", dark.role("ok").ink)
    assert theme.role("warning") == dark.role("warning")


def test_a_theme_may_be_based_on_its_neighbour_and_replace_a_shipped_one(tmp_path: Path) -> None:
    mine(tmp_path, HEAD.replace("mine", "warroom-light") + '[palette]\npaper = "#ffffff"\n', "warroom-light")
    path = mine(tmp_path, HEAD + 'base = "warroom-light"\n[palette]\nink = "#000000"\n')
    theme = load_theme(path)
    assert (theme.role("text").ink, theme.role("text").ground, theme.dark) == ("#000000", "#ffffff", False)
    assert theme_path("warroom-light", tmp_path).parent == tmp_path


def test_an_unknown_key_is_told_and_left_out(tmp_path: Path) -> None:
    read = read_theme(mine(tmp_path, HEAD + 'speed = 1\n[roles]\ncritcal = { color = "#ff0000" }\n'))
    first, second = read.warnings
    assert "speed" in first
    assert "unknown key critcal in [roles] was left out; did you mean critical?" in second
    assert read.theme.role("critical") == load_theme(theme_path("warroom-dark")).role("critical")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("schema = 1\nname = \n", "it is not valid TOML"),
        ('name = "mine"\n', "schema must be 1, not missing"),
        ('schema = 1\nname = "yours"\n', "name must be the file's, 'mine', not 'yours'"),
        (HEAD + 'tier = "many"\n', "tier must be one of truecolor, 16, mono, not 'many'"),
        (HEAD + 'dark = "yes"\n', "dark must be true or false, not 'yes'"),
        (HEAD + 'base = "mine"\n', "a theme cannot be based on itself"),
        (HEAD + 'base = "theirs"\n', "base: there is no theme 'theirs'; there are: warroom-16"),
        (HEAD + 'base = "warroom-16"\ntier = "mono"\n', "tier is mono, but that of its base is 16"),
        (HEAD + "roles = 1\n", "[roles] must be a table"),
        (HEAD + "[roles]\nok = 1\n", "[roles] ok must be a table of color"),
        (HEAD + '[roles]\nok = { color = "reddish" }\n', "[roles] ok.color must be a colour as #rrggbb"),
        (HEAD + "[roles]\nok = { color = 7 }\n", "[roles] ok.color must be a colour in quotes, not 7"),
        (
            HEAD + '[roles]\nok = { color = "ansi_red" }\n',
            "must be a colour as #rrggbb or a name of [palette]",
        ),
        (HEAD + 'tier = "16"\n[roles]\nok = { color = "#ff0000" }\n', "must be one of ansi_black"),
        (HEAD + 'tier = "mono"\n[roles]\nok = { color = "#ff0000" }\n', "is a colour, but the tier is mono"),
        (HEAD + '[roles]\nok = { glyph = "火" }\n', "[roles] ok.glyph must fill one terminal cell"),
        (HEAD + '[roles]\nok = { glyph = "\\u001b" }\n', "[roles] ok.glyph must fill one terminal cell"),
        (HEAD + '[roles]\nok = { ascii = "▪" }\n', "[roles] ok.ascii must be an ASCII character"),
        (HEAD + '[roles]\nok = { style = "loud" }\n', "[roles] ok.style knows bold"),
    ],
)
def test_a_broken_theme_is_refused_with_what_is_wrong_where(tmp_path: Path, text: str, said: str) -> None:
    path = mine(tmp_path, text)
    with pytest.raises(WarroomError) as refused:
        load_theme(path)
    assert str(path) in str(refused.value)
    assert said in str(refused.value)


def test_themes_based_on_each_other_are_refused(tmp_path: Path) -> None:
    mine(tmp_path, HEAD.replace("mine", "yours") + 'base = "mine"\n', "yours")
    with pytest.raises(WarroomError, match="mine -> yours -> mine has no end"):
        load_theme(mine(tmp_path, HEAD + 'base = "yours"\n'))


def test_a_misspelt_name_finds_its_theme() -> None:
    with pytest.raises(WarroomError, match=r"there is no theme warroom-drak; did you mean warroom-dark\?"):
        theme_path("warroom-drak")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ('[palette]\ngrey = "#333333"\n', "unknown on text: contrast"),
        ('[palette]\nred = "#00d000"\nteal = "#d08000"\n', "ok, warning, critical look alike for"),
        ('[roles]\nlost = { glyph = "▪" }\n', "lost shares its glyph '▪' with another state"),
        ('[roles]\nsev1 = { color = "red" }\n', "sev1 is written in the colour of its own ground"),
        ('[roles]\nselection = { color = "ink", background = "paper" }\n', "the cursor cannot be seen"),
        (
            '[roles]\nreplay = { color = "black", background = "teal" }\n',
            "replay looks like live",
        ),
        ('high_contrast = true\n[palette]\nred = "#eb4155"\n', "less than 7"),
    ],
)
def test_what_somebody_could_not_read_is_a_fault(tmp_path: Path, change: str, said: str) -> None:
    theme: Theme = load_theme(mine(tmp_path, HEAD + change))
    assert [fault for fault in faults(theme) if said in fault], faults(theme)
