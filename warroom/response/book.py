"""What a room goes by besides the code: runbooks, checklists, own rules, policy, templates, update targets."""

import msgspec

from warroom.events.procedure import BookOpened
from warroom.model.response import RunbookName
from warroom.model.text import Safe
from warroom.response.checklist_files import Checklist
from warroom.response.policy import OPEN, Policy
from warroom.response.runbooks.definition import Runbook
from warroom.response.triage.own_rules import OwnRule
from warroom.response.updates.targets import UpdateTarget
from warroom.response.updates.writing import Template


class Book(msgspec.Struct, frozen=True):
    """Everything that is defined in files; what was broken stands in ``troubles`` and nowhere else."""

    policy: Policy = OPEN
    checklists: dict[str, Checklist] = {}
    runbooks: dict[str, Runbook] = {}
    templates: dict[str, Template] = {}
    targets: dict[str, UpdateTarget] = {}
    own_rules: tuple[OwnRule, ...] = ()
    troubles: tuple[Safe, ...] = ()
    """One sentence for each definition that could not be read, naming file, table and key."""


def opened_book(book: Book) -> BookOpened:
    """What of a book everybody should know."""
    names = tuple(RunbookName(r.id, r.title, r.scenario) for _, r in sorted(book.runbooks.items()))
    return BookOpened(names, tuple(sorted(book.targets)), book.troubles)
