"""A client that follows a flood: whoever needs its loop meanwhile has it first."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.host.test_server import served
from tests.views.any_state import Tape
from warroom.errors import WarroomError
from warroom.events.cluster import NodesChanged
from warroom.host.client import Client
from warroom.host.protocol import Events
from warroom.model.nouns import Node, NodeName, NodeState


def many_events(number: int) -> Events:
    tape = Tape()
    for n in range(number):
        tape.add(NodesChanged((Node(NodeName(f"n{n}"), NodeState.READY),)))
    return Events(1, list(tape.envelopes))


async def test_what_happened_is_folded_after_the_key_that_somebody_waits_for(warroom_home: str) -> None:
    """In a flood of log lines a key waited for the loop three times, each time behind a slice of events."""
    client = Client(warroom_home, program="tui", version="1")  # type: ignore[arg-type]
    pressed = asyncio.Event()
    client.gives_way = pressed.is_set
    frame = many_events(50)
    pressed.set()
    folding = asyncio.ensure_future(client._take_events(frame))
    await asyncio.sleep(0)
    first = client.state.seq
    for _ in range(100):
        await asyncio.sleep(0)
    assert client.state.seq == first <= frame.envelopes[0].seq
    pressed.clear()
    await asyncio.wait_for(folding, 10)
    assert client.state.seq == frame.envelopes[-1].seq
    assert client.now >= datetime(2020, 1, 1, tzinfo=UTC)


async def test_a_client_that_knocked_before_it_had_a_loop_is_inside_with_the_same_connection(
    warroom_home: str,
) -> None:
    async with served(warroom_home) as rig:
        client = Client(rig.path, program="tui", version="1")
        client.knock()
        following = asyncio.ensure_future(client.run(reconnect=False))
        await asyncio.wait_for(client.synced(), 10)
        assert client.room == "r"
        assert len(rig.state.room.clients) == 1
        following.cancel()


async def test_a_client_that_knocked_at_a_closed_door_is_told_so_when_it_runs(warroom_home: str) -> None:
    client = Client(Path(warroom_home) / "nobody", program="tui", version="1")
    client.knock()
    with pytest.raises(WarroomError, match="gone"):
        await client.run(reconnect=False)
