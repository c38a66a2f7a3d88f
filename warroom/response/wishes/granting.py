"""Which events grant a wish about the response; one function per family of wishes."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, get_args

from warroom.errors import Refused
from warroom.model.nouns import Person
from warroom.model.response_commands import (
    EndRunbook,
    EndStep,
    PromiseUpdate,
    ResponseCommand,
    SendUpdate,
    StartRunbook,
)
from warroom.response.watching import Followed, Moment
from warroom.response.wishes.checklist import ChecklistWish, grant_checklist
from warroom.response.wishes.incident import IncidentWish, grant_incident
from warroom.response.wishes.inquiry import InquiryWish, grant_inquiry
from warroom.response.wishes.runbooks import grant_runbook
from warroom.response.wishes.team import TeamWish, grant_team
from warroom.response.wishes.updates import grant_update

Grant = Callable[[Moment, Any, Person], Iterable[Followed]]
"""Raises ``Refused`` with one sentence: why not, and what would make it possible."""

GRANTS: Mapping[type, Grant] = {
    **dict.fromkeys(get_args(IncidentWish), grant_incident),
    **dict.fromkeys(get_args(TeamWish), grant_team),
    **dict.fromkeys(get_args(InquiryWish), grant_inquiry),
    **dict.fromkeys(get_args(ChecklistWish), grant_checklist),
    **dict.fromkeys((StartRunbook, EndStep, EndRunbook), grant_runbook),
    **dict.fromkeys((SendUpdate, PromiseUpdate), grant_update),
}
"""Every command of ``ResponseCommand`` and who grants it."""


def granted(moment: Moment, command: ResponseCommand, person: Person) -> list[Followed]:
    """The events that grant the wish; raises ``Refused``."""
    grant = GRANTS.get(type(command))
    if grant is None:
        raise Refused("this command is unknown to the host")
    return list(grant(moment, command, person))


NUMBERED = ("hypothesis", "decision", "task", "handoff", "run", "update")
"""Fields in which an event names what it is about."""


def named(followed: Iterable[Followed]) -> str:
    """The name of what a granted wish is about, such as ``Y1``; empty when it has none."""
    names = (getattr(one.event, field, "") for one in followed for field in NUMBERED)
    return next((name for name in names if isinstance(name, str) and name), "")
