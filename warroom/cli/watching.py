"""The verb that tells a room in lines, without a screen: for screen readers, pipes and dumb terminals."""

import argparse
import asyncio
import contextlib
import select
import sys
from typing import Any

from warroom import __version__
from warroom.cli.output import say, show_json_line
from warroom.cli.places import here
from warroom.cli.verb import DONE, Usage, Verb, arg
from warroom.clock import monotonic_s
from warroom.errors import WarroomError
from warroom.host.client import Client
from warroom.host.rooms import RoomFolder, find_room
from warroom.state.slices import Moment
from warroom.views.census import Census
from warroom.views.spoken import (
    spoken_day,
    spoken_incident,
    spoken_moment,
    spoken_time,
    spoken_vitals,
    vitals_facts,
)

QUIET_S = 5.0
"""Vitals are told that far apart at least, however much changes."""
LOOK_S = 1.0
"""How often it is looked whether anybody still reads."""
FIRST = 10
"""Entries of the timeline told at the beginning, unless another number is asked for."""


class Teller:
    """Says what is new in a room, each thing once."""

    def __init__(self, client: Client, *, as_json: bool, first: int) -> None:
        self._client = client
        self._as_json = as_json
        self._first = first
        self._census = Census()
        self._seq = -1
        self._told = 0
        self._vitals = ""
        self._vitals_s = float("-inf")
        self._lost = False
        self._began = False
        self._day = ""

    def tell(self) -> None:
        """Say what is new."""
        client = self._client
        if client.trouble:
            if self._began and not self._lost:
                self._lost = True
                self._link(client.trouble)
            return
        if not self._began:
            self._begin()
        elif self._lost:
            self._lost = False
            self._link("")
        self._moments()
        self._changed_vitals()

    @property
    def wakes_in_s(self) -> float:
        """How long it may wait though nothing happens."""
        return min(LOOK_S, max(0.05, self._vitals_s + QUIET_S - monotonic_s()))

    def _say(self, kind: str, sentence: str, facts: dict[str, Any]) -> None:
        if not self._as_json:
            say(sentence)
        else:
            show_json_line({"kind": kind, "now": self._client.now, **facts})
        sys.stdout.flush()

    def _begin(self) -> None:
        self._began = True
        client, state = self._client, self._client.state
        self._day = spoken_day(client.now)
        where = f"{self._day}, watching room {client.room} on cluster {state.room.cluster or 'none'}"
        self._say(
            "room",
            f"{spoken_time(client.now)}, {where}; {spoken_incident(state)}",
            {"room": client.room, "cluster": state.room.cluster, "incident": state.incident.incident},
        )
        moments = state.timeline.moments
        kept = moments[-self._first :] if self._first else []
        self._told = self._total() - len(kept)

    def _total(self) -> int:
        timeline = self._client.state.timeline
        return timeline.older + len(timeline.moments)

    def _moments(self) -> None:
        timeline = self._client.state.timeline
        if self._total() < self._told:
            # A new recording began; its timeline is told from its start.
            self._told = 0
        missed = max(0, timeline.older - self._told)
        if missed:
            self._say(
                "missed",
                f"{spoken_time(self._client.now)}, {missed} entries came too fast to be told; the recording has them",
                {"entries": missed},
            )
        for moment in timeline.moments[max(0, self._told - timeline.older) :]:
            if (day := spoken_day(moment.time)) != self._day and not self._as_json:
                self._day = day
                say(day)
            self._say("moment", spoken_moment(moment), {"moment": _facts(moment)})
        self._told = self._total()

    def _changed_vitals(self) -> None:
        state = self._client.state
        self._census.update(state)
        # Figures move with every sample; they are told with what else changed, and when one becomes too high.
        new = spoken_vitals(state, self._census, figures=False)
        if new == self._vitals or monotonic_s() < self._vitals_s + QUIET_S:
            return
        self._vitals, self._vitals_s = new, monotonic_s()
        sentence = f"{spoken_time(self._client.now)}, {spoken_vitals(state, self._census)}"
        self._say("vitals", sentence, vitals_facts(state, self._census))

    def _link(self, why: str) -> None:
        now = spoken_time(self._client.now)
        sentence = (
            f"after {now}, the link to the room is lost: {why}; what was told is old; trying again"
            if why
            else f"{now}, the link to the room is back"
        )
        self._say("link", sentence, {"lost": bool(why), "reason": why})


def _facts(moment: Moment) -> dict[str, Any]:
    return {name: getattr(moment, name) for name in moment.__struct_fields__}


def _watch(arguments: argparse.Namespace) -> int:
    if arguments.last < 0:
        raise Usage("--last is a number of entries, 0 or more")
    folder = find_room(here().rooms, arguments.room, option="warroom watch")
    try:
        return asyncio.run(_follow(folder, as_json=arguments.json, first=arguments.last))
    except KeyboardInterrupt:
        # It is how one leaves.
        return DONE


async def _follow(folder: RoomFolder, *, as_json: bool, first: int) -> int:
    client = Client(folder.socket, program="watch", version=__version__, read_only=True)
    teller = Teller(client, as_json=as_json, first=first)
    following = asyncio.ensure_future(client.run(reconnect=True))
    try:
        while not _reader_gone():
            teller.tell()
            if client.state.room.closed:
                return DONE
            moved = asyncio.ensure_future(client.moved())
            await asyncio.wait(
                {following, moved}, timeout=teller.wakes_in_s, return_when=asyncio.FIRST_COMPLETED
            )
            moved.cancel()
            if following.done():
                following.result()
        return DONE
    finally:
        following.cancel()
        with contextlib.suppress(asyncio.CancelledError, WarroomError):
            await following


def _reader_gone() -> bool:
    """Whether what we write goes nowhere: a pipe says so before anything is written."""
    poll = select.poll()
    try:
        poll.register(sys.stdout.fileno(), 0)
    except (OSError, ValueError):
        return True
    return any(happened & (select.POLLERR | select.POLLHUP | select.POLLNVAL) for _, happened in poll.poll(0))


VERBS = (
    Verb(
        "watch",
        "rooms",
        "tell an open room in lines of plain words, until Ctrl+C: for screen readers, pipes and simple terminals",
        _watch,
        (
            arg("room", nargs="?", help="its name, or the folder of somebody else's room"),
            arg(
                "--last",
                type=int,
                default=FIRST,
                metavar="N",
                help=f"begin with that many entries of the timeline ({FIRST})",
            ),
            arg("--json", action="store_true", help="a JSON object a line"),
        ),
    ),
)
