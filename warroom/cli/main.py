"""Reads the command line, runs the verb, and turns every refusal into one sentence and an exit code."""

import argparse
import contextlib
import difflib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from warroom import __version__
from warroom.cli.acting import VERBS as ACTING
from warroom.cli.checklist import VERBS as CHECKLIST
from warroom.cli.incident import VERBS as INCIDENT
from warroom.cli.inquiry import VERBS as INQUIRY
from warroom.cli.looking import VERBS as LOOKING
from warroom.cli.output import refuse
from warroom.cli.records import VERBS as RECORDS
from warroom.cli.rooms import VERBS as ROOMS
from warroom.cli.rooms import home
from warroom.cli.searching import VERBS as SEARCHING
from warroom.cli.settings import VERBS as SETTINGS
from warroom.cli.team import VERBS as TEAM
from warroom.cli.verb import FAILED, USAGE, Usage, Verb
from warroom.errors import WarroomError

VERBS: tuple[Verb, ...] = (
    *ROOMS,
    *INCIDENT,
    *TEAM,
    *CHECKLIST,
    *INQUIRY,
    *LOOKING,
    *SEARCHING,
    *ACTING,
    *RECORDS,
    *SETTINGS,
)
"""Every command there is, in the order help shows them."""

TIME_OPTIONS = frozenset(("--start", "--end", "--at"))


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Usage(f"{message}; see `{self.prog} --help`")


def parser() -> argparse.ArgumentParser:
    """The parser of the whole command line, made from the table of verbs."""
    top = _Parser(
        prog="warroom",
        description="A war room in a terminal: watch a cluster, act on it, record everything.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog=_groups(),
    )
    top.add_argument("--version", action="version", version=f"warroom {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="COMMAND", parser_class=_Parser)
    for verb in VERBS:
        made = verbs.add_parser(verb.name, description=verb.help, allow_abbrev=False)
        for argument in verb.arguments:
            made.add_argument(*argument.names, help=argument.help, **argument.options)
        made.set_defaults(run=verb.run)
    return top


def _groups() -> str:
    lines: list[str] = []
    for group in dict.fromkeys(verb.group for verb in VERBS if not verb.hidden):
        lines.append(f"{group}:")
        lines += [f"  {v.name:<18} {v.help}" for v in VERBS if v.group == group and not v.hidden]
    return "\n".join(lines)


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code; no traceback ever reaches the terminal."""
    try:
        _check_verb(arguments)
        chosen = parser().parse_args(_joined(arguments))
        if chosen.verb is None:
            return home(chosen)
        code: int = chosen.run(chosen)
        return code
    except Usage as wrong:
        return _say(str(wrong), USAGE)
    except WarroomError as refused:
        return _say(str(refused), FAILED)
    except KeyboardInterrupt:
        return _say("interrupted; what was started goes on in the room", 130)
    except BrokenPipeError:
        # The reader of our output went away; there is nobody left to tell.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED


def _check_verb(arguments: Sequence[str]) -> None:
    if not arguments or arguments[0].startswith("-"):
        return
    names = [verb.name for verb in VERBS]
    if arguments[0] not in names:
        near = difflib.get_close_matches(arguments[0], names, 1)
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


def _say(sentence: str, code: int) -> int:
    refuse(sentence)
    return code
