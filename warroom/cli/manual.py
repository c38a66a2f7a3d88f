"""The command line as a document, made from the table of verbs: ``python -m warroom.cli.manual > docs/cli.md``."""

from warroom.cli.output import say
from warroom.cli.verb import Argument, Verb
from warroom.cli.verbs import every_verb

TITLES = {
    "rooms": "Rooms",
    "incident": "The incident",
    "look": "Looking",
    "act": "Acting",
    "records": "Recordings",
    "settings": "Settings",
}

BEGIN = """# The command line

`warroom` alone shows what there is and what to type next. Every command below has `--help`.

Tables are for people. With `--json` a command prints JSON, also when it refuses: `{"error": ..., "code": ...}`.
Results go to stdout, everything else to stderr.

| exit code | meaning |
|---|---|
| 0 | done; with `--wait`: the effect was seen |
| 1 | refused, or not possible |
| 2 | the command line is wrong |
| 3 | with `--wait`: the effect was not seen in time |
| 4 | with `--wait`: nobody can say whether it happened |
| 130 | interrupted; what was started goes on in the room |

An acting command without `--yes` only shows its plan. A room is named by its name, or by the path of its folder
where it belongs to somebody else. Times are `-5m`, `14:32`, `2026-01-31T14:32:07Z` or `now`."""


def manual() -> str:
    """The whole document."""
    shown = [verb for verb in every_verb() if not verb.hidden]
    parts = [BEGIN]
    for group in dict.fromkeys(verb.group for verb in shown):
        parts.append(f"## {TITLES[group]}")
        parts += [_verb(verb) for verb in shown if verb.group == group]
    return "\n\n".join(parts) + "\n"


def _verb(verb: Verb) -> str:
    words = " ".join(word for argument in verb.arguments if (word := _positional(argument)))
    rows = [f"- {_named(argument)}: {argument.help}" for argument in verb.arguments]
    return "\n".join(
        (f"### `{f'warroom {verb.name} {words}'.strip()}`", "", _sentence(verb.help), "", *rows)
    ).rstrip()


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _named(argument: Argument) -> str:
    if not argument.names[0].startswith("-"):
        return f"`{_value(argument)}`"
    flag = argument.options.get("action") == "store_true"
    return f"`{argument.names[0]}`" if flag else f"`{argument.names[0]} {_value(argument)}`"


def _positional(argument: Argument) -> str:
    if argument.names[0].startswith("-"):
        return ""
    value = _value(argument)
    return {"?": f"[{value}]", "*": f"[{value} ...]", "+": f"{value} ..."}.get(
        argument.options.get("nargs", ""), value
    )


def _value(argument: Argument) -> str:
    choices = argument.options.get("choices")
    named = argument.options.get("metavar")
    if choices and not named:
        return "|".join(choices)
    return str(named or argument.names[0].lstrip("-").upper())


if __name__ == "__main__":
    say(manual().rstrip())
