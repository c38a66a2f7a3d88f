"""Verbs of the second person: agree, refuse, override; and cancelling and taking back what was done."""

import argparse

from warroom.cli.acting import COMMON, follow
from warroom.cli.output import plan_text, say, show_json, tell
from warroom.cli.talk import in_room
from warroom.cli.verb import DONE, JSON, ROOM, Verb, arg
from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.model.commands import Act, ShowPlan
from warroom.model.requests import Plan
from warroom.model.response_commands import ApproveAction, CancelAction, OverrideAction, RefuseAction
from warroom.model.text import Safe, neutral
from warroom.response.undo import reverse_of, undoable
from warroom.state.slices import Action


def _named(client: Client, name: str) -> Action:
    action = client.state.actions.actions.get(name.upper())
    if action is None:
        known = ", ".join(client.state.actions.actions) or "none"
        raise WarroomError(f"there is no action {name!a} in this room; there are: {known}")
    return action


def _approve(arguments: argparse.Namespace) -> int:
    async def use(client: Client) -> int:
        action = _named(client, arguments.action)
        if not arguments.yes:
            if arguments.json:
                show_json(action.plan)
            else:
                say(plan_text(action.plan))
                who = f"{action.person.name} asked for {action.action}"
                tell(f"{who} ({action.stage}); nothing was done, add --yes to agree to it")
            return DONE
        digest = action.awaits.digest if action.awaits else ""
        acted = await client.wish(ApproveAction(action.action, digest))
        assert acted is not None
        return await follow(client, acted, arguments)

    return in_room(arguments, use)


def _refuse(arguments: argparse.Namespace) -> int:
    async def use(client: Client) -> int:
        action = _named(client, arguments.action)
        await client.wish(RefuseAction(action.action, neutral(" ".join(arguments.reason))))
        say(f"{action.action} {action.plan.title}: refused")
        return DONE

    return in_room(arguments, use)


def _override(arguments: argparse.Namespace) -> int:
    async def use(client: Client) -> int:
        action = _named(client, arguments.action)
        acted = await client.wish(OverrideAction(action.action, neutral(arguments.reason)))
        assert acted is not None
        return await follow(client, acted, arguments)

    return in_room(arguments, use)


def _cancel(arguments: argparse.Namespace) -> int:
    async def use(client: Client) -> int:
        action = _named(client, arguments.action)
        await client.wish(CancelAction(action.action, neutral(" ".join(arguments.reason))))
        say(f"{action.action} {action.plan.title}: no further step will be sent")
        return DONE

    return in_room(arguments, use)


def _undo(arguments: argparse.Namespace) -> int:
    async def use(client: Client) -> int:
        last = _named(client, arguments.action) if arguments.action else undoable(client.state)
        if last is None:
            raise WarroomError("no action of this room can be taken back")
        code = DONE
        for request in reverse_of(client.state, last.action):
            if arguments.yes:
                wish = Act(request, confirmed=Safe("--yes"), undoes=last.action, opens_lock=True)
                acted = await client.wish(wish)
                assert acted is not None
                code = max(code, await follow(client, acted, arguments))
                continue
            plan: Plan = await client.ask(ShowPlan(request, undoes=last.action))
            if arguments.json:
                show_json(plan)
            else:
                say(plan_text(plan))
                tell(f"this takes {last.action} back; nothing was done, add --yes to do it")
        return code

    return in_room(arguments, use)


ACTION = arg("action", metavar="ACTION", help="such as A3")
REASON_WORDS = arg("reason", nargs="*", help="why")

VERBS = (
    Verb(
        "approve", "act", "agree, as a second person, to what somebody asked for", _approve, (ACTION, *COMMON)
    ),
    Verb(
        "refuse",
        "incident",
        "refuse what waits for a second person",
        _refuse,
        (ACTION, REASON_WORDS, ROOM, JSON),
    ),
    Verb(
        "override",
        "act",
        "do without the second person, in an emergency; loud and recorded",
        _override,
        (ACTION, arg("--reason", required=True, help="why it cannot wait"), *COMMON),
    ),
    Verb(
        "cancel",
        "incident",
        "stop an action before its next step",
        _cancel,
        (ACTION, REASON_WORDS, ROOM, JSON),
    ),
    Verb(
        "undo",
        "act",
        "take an action back, by default the last that can be",
        _undo,
        (arg("action", nargs="?", default="", metavar="ACTION", help="such as A3"), *COMMON),
    ),
)
