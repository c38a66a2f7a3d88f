"""Reads the command line, runs the verb, and turns every refusal into one sentence and an exit code."""

import argparse
import contextlib
import difflib
import os
import re
import sys
from collections.abc import Sequence
from typing import NoReturn

from warroom import __version__
from warroom.cli.output import refuse, show_json
from warroom.cli.verb import FAILED, USAGE, Usage, Verb
from warroom.cli.verbs import NAMES, beside, every_verb
from warroom.errors import WarroomError

OPTION = re.compile(r"-(?!\d|$)")
"""How an option begins; ``-5`` and ``-`` are words."""
TIME_OPTIONS = frozenset(("--start", "--end", "--at"))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message}; see `{self.prog} --help`")


def parser(among: Sequence[Verb]) -> argparse.ArgumentParser:
    """The parser of a command line with one of these verbs."""
    top = _Parser(
        prog="warroom",
        usage="warroom [-h] [--version] COMMAND ...",
        description="A war room in a terminal: watch a cluster, act on it, record everything.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=f"{_groups(among)}\n`warroom COMMAND --help` tells more.",
    )
    top.add_argument("--version", action="version", version=f"warroom {__version__}")
    verbs = top.add_subparsers(dest="verb", prog="warroom", help=argparse.SUPPRESS, parser_class=_Parser)
    for verb in among:
        made = verbs.add_parser(verb.name, description=verb.help, allow_abbrev=False)
        for argument in verb.arguments:
            made.add_argument(*argument.names, help=argument.help, **argument.options)
        made.set_defaults(run=verb.run)
    return top


def _groups(among: Sequence[Verb]) -> str:
    lines: list[str] = []
    for group in dict.fromkeys(verb.group for verb in among if not verb.hidden):
        lines.append(f"{group}:")
        lines += [f"  {v.name:<18} {v.help}" for v in among if v.group == group and not v.hidden]
    return "\n".join(lines)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code; no traceback ever reaches the terminal."""
    try:
        code = _run(arguments)
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our output went away; there is nobody left to tell.
        _drop_output()
        return FAILED
    except OSError as wrong:
        _drop_output()
        refuse(f"cannot go on: {wrong.strerror or wrong}{f' ({wrong.filename})' if wrong.filename else ''}")
        return FAILED
    return code


def _run(arguments: Sequence[str]) -> int:
    as_json = "--json" in arguments
    try:
        _check_verb(arguments)
        chosen, unknown = parsed(_joined(arguments))
        if unknown:
            where = f"warroom {chosen.verb}" if chosen.verb else "warroom"
            raise Usage(f"unrecognized: {' '.join(unknown)}; see `{where} --help`")
        if chosen.verb is None:
            # Deferred, as every verb is: it is the one that has no name.
            from warroom.cli.rooms import home

            return home(chosen)
        code: int = chosen.run(chosen)
        return code
    except Usage as wrong:
        return _refused(str(wrong), USAGE, as_json=as_json)
    except WarroomError as refused:
        return _refused(str(refused), FAILED, as_json=as_json)
    except SystemExit as helped:
        return int(helped.code or 0)
    except KeyboardInterrupt:
        return _refused("interrupted; what was started goes on in the room", 130, as_json=as_json)


def parsed(arguments: Sequence[str]) -> tuple[argparse.Namespace, list[str]]:
    """The arguments, read, and what nobody knows; options may stand before, between and after a verb's words."""
    among = beside(arguments[0]) if arguments else every_verb()
    verb = next((one for one in among if arguments and one.name == arguments[0]), None)
    return parser(among).parse_known_args(
        arguments if verb is None else [verb.name, *_in_order(verb, arguments[1:])]
    )


def _in_order(verb: Verb, words: Sequence[str]) -> list[str]:
    """The options first: argparse gives a verb that takes any number of words none of those after an option."""
    valued = {
        name
        for one in verb.arguments
        for name in one.names
        if name.startswith("-") and one.options.get("action") != "store_true"
    }
    options: list[str] = []
    rest: list[str] = []
    left = iter(words)
    for word in left:
        if word == "--":
            rest += left
        elif not OPTION.match(word):
            rest.append(word)
        else:
            options.append(word)
            if word in valued:
                options += [value for value in [next(left, None)] if value is not None]
    return [*options, "--", *rest] if any(word.startswith("-") for word in rest) else [*options, *rest]


def _drop_output() -> None:
    with contextlib.suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _check_verb(arguments: Sequence[str]) -> None:
    if not arguments or arguments[0].startswith("-"):
        return
    if arguments[0] not in NAMES:
        near = difflib.get_close_matches(arguments[0], NAMES, 1)
        hint = f"did you mean `warroom {near[0]}`?" if near else "see `warroom --help`"
        raise Usage(f"there is no command {arguments[0]!r}; {hint}")


def _joined(arguments: Sequence[str]) -> list[str]:
    """``--start -5m`` as ``--start=-5m``: argparse takes a value that begins with a dash for an option."""
    joined: list[str] = []
    for word in arguments:
        if joined and joined[-1] in TIME_OPTIONS and word.startswith("-"):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def _refused(sentence: str, code: int, *, as_json: bool) -> int:
    refuse(sentence)
    if as_json:
        show_json({"error": sentence, "code": code})
    return code
