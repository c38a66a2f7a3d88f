"""What a room goes by besides the code: runbooks, checklists, own rules, policy, templates, update targets."""

import msgspec

from warroom.model.text import Safe
from warroom.response.policy import OPEN, Policy
from warroom.response.runbooks.definition import Runbook


class Book(msgspec.Struct, frozen=True):
    """Everything that is defined in files; what was broken stands in ``troubles`` and nowhere else."""

    policy: Policy = OPEN
    runbooks: dict[str, Runbook] = {}
    troubles: tuple[Safe, ...] = ()
    """One sentence for each definition that could not be read, naming file, table and key."""
