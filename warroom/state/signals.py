"""Folds what log lines say of trouble: recognised signs by kind and place, counted, with when and an example.

Lines themselves live in blocks beside the state; a sign is the little of them that rules need.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from warroom.events.envelope import Envelope
from warroom.events.logs import LogsAppended
from warroom.model.nouns import LogLine, Time
from warroom.model.text import Safe

MOST = 2_000
"""Signs kept; the one not seen for longest makes room."""
MOST_HEARD = 20_000
EXCERPT = 160
HEARTBEAT = "heartbeat"
MADE = ("deploy", "config")
"""Signs of what somebody changed, in distinction to trouble."""
QUIET_MS = 600_000
"""What a log says of a change again within that time is no other change."""
MOST_MADE = 5
"""So many different changes of one kind at one place in that time are told; more is chatter."""


class Sign(msgspec.Struct, frozen=True, omit_defaults=True):
    """One kind of trouble at one place."""

    kind: str
    node: str
    workload: str
    detail: str = ""
    """The Xid, the exit code; empty where the kind says all."""
    count: int = 0
    first: Time | None = None
    last: Time | None = None
    last_ms: int = 0
    """Room time of the newest one."""
    seq: int = 0
    """The event with the newest one."""
    first_seq: int = 0
    """The event with the first one."""
    example: Safe = Safe("")


class SignalsSlice(msgspec.Struct):
    """Signs by ``kind|detail|node|workload``, the one seen last at the end."""

    revision: int = 0
    signs: dict[str, Sign] = {}
    heard: dict[str, Time] = {}
    """When a node last wrote a heartbeat into the log, whatever the control plane says of it."""


class Recogniser(NamedTuple):
    """How one kind of trouble looks in a log."""

    kind: str
    hints: tuple[str, ...]
    """Words of which one must stand in the text, in lower case: a cheap look before the pattern."""
    pattern: re.Pattern[str]
    """Group 1, where there is one, is the detail."""


def _sees(kind: str, hints: str, pattern: str) -> Recogniser:
    return Recogniser(kind, tuple(hints.split("|")), re.compile(pattern, re.IGNORECASE))


RECOGNISERS = (
    # NVIDIA's driver: "NVRM: Xid (PCI:0000:3b:00): 79, pid=1234, GPU has fallen off the bus."
    _sees("xid", "xid", r"\bxid\b[^:]{0,60}(?::\S*\))?[:\s]+(\d{1,3})\b"),
    # The kernel's and the runtimes' words for memory that ran out.
    _sees(
        "oom",
        "memory|oom",
        r"out of memory|oom[- _]?kill|OutOfMemoryError|\bOOMKilled\b|cannot allocate memory",
    ),
    _sees("disk_full", "space|quota", r"no space left on device|disk quota exceeded|ENOSPC"),
    _sees(HEARTBEAT, "heartbeat ok", r"\bheartbeat ok\b"),
    _sees("silent", "no heartbeat", r"no heartbeat from (\S+)"),
    _sees("link_down", "link", r"link (?:is )?down|link failure|carrier lost"),
    _sees(
        "network",
        "unreachable|nccl|connection",
        r"no route to host|network is unreachable|NCCL\b.{0,80}(?:timeout|timed out)"
        r"|connection (?:refused|reset|timed out)",
    ),
    _sees("deploy", "deploying|rollout", r"\bdeploying (\S+)|rollout of (\S+)"),
    # "alert rules reloaded: ...", "Completed loading of configuration file", "Reconfiguring".
    _sees(
        "config",
        "reload| loaded|loading of|reconfig",
        r"(\b(?:(?:rules?|config(?:uration)?|settings|polic(?:y|ies))\b.{0,40}\b(?:re)?loaded"
        r"|reload(?:ed|ing) (?:\S+ ){0,3}(?:rules?|config(?:uration)?|settings)"
        r"|loading of configuration|reconfigur(?:ed|ing|ation))\b.{0,120})",
    ),
    _sees("thermal", "thermal|throttl", r"thermal (?:slowdown|throttl\w*)|throttled"),
)
"""What is recognised, from the vendors' own words."""

_HINTS = tuple(dict.fromkeys(hint for r in RECOGNISERS for hint in r.hints))


def signs_in(lines: Iterable[LogLine]) -> Iterable[tuple[Recogniser, str, LogLine]]:
    """Each recognised sign of some lines, with its detail."""
    batch = list(lines)
    together = "\n".join(line.text for line in batch).casefold()
    hints = {hint for hint in _HINTS if hint in together}
    if not hints:
        return
    wanted = [r for r in RECOGNISERS if hints.intersection(r.hints)]
    for line in batch:
        folded = line.text.casefold()
        for recogniser in wanted:
            if any(hint in folded for hint in recogniser.hints):
                found = recogniser.pattern.search(line.text)
                if found is not None:
                    yield recogniser, next((g for g in found.groups() if g), ""), line


def apply_signals(slice_: SignalsSlice, event: LogsAppended, envelope: Envelope) -> list[Sign]:
    """Count what is recognised; what of it tells that somebody changed something just now."""
    found = False
    made: list[Sign] = []
    for recogniser, detail, line in signs_in(event.lines):
        found = True
        if recogniser.kind == HEARTBEAT:
            if line.node and (line.node in slice_.heard or len(slice_.heard) < MOST_HEARD):
                slice_.heard[line.node] = line.time or envelope.time
            continue
        key = f"{recogniser.kind}|{detail}|{line.node}|{line.workload}"
        known = slice_.signs.pop(key, None)
        time = line.time or envelope.time
        sign = Sign(
            recogniser.kind,
            line.node,
            line.workload,
            detail,
            (known.count if known else 0) + 1,
            known.first if known else time,
            time,
            envelope.room_ms,
            envelope.seq,
            known.first_seq if known else envelope.seq,
            Safe(line.text[:EXCERPT]),
        )
        if recogniser.kind in MADE and _is_fresh(slice_, sign, known):
            made.append(sign)
        slice_.signs[key] = sign
    if not found:
        return made
    while len(slice_.signs) > MOST:
        slice_.signs.pop(next(iter(slice_.signs)))
    slice_.revision += 1
    return made


def _is_fresh(slice_: SignalsSlice, sign: Sign, known: Sign | None) -> bool:
    recent = sign.last_ms - QUIET_MS
    if known is not None and known.example == sign.example and known.last_ms >= recent:
        return False
    place = (sign.kind, sign.node, sign.workload)
    beside = sum((s.kind, s.node, s.workload) == place and s.last_ms >= recent for s in slice_.signs.values())
    return beside < MOST_MADE
