"""Verbs of the people who respond: roles and their handover, the brief, the clocks."""

import argparse

from warroom.cli.output import say, show_json, show_table, tell
from warroom.cli.verb import DONE, JSON, ROOM, Usage, Verb, arg
from warroom.cli.wishing import declared, only_show, wish_and_show
from warroom.host.actions import Acted
from warroom.host.client import Client
from warroom.model.commands import Command
from warroom.model.response import Role
from warroom.model.response_commands import (
    AcknowledgeHandoff,
    DeclineHandoff,
    LeaveRole,
    OfferHandoff,
    TakeRole,
)
from warroom.model.text import neutral
from warroom.response.brief import brief
from warroom.response.clocks import clocks
from warroom.views.clocks import COLUMNS as CLOCK_COLUMNS
from warroom.views.clocks import clock_rows
from warroom.views.roles import COLUMNS, missing, role_rows

STEPS = ("list", "take", "leave", "offer", "accept", "decline")
SHAPES = {
    "take": "role take ROLE [PERSON]",
    "leave": "role leave ROLE WHY",
    "offer": "role offer ROLE LOGIN",
    "accept": "role accept H1",
    "decline": "role decline H1 [why]",
}


def _role(arguments: argparse.Namespace) -> int:
    if arguments.step == "list":
        return only_show(arguments, _list)
    command = _command(arguments)
    return wish_and_show(arguments, lambda _: command, _came_of_it)


def _command(arguments: argparse.Namespace) -> Command:
    step, words = arguments.step, arguments.words
    if not words:
        raise Usage(f"say it like this: {SHAPES[step]}")
    rest = neutral(" ".join(words[1:]))
    match step:
        case "take":
            return TakeRole(_which(words[0]), rest, neutral(arguments.overrule))
        case "leave":
            return LeaveRole(_which(words[0]), rest)
        case "offer":
            return OfferHandoff(_which(words[0]), rest)
        case "accept":
            return AcknowledgeHandoff(words[0].upper())
        case _:
            return DeclineHandoff(words[0].upper(), rest)


def _which(word: str) -> Role:
    try:
        return Role(word.lower())
    except ValueError:
        raise Usage(f"a role is {', '.join(Role)}, not {word!r}") from None


def _list(arguments: argparse.Namespace, client: Client) -> int:
    team = client.state.team
    if arguments.json:
        show_json({"roles": team.roles, "left": team.left, "handoffs": list(team.handoffs.values())})
        return DONE
    show_table(COLUMNS, role_rows(client.state, client.now), empty="no role")
    return DONE


def _came_of_it(arguments: argparse.Namespace, client: Client, acted: Acted) -> int:
    offer = client.state.team.handoffs.get(acted.action)
    if arguments.json or offer is None:
        return _list(arguments, client)
    if arguments.step == "decline":
        say(f"{offer.handoff} declined; {offer.giver} stays {offer.role}")
        return DONE
    for text in offer.brief:
        say(str(text))
    if offer.done:
        say(f"{offer.taker} is {offer.role}")
    else:
        tell(
            f"{offer.handoff} waits for {' and '.join(missing(offer))}: read this, then "
            f"`warroom role accept {offer.handoff}`"
        )
    return DONE


def _brief(arguments: argparse.Namespace, client: Client) -> int:
    lines = brief(client.state, client.now)
    if arguments.json:
        show_json(lines)
        return DONE
    for text in lines:
        say(str(text))
    return DONE


def _clocks(arguments: argparse.Namespace, client: Client) -> int:
    declared(client.state)
    every = clocks(client.state, client.now)
    if arguments.json:
        show_json(every)
        return DONE
    show_table(
        CLOCK_COLUMNS,
        clock_rows(every, client.now),
        empty="no clock runs: the incident is resolved, nothing is silenced and no verdict is due",
    )
    return DONE


VERBS = (
    Verb(
        "role",
        "incident",
        "who does what: list | take | leave | offer | accept | decline",
        _role,
        (
            arg(
                "step", nargs="?", default="list", choices=STEPS, help=" | ".join(("list", *SHAPES.values()))
            ),
            arg("words", nargs="*", help=f"a role is {', '.join(Role)}"),
            arg("--overrule", default="", metavar="WHY", help="take it from who has it, with a reason"),
            ROOM,
            JSON,
        ),
    ),
    Verb(
        "brief",
        "incident",
        "how things stand, to be read aloud",
        lambda a: only_show(a, _brief),
        (ROOM, JSON),
    ),
    Verb("clocks", "incident", "what is owed by when", lambda a: only_show(a, _clocks), (ROOM, JSON)),
)
