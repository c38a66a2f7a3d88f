"""Reads rules of one's own from their file; a mistake costs only its own rule."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from warroom.errors import WarroomError
from warroom.model.nouns import Severity
from warroom.model.text import Safe, neutral
from warroom.state.signals import RECOGNISERS

SIGNS = tuple(dict.fromkeys(r.kind for r in RECOGNISERS if r.kind != "heartbeat"))
"""Signs a rule may ask for: what is recognised in logs."""
COUNTS = ("nodes_not_ready", "workloads_failed", "workloads_pending", "alerts_firing")
"""Numbers a rule may ask for."""
RULE_KEYS = ("title", "severity", "advice", "runbook", "when")
KINDS: Mapping[str, tuple[str, ...]] = {
    "metric": ("above", "below", "for_s"),
    "count": ("above", "below", "for_s"),
    "sign": ("detail", "words", "within_s"),
    "alert": ("for_s",),
}
"""What a condition may be about, and the keys it may have besides."""
MOST_CONDITIONS = 10
WITHIN_S = 300.0


class Condition(msgspec.Struct, frozen=True, omit_defaults=True):
    """One condition of a rule."""

    kind: str
    """A key of ``KINDS``."""
    name: str
    """The metric, the count, the sign or the alert."""
    above: float | None = None
    below: float | None = None
    for_s: float = 0.0
    detail: str = ""
    words: tuple[str, ...] = ()
    within_s: float = WITHIN_S


class OwnRule(msgspec.Struct, frozen=True, omit_defaults=True):
    """A rule that somebody wrote; all of its conditions must hold."""

    id: str
    title: Safe
    conditions: tuple[Condition, ...]
    severity: Severity | None = None
    advice: Safe = Safe("")
    runbook: str = ""
    file: str = ""

    @property
    def hold_s(self) -> float:
        """How long a count must stay as it is: the state knows no history of counts."""
        return max((c.for_s for c in self.conditions if c.kind == "count"), default=0.0)


def parse_own_rules(raw: Mapping[str, Any], *, file: str) -> tuple[tuple[OwnRule, ...], tuple[Safe, ...]]:
    """The rules of a decoded file, and a sentence with file, table and key for each that is broken."""
    found: list[OwnRule] = []
    troubles: list[Safe] = []
    strangers = [key for key in raw if key != "rule"]
    troubles += [neutral(f"{file}: unknown table {key}; known: rule") for key in strangers]
    tables = raw.get("rule", {})
    if not isinstance(tables, dict):
        return (), (*troubles, neutral(f"{file}: rule must hold tables, [rule.NAME]"))
    for name, table in tables.items():
        try:
            found.append(_rule(str(neutral(name)), table, file))
        except WarroomError as wrong:
            troubles.append(neutral(str(wrong)))
    return tuple(found), tuple(troubles)


def _rule(name: str, raw: Any, file: str) -> OwnRule:
    at = f"{file}: rule.{name}"
    if not isinstance(raw, dict):
        raise WarroomError(f"{at} must be a table, [rule.{name}]")
    _known(raw, RULE_KEYS, at)
    conditions = raw.get("when")
    if not isinstance(conditions, list) or not conditions:
        raise WarroomError(f"{at}.when: a rule needs at least one [[rule.{name}.when]]")
    if len(conditions) > MOST_CONDITIONS:
        raise WarroomError(f"{at}.when: at most {MOST_CONDITIONS} conditions, not {len(conditions)}")
    severity = _text(raw, "severity", at)
    if severity:
        _word(severity, [s.value for s in Severity], f"{at}.severity")
    title = _text(raw, "title", at)
    if not title.strip():
        raise WarroomError(f"{at}.title is missing: what does it mean when the conditions hold?")
    return OwnRule(
        name,
        neutral(title),
        tuple(_condition(one, f"{at}.when[{number}]") for number, one in enumerate(conditions)),
        Severity(severity) if severity else None,
        neutral(_text(raw, "advice", at)),
        _text(raw, "runbook", at),
        file,
    )


def _condition(raw: Any, at: str) -> Condition:
    if not isinstance(raw, dict):
        raise WarroomError(f"{at} must be a table")
    kinds = [key for key in raw if key in KINDS]
    if len(kinds) != 1:
        raise WarroomError(f"{at} must have exactly one of {', '.join(KINDS)}")
    kind = kinds[0]
    _known(raw, (kind, *KINDS[kind]), at)
    name = _text(raw, kind, at)
    if kind == "count":
        _word(name, list(COUNTS), f"{at}.count")
    elif kind == "sign":
        _word(name, SIGNS, f"{at}.sign")
    elif not name.strip():
        raise WarroomError(f"{at}.{kind} is missing")
    above, below = _number(raw, "above", at), _number(raw, "below", at)
    if kind in ("metric", "count") and (above is None) == (below is None):
        raise WarroomError(f"{at}: write either above or below")
    words = raw.get("words", [])
    if not isinstance(words, list) or not all(isinstance(word, str) and word for word in words):
        raise WarroomError(f"{at}.words must be a list of text")
    return Condition(
        kind,
        name,
        above,
        below,
        _seconds(raw, "for_s", at, 0.0),
        _text(raw, "detail", at),
        tuple(word.casefold() for word in words),
        _seconds(raw, "within_s", at, WITHIN_S),
    )


def _known(raw: Mapping[str, Any], known: Sequence[str], at: str) -> None:
    for key in raw:
        if key not in known:
            raise WarroomError(f"{at}: unknown key {key}; {_hint(key, known)}")


def _word(given: str, known: Sequence[str], at: str) -> None:
    if given not in known:
        raise WarroomError(f"{at}: unknown word {given!a}; {_hint(given, known)}")


def _hint(given: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(given, known, 1)
    return f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"


def _text(raw: Mapping[str, Any], key: str, at: str) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise WarroomError(f"{at}.{key} must be text")
    return value


def _number(raw: Mapping[str, Any], key: str, at: str) -> float | None:
    value = raw.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:
        raise WarroomError(f"{at}.{key} must be a number")
    return float(value)


def _seconds(raw: Mapping[str, Any], key: str, at: str, default: float) -> float:
    value = _number(raw, key, at)
    if value is not None and not 0 <= value <= 86_400:
        raise WarroomError(f"{at}.{key} must be a number of seconds from 0 to 86400")
    return default if value is None else value
