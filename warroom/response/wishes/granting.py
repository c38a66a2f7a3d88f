"""Which events grant a wish about the response; one function per family of wishes."""

from collections.abc import Callable, Iterable, Mapping

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
from warroom.response.wishes.runbooks import grant_runbook
from warroom.response.wishes.updates import grant_update

Grant = Callable[[Moment, ResponseCommand, Person], Iterable[Followed]]
"""Raises ``Refused`` with one sentence: why not, and what would make it possible."""

GRANTS: Mapping[type, Grant] = {
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
