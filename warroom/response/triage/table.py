"""Every rule there is; the page about them is printed from this table."""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from warroom.model.response import Finding
from warroom.response.triage.picture import Picture
from warroom.response.triage.rules.afterwards import second_wave, wrong_turn
from warroom.response.triage.rules.alarms import blind_alarms, false_alarm, silent_alarms
from warroom.response.triage.rules.changes import recent_change
from warroom.response.triage.rules.crash_loop import crash_loop
from warroom.response.triage.rules.exhaustion import disk_full, out_of_memory, resource_exhaustion
from warroom.response.triage.rules.gpu import gpu_fault, gpu_misuse
from warroom.response.triage.rules.network import network
from warroom.response.triage.rules.nodes import node_failure
from warroom.response.triage.rules.situation import spread, user_impact, where

Judge = Callable[[Picture], Iterable[Finding]]


class Rule(NamedTuple):
    """One rule of triage."""

    id: str
    doc: str
    """One sentence: when it speaks."""
    judge: Judge


def _rule(judge: Judge) -> Rule:
    name: str = judge.__name__
    return Rule(name.replace("_", "-"), " ".join((judge.__doc__ or "").split()), judge)


RULES: tuple[Rule, ...] = tuple(
    _rule(judge)
    for judge in (
        user_impact,
        where,
        spread,
        network,
        node_failure,
        gpu_fault,
        gpu_misuse,
        crash_loop,
        resource_exhaustion,
        out_of_memory,
        disk_full,
        recent_change,
        false_alarm,
        blind_alarms,
        silent_alarms,
        wrong_turn,
        second_wave,
    )
)
"""In the order in which they are asked; an id is the name of its function, its sentence the docstring."""
