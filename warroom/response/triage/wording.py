"""Pieces of findings: facts, lists of names, times."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from warroom.model.nouns import Node, NodeName, Severity, WorkloadId
from warroom.model.requests import Request
from warroom.model.response import Fact, Proposal
from warroom.model.text import Safe, neutral
from warroom.response.sentences import names
from warroom.state.signals import Sign

MOST_TARGETS = 200
"""Nodes or workloads a finding names; a finding about more says how many."""
MOST_FACTS = 8
SHOWN = 4


def some(words: Iterable[str]) -> str:
    """The first names, and how many more."""
    return names(words, SHOWN)


def are(number: int) -> str:
    """The verb."""
    return "is" if number == 1 else "are"


def fact(text: str, time: datetime | None = None, seq: int = 0) -> Fact:
    """Something that was seen, when, and the event that shows it where one does."""
    return Fact(neutral(text), time, seq)


def facts(every: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts in the order given, without repetition, as many as anybody reads."""
    return tuple(dict.fromkeys(every))[:MOST_FACTS]


def sign_fact(sign: Sign) -> Fact:
    """A line of log, with how often its like was seen."""
    times = f" ({sign.count} times since {_since(sign)})" if sign.count > 1 else ""
    where = sign.node or sign.workload
    said = f"log of {where}: {sign.example}{times}" if where else f"log: {sign.example}{times}"
    return fact(said, sign.last, sign.seq)


def _since(sign: Sign) -> str:
    if sign.first is None or sign.last is None or sign.last - sign.first < timedelta(hours=12):
        return clock(sign.first)
    return f"{sign.first:%Y-%m-%d %H:%M:%S}Z"


def propose(text: str, request: Request | None = None) -> Proposal:
    """Something to do."""
    return Proposal(neutral(text), request)


def title(text: str) -> Safe:
    """A finding's sentence."""
    return neutral(text)


def node_names(nodes: Iterable[Node]) -> tuple[NodeName, ...]:
    """Their names, bounded and sorted."""
    return tuple(sorted(n.name for n in islice(nodes, MOST_TARGETS)))


def bounded(ids: Sequence[WorkloadId]) -> tuple[WorkloadId, ...]:
    """As many as a finding names."""
    return tuple(ids[:MOST_TARGETS])


def at_least(suggested: Severity | None, least: Severity) -> Severity:
    """The worse of what users feel and what the thing itself weighs."""
    return least if suggested is None else min(suggested, least)


def clock(time: datetime | None) -> str:
    """``14:02:11Z``, or that it was before the room looked."""
    return "before the room looked" if time is None else f"{time:%H:%M:%S}Z"
