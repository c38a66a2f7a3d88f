"""The verb of updates to those who wait: draft, write, promise, list."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from warroom.cli.incident import line_text
from warroom.cli.output import say, show_json, tell
from warroom.cli.places import here
from warroom.cli.talk import in_room
from warroom.cli.verb import DONE, FAILED, JSON, NOT_SEEN, ROOM, UNKNOWN, WAIT, YES, Usage, Verb, arg
from warroom.cli.wishing import declared, only_show, wish_and_show, wished
from warroom.config import load_config
from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.model.commands import Drafted, DraftUpdate
from warroom.model.nouns import Time
from warroom.model.response import DeliveryState, UpdateKind
from warroom.model.response_commands import PromiseUpdate, SendUpdate
from warroom.model.text import Safe, neutral
from warroom.model.times import parse_duration
from warroom.response.updates.writing import usual_kind, worded
from warroom.response.wishes.updates import MOST_CHARACTERS, NO_TARGET, READ_AT_OPENING
from warroom.state.updates import Delivery, Update
from warroom.views.updates import promise_line, update_lines

STEPS = ("list", "draft", "write", "promise", "check")
CODES = {DeliveryState.SENT: DONE, DeliveryState.FAILED: NOT_SEEN, DeliveryState.UNKNOWN: UNKNOWN}


class Planned(msgspec.Struct, frozen=True):
    """An update as it would be sent."""

    kind: UpdateKind
    text: Safe
    targets: tuple[str, ...]
    next_due: Time | None


def _update(arguments: argparse.Namespace) -> int:
    words = arguments.words
    match arguments.step:
        case "list":
            return only_show(arguments, _list)
        case "promise":
            if len(words) != 1:
                raise Usage("say in how long: update promise 30m")
            promise = PromiseUpdate(parse_duration(words[0]).total_seconds())
            return wish_and_show(arguments, lambda _: promise, lambda a, c, _: _list(a, c))
        case "check":
            if len(words) != 1:
                raise Usage("say which file: update check FILE")
            return _check(Path(words[0]))
        case "draft":
            if words:
                raise Usage("a draft has no words of its own; --next says what happens next")
            return in_room(arguments, lambda client: _draft(client, arguments))
        case _:
            # Read before the room is asked: whoever types at a prompt may take long.
            text = sys.stdin.read(MOST_CHARACTERS + 1) if words == ["-"] else " ".join(words)
            if len(text) > MOST_CHARACTERS:
                raise Usage(f"an update has at most {MOST_CHARACTERS} characters")
            if words and not text.strip():
                raise Usage("an update needs words; without any it is written from the record")
            return in_room(arguments, lambda client: _write(client, arguments, text))


def _list(arguments: argparse.Namespace, client: Client) -> int:
    state = client.state
    every = list(state.updates.updates.values())
    if arguments.json:
        show_json({"targets": state.procedure.update_targets, "due": state.updates.due, "updates": every})
        return DONE
    say(line_text(promise_line(state, client.now)))
    for one in every:
        for each in update_lines(one):
            say(line_text(each))
    if not every:
        tell("nothing was sent to those who wait")
    return DONE


def _check(path: Path) -> int:
    # Deferred: only this step reads definitions itself; rooms read their own.
    from warroom.host.book_files import read_templates_file

    found = read_templates_file(path)
    say(f"{path}: good. Words for {sum(len(one.texts) for one in found.values())} kinds of update")
    return DONE


async def _drafted(client: Client, arguments: argparse.Namespace) -> tuple[UpdateKind, Drafted]:
    declared(client.state)
    kind = UpdateKind(arguments.kind) if arguments.kind else usual_kind(client.state)
    within = parse_duration(arguments.next_in).total_seconds() if arguments.next_in else None
    return kind, await client.ask(DraftUpdate(kind, neutral(arguments.next), within))


async def _draft(client: Client, arguments: argparse.Namespace) -> int:
    kind, drafted = await _drafted(client, arguments)
    if arguments.json:
        show_json(_planned(client, arguments, kind, drafted.text, drafted))
    else:
        say(str(drafted.text))
    return DONE


def _planned(
    client: Client, arguments: argparse.Namespace, kind: UpdateKind, text: Safe, drafted: Drafted
) -> Planned:
    targets = tuple(arguments.to) or client.state.procedure.update_targets
    return Planned(kind, text, targets, drafted.next_due)


async def _write(client: Client, arguments: argparse.Namespace, given: str) -> int:
    kind, drafted = await _drafted(client, arguments)
    text = worded(given) if given else drafted.text
    planned = _planned(client, arguments, kind, text, drafted)
    if not planned.targets:
        raise WarroomError(_nowhere(arguments))
    known = client.state.procedure.update_targets
    if unknown := [name for name in arguments.to if name not in known]:
        there = f"there are: {', '.join(known)}"
        raise WarroomError(
            f"no update target is called {unknown[0]!a}; {_added(arguments, unknown) or there}"
        )
    if not arguments.yes:
        if arguments.json:
            show_json(planned)
            return DONE
        due = f"{drafted.next_due:%H:%M:%S}Z" if drafted.next_due else "none"
        say(f"{kind} update to {', '.join(planned.targets)}\nnext update: {due}\n\n{text}")
        tell("nothing was sent; add --yes to send it")
        return DONE
    send = SendUpdate(kind, text, tuple(arguments.to), next_due=drafted.next_due)
    acted = await wished(client, send)
    return await _follow(client, arguments, acted.action)


def _added(arguments: argparse.Namespace, names: Sequence[str] = ()) -> str:
    """What is said of targets that are in the config but were not when the room was opened; of all without names."""
    if "/" in (arguments.room or ""):
        # A room of somebody else, who has a config of their own.
        return ""
    try:
        configured = load_config(here(), {}).updates
    except WarroomError:
        return ""
    added = [name for name in names or sorted(configured) if name in configured]
    if not added:
        return ""
    return (
        f"the config has {', '.join(added)} now, and this room read the config when it was opened: stop it and open "
        "it again once its incident is resolved"
    )


def _nowhere(arguments: argparse.Namespace) -> str:
    by_hand = "`warroom update draft` prints the words to send by hand"
    return f"{NO_TARGET}; {_added(arguments) or READ_AT_OPENING}; {by_hand}"


async def _follow(client: Client, arguments: argparse.Namespace, name: str) -> int:
    """Say what became of it, with ``--wait`` once every target has taken it or never will."""
    told: dict[str, Delivery] = {}
    update = client.state.updates.updates[name]
    while arguments.wait:
        for target, delivery in update.deliveries.items():
            if told.get(target) != delivery and not arguments.json:
                words = f"{target}: {delivery.state.value} {delivery.detail}".rstrip()
                tell(f"{delivery.time:%H:%M:%S}Z {name} {words}" if delivery.time else f"{name} {words}")
            told[target] = delivery
        if not any(d.state is DeliveryState.WAITING for d in update.deliveries.values()):
            break
        await client.moved()
        if client.trouble:
            tell(client.trouble)
            return UNKNOWN
        update = client.state.updates.updates[name]
    if arguments.json:
        show_json(update)
    else:
        for one in update_lines(update):
            say(line_text(one))
        if not arguments.wait:
            tell(f"{name} is being sent; `warroom update list` says where it arrived, --wait stays for it")
    return _code(update)


def _code(update: Update) -> int:
    return max((CODES.get(d.state, DONE) for d in update.deliveries.values()), default=FAILED)


VERBS = (
    Verb(
        "update",
        "incident",
        "tell those who wait: list | draft | write | promise | check",
        _update,
        (
            arg(
                "step",
                nargs="?",
                default="list",
                choices=STEPS,
                help="list | draft | write [TEXT | -] | promise 30m | check FILE; without TEXT the draft is sent",
            ),
            arg("words", nargs="*", help="the text, or - to read it from standard input; a time; a file"),
            arg(
                "--kind",
                default="",
                choices=("", *(kind.value for kind in UpdateKind)),
                metavar="KIND",
                help=f"{', '.join(UpdateKind)} (what is usual now)",
            ),
            arg("--next", default="", metavar="TEXT", help="what happens next, for the draft"),
            arg("--next-in", default="", metavar="TIME", help="when the next update is promised, e.g. 30m"),
            arg("--to", action="append", default=[], metavar="TARGET", help="only there; may be repeated"),
            ROOM,
            JSON,
            YES,
            WAIT,
        ),
    ),
)
