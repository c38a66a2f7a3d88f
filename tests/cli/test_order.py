"""Options stand where a person in a hurry types them: before, between or after a verb's words."""

from itertools import permutations

import pytest

from warroom.cli.main import parsed
from warroom.cli.verb import Argument, Usage, Verb
from warroom.cli.verbs import every_verb


def takes(verb: Verb, name: str) -> bool:
    return any(name in argument.names for argument in verb.arguments)


def words_for(argument: Argument) -> list[str]:
    """Words such an argument takes, as many as its place allows."""
    first = next(
        (one for one in argument.options.get("choices", ()) if one),
        "3" if argument.options.get("type") is int else "w",
    )
    several = argument.options.get("nargs") in ("*", "+")
    return [str(first), "x", "y z"] if several else [str(first)]


def words_of(verb: Verb) -> list[str]:
    positional = [one for one in verb.arguments if not one.names[0].startswith("-")]
    return [word for one in positional for word in words_for(one)]


@pytest.mark.parametrize(
    "verb", [v for v in every_verb() if takes(v, "--room") and words_of(v)], ids=lambda verb: verb.name
)
def test_the_room_is_named_anywhere_among_the_words(verb: Verb) -> None:
    words = words_of(verb)
    needed = [w for a in verb.arguments if a.options.get("required") for w in (a.names[0], "v")]
    option = ["--room", "r", *needed, *(["--json"] if takes(verb, "--json") else [])]
    read = []
    for at in range(len(words) + 1):
        try:
            read.append(parsed([verb.name, *words[:at], *option, *words[at:]]))
        except Usage as wrong:
            read.append(str(wrong))
    assert all(one == read[-1] for one in read), f"{verb.name} {words}: {read}"
    assert not isinstance(read[-1], str), read[-1]
    assert read[-1][0].room == "r"
    assert read[-1][1] == []


def test_what_was_typed_first_stays_first() -> None:
    for order in permutations((["--room", "r"], ["--next", "soon"], ["--yes"])):
        options = [word for one in order for word in one]
        chosen, unknown = parsed(["update", "write", *options, "the switch", "is dead"])
        assert unknown == []
        assert (chosen.step, chosen.words) == ("write", ["the switch", "is dead"])
        assert (chosen.room, chosen.next, chosen.yes) == ("r", "soon", True)


def test_words_that_begin_with_a_dash_come_after_two() -> None:
    chosen, unknown = parsed(["note", "--room", "r", "--", "-5", "degrees", "--json"])
    assert unknown == []
    assert chosen.text == ["-5", "degrees", "--json"]
    assert chosen.room == "r"


def test_an_option_nobody_knows_is_named() -> None:
    assert parsed(["note", "hi", "--rom", "r"])[1] == ["--rom"]


def test_a_verb_without_words_takes_what_is_usual() -> None:
    chosen, _ = parsed(["update", "--room", "r"])
    assert (chosen.step, chosen.words) == ("list", [])
