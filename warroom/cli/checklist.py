"""The verb of the checklist."""

import argparse
from pathlib import Path

from warroom.cli.output import say, show_json, show_table
from warroom.cli.verb import DONE, JSON, ROOM, Usage, Verb, arg
from warroom.cli.wishing import declared, only_show, wish_and_show
from warroom.host.client import Client
from warroom.model.commands import Command
from warroom.model.response_commands import ReopenItem, SkipItem, TickItem
from warroom.model.text import neutral
from warroom.views.checklist import COLUMNS, checklist_rows

STEPS = ("show", "tick", "skip", "reopen", "check")


def _checklist(arguments: argparse.Namespace) -> int:
    step, words = arguments.step, arguments.words
    if step == "show":
        return only_show(arguments, _show)
    if not words:
        raise Usage(
            f"say which: checklist {step} {'FILE' if step == 'check' else 'ITEM (its id or its number)'}"
        )
    if step == "check":
        return _check(Path(words[0]))
    command = _command(step, words[0], " ".join(words[1:]))
    return wish_and_show(arguments, lambda _: command, lambda a, c, _: _show(a, c))


def _command(step: str, item: str, rest: str) -> Command:
    match step:
        case "tick":
            return TickItem(item, neutral(rest))
        case "skip":
            return SkipItem(item, neutral(rest))
        case _:
            return ReopenItem(item, neutral(rest))


def _check(path: Path) -> int:
    # Deferred: only this step reads definitions itself; rooms read their own.
    from warroom.host.book_files import read_definition
    from warroom.response.checklist_files import parse_checklist

    found = read_definition(path, parse_checklist)
    say(f"{path}: good. {found.title}: {len(found.items)} items")
    return DONE


def _show(arguments: argparse.Namespace, client: Client) -> int:
    declared(client.state)
    if arguments.json:
        show_json(list(client.state.procedure.items.values()))
        return DONE
    show_table(COLUMNS, checklist_rows(client.state), empty="this room has no checklist")
    return DONE


VERBS = (
    Verb(
        "checklist",
        "incident",
        "show | tick | skip | reopen an item; check FILE validates one of your own",
        _checklist,
        (
            arg(
                "step",
                nargs="?",
                default="show",
                choices=STEPS,
                help="show | tick ITEM [evidence] | skip ITEM WHY | reopen ITEM [why] | check FILE",
            ),
            arg("words", nargs="*", help="the item's id or number, and the words"),
            ROOM,
            JSON,
        ),
    ),
)
