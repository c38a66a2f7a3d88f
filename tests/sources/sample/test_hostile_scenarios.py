"""Names and texts of a scenario file, and of a submit, are shown harmless wherever they turn up."""

import json
import unicodedata
from typing import Any

import msgspec
import pytest

from tests.core.test_text import CORPUS, raw_of
from tests.simulator.worlds import SMALL, START
from warroom.clock import TickClock
from warroom.events.logs import LogsAppended
from warroom.model.nouns import Matcher
from warroom.model.requests import Cordon, CreateAlert, NodeName, SilenceAlerts, Submit
from warroom.model.text import Safe
from warroom.simulator.commands import land
from warroom.simulator.scenario import parse_scenario
from warroom.sources.sample.adapter import SampleCluster

UNSHOWABLE = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def text_of(entry: dict[str, Any]) -> str:
    raw = raw_of(entry)
    return raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw


def in_toml(text: str) -> str:
    """A TOML string, everything unusual in it escaped; a lone surrogate cannot stand in TOML."""
    return "".join(
        c if c.isascii() and c.isalnum() else f"\\U{ord(c):08X}"
        for c in text
        if not 0xD800 <= ord(c) <= 0xDFFF
    )


def strings_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for pair in value.items() for one in pair for s in strings_in(one)]
    return [s for one in value for s in strings_in(one)] if isinstance(value, list) else []


def harmful(text: str, *, allowed: str = "") -> set[str]:
    return {c for c in text if unicodedata.category(c) in UNSHOWABLE and c not in allowed}


@pytest.mark.parametrize("entry", CORPUS, ids=[entry["id"] for entry in CORPUS])
def test_a_hostile_name_label_or_line_is_neutral_in_every_observation(entry: dict[str, Any]) -> None:
    hostile = text_of(entry)
    text = SMALL.replace('"n[3-4]"', f'"{in_toml(hostile)}z"').replace("requests fail", in_toml(hostile))
    text = text.replace('name = "batch"', f'name = "job{in_toml(hostile)}"')
    text = text.replace('critical = "true"', f'team = "{in_toml(hostile)}"')
    clock = TickClock(start=START)
    scenario = parse_scenario(text, file="f.toml", name="f")
    cluster = SampleCluster(scenario, clock=clock)
    seen = cluster.tick()
    land(cluster.world, Submit(f"x{hostile}", image=hostile, labels={"a": hostile}, priority=hostile), "op1")
    land(cluster.world, CreateAlert(hostile, message=Safe(hostile), labels={"b": hostile}), "op2")
    land(cluster.world, SilenceAlerts((Matcher("alertname", hostile),), comment=Safe(hostile)), "op3")
    land(cluster.world, Cordon((NodeName("n1"),), reason=Safe(hostile)), "op4")
    clock.advance(12)
    seen += cluster.tick()
    for observation in seen:
        event = observation.event
        allowed = "\n" if isinstance(event, LogsAppended) else ""
        for shown in strings_in(json.loads(msgspec.json.encode(event))):
            assert harmful(shown, allowed=allowed) == set()
