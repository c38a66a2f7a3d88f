"""Reads a checklist from its table; every mistake is one sentence with file, table and key."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from warroom.errors import WarroomError
from warroom.events.procedure import ChecklistChosen
from warroom.model.nouns import Severity
from warroom.model.response import ChecklistItem
from warroom.model.text import Safe, neutral
from warroom.response.proofs import PROOFS

STANDARD = "standard"
TOP = ("title", "severities", "item")
KEYS = ("id", "text", "proof", "when")
MOST_ITEMS = 100


class Checklist(msgspec.Struct, frozen=True):
    """One checklist as a file defines it."""

    id: str
    """The file's name without its ending."""
    title: Safe
    items: tuple[ChecklistItem, ...]
    severities: tuple[Severity, ...] = ()
    """Chosen by itself for incidents of these severities."""


def parse_checklist(name: str, raw: Mapping[str, Any], *, file: str) -> Checklist:
    """The checklist of a decoded file; raises ``WarroomError`` naming file, table and key."""
    _known(raw, TOP, file)
    items = raw.get("item")
    if not isinstance(items, list) or not items:
        raise WarroomError(f"{file}: item: a checklist needs at least one [[item]]")
    if len(items) > MOST_ITEMS:
        raise WarroomError(f"{file}: item: a checklist has at most {MOST_ITEMS} items, not {len(items)}")
    parsed = [_item(one, f"{file}: item[{number}]") for number, one in enumerate(items)]
    for number, item in enumerate(parsed):
        if item.id in {earlier.id for earlier in parsed[:number]}:
            raise WarroomError(f"{file}: item[{number}].id: {item.id} is there twice")
    title = neutral(_text(raw, "title", file) or name)
    return Checklist(name, title, tuple(parsed), _severities(raw, "severities", file))


def _item(raw: Any, at: str) -> ChecklistItem:
    if not isinstance(raw, dict):
        raise WarroomError(f"{at} must be a table, [[item]]")
    _known(raw, KEYS, at)
    identity, text, proof = (_text(raw, key, at) for key in ("id", "text", "proof"))
    if not text.strip():
        raise WarroomError(f"{at}.text is missing")
    if not identity or not identity.replace("-", "").isalnum() or not identity.isascii():
        raise WarroomError(f"{at}.id must be a word of letters, digits and '-', such as check-backups")
    if identity.isdigit():
        raise WarroomError(f"{at}.id must not be a number: items are also called by their place")
    if proof and proof not in PROOFS:
        raise _unknown(f"{at}.proof", "proof", proof, list(PROOFS))
    return ChecklistItem(identity, neutral(text), proof, _severities(raw, "when", at))


def _severities(raw: Mapping[str, Any], key: str, at: str) -> tuple[Severity, ...]:
    given = raw.get(key, [])
    if not isinstance(given, list):
        raise WarroomError(f'{at}.{key} must be a list such as ["SEV1", "SEV2"]')
    for one in given:
        if one not in list(Severity):
            raise _unknown(f"{at}.{key}", "severity", one, [s.value for s in Severity])
    return tuple(Severity(one) for one in given)


def _text(raw: Mapping[str, Any], key: str, at: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise WarroomError(f"{at}.{key} must be text")
    return value


def _known(raw: Mapping[str, Any], known: Sequence[str], at: str) -> None:
    for key in raw:
        if key not in known:
            raise _unknown(at, "key", key, known)


def _unknown(at: str, what: str, given: object, known: Sequence[str]) -> WarroomError:
    near = difflib.get_close_matches(str(given), known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    return WarroomError(f"{at}: unknown {what} {neutral(str(given))}; {hint}")


def chosen(checklists: Mapping[str, Checklist], severity: Severity) -> ChecklistChosen | None:
    """The checklist for a new incident: the first by name that names its severity, else the standard one."""
    fitting = [c for _, c in sorted(checklists.items()) if severity in c.severities]
    found = fitting[0] if fitting else checklists.get(STANDARD)
    return ChecklistChosen(found.id, found.items) if found else None


def applies(item: ChecklistItem, severity: Severity) -> bool:
    """Whether an item is asked of an incident of this severity."""
    return not item.when or severity in item.when
