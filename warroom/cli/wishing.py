"""How a verb of the response wishes something and shows what came of it."""

import argparse
from collections.abc import Callable

from warroom.cli.talk import in_room
from warroom.errors import WarroomError
from warroom.host.actions import Acted
from warroom.host.client import Client
from warroom.model.commands import Command
from warroom.state.slices import Incident, State

Show = Callable[[argparse.Namespace, Client, Acted], int]


async def wished(client: Client, command: Command) -> Acted:
    """Wish and wait until the record has it; raises ``Refused``."""
    acted = await client.wish(command)
    assert acted is not None
    while client.state.seq < acted.seq or client.recorded_seq < acted.seq:
        await client.moved()
    return acted


def wish_and_show(arguments: argparse.Namespace, command: Callable[[Client], Command], show: Show) -> int:
    """Wish what the arguments mean, then show what came of it."""

    async def use(client: Client) -> int:
        return show(arguments, client, await wished(client, command(client)))

    return in_room(arguments, use)


def only_show(arguments: argparse.Namespace, show: Callable[[argparse.Namespace, Client], int]) -> int:
    """Show something of the state."""

    async def use(client: Client) -> int:
        return show(arguments, client)

    return in_room(arguments, use)


def declared(state: State) -> Incident:
    """The incident; raises ``WarroomError`` when none was declared."""
    if state.incident.incident is None:
        raise WarroomError(
            "no incident was declared in this room; declare one with `warroom incident declare`"
        )
    return state.incident.incident
