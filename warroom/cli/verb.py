"""What a verb of the command line is: name, help, arguments and the function that runs it."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from warroom.errors import WarroomError

DONE = 0
FAILED = 1
USAGE = 2
NOT_SEEN = 3
UNKNOWN = 4


class Argument(NamedTuple):
    """One argument of a verb, as argparse takes it."""

    names: tuple[str, ...]
    help: str
    options: dict[str, Any]


class Verb(NamedTuple):
    """One command."""

    name: str
    group: str
    help: str
    run: Callable[[argparse.Namespace], int]
    arguments: Sequence[Argument] = ()
    hidden: bool = False


class Usage(WarroomError):
    """The command line itself is wrong."""


def arg(*names: str, help: str, **options: Any) -> Argument:  # noqa: A002 - argparse's own word
    """An argument of a verb."""
    return Argument(names, help, options)


ROOM = arg("--room", metavar="ROOM", help="which open room, by name or folder (needed when several are open)")
JSON = arg("--json", action="store_true", help="print JSON for programs instead of a table")
YES = arg("--yes", action="store_true", help="really do it; without it only the plan is shown")
WAIT = arg(
    "--wait", action="store_true", help="wait for the verdict (exit 0 effect seen, 3 not seen, 4 unknown)"
)
REASON = arg("--reason", default="", metavar="TEXT", help="why; kept in the record and in the cluster")
"""Arguments that several verbs share."""
