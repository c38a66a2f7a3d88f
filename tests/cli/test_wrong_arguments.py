"""Every verb says in one sentence what is wrong with its arguments and where its help is."""

import pytest

from warroom.cli.main import run
from warroom.cli.verb import USAGE, Verb
from warroom.cli.verbs import every_verb

VERBS = every_verb()
SHOWN = [verb for verb in VERBS if not verb.hidden]


def needed(verb: Verb) -> list[str]:
    """As many words as the verb cannot do without, each of them possible."""
    words = [
        a
        for a in verb.arguments
        if not a.names[0].startswith("-") and a.options.get("nargs") not in ("?", "*")
    ]
    return [next(iter(a.options.get("choices", ("1",)))) for a in words]


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """The sentence a command line is refused with."""
    assert run(words) == USAGE
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("warroom: ")
    return err


@pytest.mark.parametrize("verb", SHOWN, ids=lambda verb: verb.name)
def test_an_unknown_option_is_named_with_the_verbs_own_help(
    verb: Verb, capsys: pytest.CaptureFixture[str]
) -> None:
    required = [w for a in verb.arguments if a.options.get("required") for w in (a.names[0], "x")]
    said = refused(capsys, verb.name, *needed(verb), *required, "--no-such-option")
    assert "--no-such-option" in said
    assert f"`warroom {verb.name} --help`" in said


@pytest.mark.parametrize("verb", [verb for verb in SHOWN if needed(verb)], ids=lambda verb: verb.name)
def test_a_missing_word_is_named(verb: Verb, capsys: pytest.CaptureFixture[str]) -> None:
    said = refused(capsys, verb.name)
    assert "required" in said
    assert f"`warroom {verb.name} --help`" in said


@pytest.mark.parametrize(
    ("verb", "option"),
    [(verb, a.names[0]) for verb in SHOWN for a in verb.arguments if a.options.get("type") in (int, float)],
    ids=lambda value: getattr(value, "name", value),
)
def test_a_number_that_is_none_is_refused(
    verb: Verb, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [*needed(verb), option, "many"] if option.startswith("-") else [*needed(verb)[:-1], "many"]
    assert "many" in refused(capsys, verb.name, *words)


def test_an_option_cut_short_is_not_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert "--ye" in refused(capsys, "node-cordon", "n1", "--ye")
