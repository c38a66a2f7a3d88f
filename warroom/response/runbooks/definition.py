"""Reads a runbook from its table; every mistake is one sentence with file, table and key."""

import difflib
import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from warroom.errors import WarroomError
from warroom.model.nouns import Labels, WorkloadState
from warroom.model.requests import ActionKind
from warroom.model.response import Pick, RunbookStep, StepKind
from warroom.model.text import Safe, neutral

TOP = ("title", "scenario", "description", "step")
COMMON = ("kind", "title")
KEYS: Mapping[StepKind, tuple[str, ...]] = {
    StepKind.LOOK: ("logs", "metric", "minutes", "targets"),
    StepKind.ACT: (
        *("action", "targets", "labels", "priority", "state", "name", "selector"),
        *("image", "force", "grace_s", "minutes", "replicas", "message", "severity"),
    ),
    StepKind.ASK: (),
    StepKind.WAIT: ("metrics", "minutes"),
}
"""Which keys a step of each kind may have besides ``kind`` and ``title``."""
ACTIONS = ("cordon", "uncordon", "drain", "stop", "submit", "scale", "silence", "create_alert")
SEVERITIES = ("info", "warning", "critical")
"""What an alert that is created may say it is."""
MOST_STEPS = 40
REPLICAS = re.compile(r"[+-]?[0-9]{1,6}")


class Runbook(msgspec.Struct, frozen=True):
    """One runbook."""

    id: str
    """The file's name without its ending."""
    title: Safe
    steps: tuple[RunbookStep, ...]
    scenario: str = ""
    description: Safe = Safe("")


def parse_runbook(name: str, raw: Mapping[str, Any], *, file: str) -> Runbook:
    """The runbook of a decoded file; raises ``WarroomError`` naming file, table and key."""
    _known(raw, TOP, f"{file}")
    steps = raw.get("step")
    if not isinstance(steps, list) or not steps:
        raise WarroomError(f"{file}: step: a runbook needs at least one [[step]]")
    if len(steps) > MOST_STEPS:
        raise WarroomError(f"{file}: step: a runbook has at most {MOST_STEPS} steps, not {len(steps)}")
    return Runbook(
        name,
        neutral(_text(raw, "title", file, needed=True)),
        tuple(_step(one, f"{file}: step[{number}]") for number, one in enumerate(steps)),
        _text(raw, "scenario", file),
        neutral(_text(raw, "description", file)),
    )


def _step(raw: Any, at: str) -> RunbookStep:
    if not isinstance(raw, dict):
        raise WarroomError(f"{at} must be a table, [[step]]")
    kinds = [kind.value for kind in StepKind]
    kind = StepKind(_word(raw.get("kind", ""), kinds, f"{at}.kind"))
    _known(raw, (*COMMON, *KEYS[kind]), at)
    title = neutral(_text(raw, "title", at, needed=True))
    match kind:
        case StepKind.LOOK:
            return _look(raw, title, at)
        case StepKind.ACT:
            return _act(raw, title, at)
        case StepKind.ASK:
            return RunbookStep(kind, title)
        case StepKind.WAIT:
            metrics = tuple(_texts(raw.get("metrics", []), f"{at}.metrics"))
            return RunbookStep(kind, title, minutes=_number(raw, "minutes", 3.0, at), metrics=metrics)


def _look(raw: dict[str, Any], title: Safe, at: str) -> RunbookStep:
    logs, metric = _text(raw, "logs", at), _text(raw, "metric", at)
    if bool(logs) is bool(metric):
        raise WarroomError(f"{at}: a look needs either logs or metric")
    of_targets = _flag(raw, "targets", at)
    if of_targets and metric:
        raise WarroomError(f"{at}.targets: only logs can be limited to the targets, not a metric")
    return RunbookStep(
        StepKind.LOOK,
        title,
        logs=logs,
        metric=metric,
        minutes=_number(raw, "minutes", 15.0, at),
        look_at="targets" if of_targets else "",
    )


def _act(raw: dict[str, Any], title: Safe, at: str) -> RunbookStep:
    action = _word(_text(raw, "action", at, needed=True), ACTIONS, f"{at}.action")
    states = [state.value for state in WorkloadState]
    state = _text(raw, "state", at)
    conditions = _labels(raw, "labels", at), _text(raw, "priority", at), state
    if state:
        _word(state, states, f"{at}.state")
    if action == ActionKind.SCALE and not REPLICAS.fullmatch(_text(raw, "replicas", at)):
        raise WarroomError(f'{at}.replicas: write a number such as "4", or "+2" for two more')
    if action == ActionKind.CREATE_ALERT and not raw.get("message"):
        raise WarroomError(f"{at}.message is missing: what should people read?")
    severity = _word(_text(raw, "severity", at) or "info", SEVERITIES, f"{at}.severity")
    picks_targets = _flag(raw, "targets", at, default=not any(conditions))
    return RunbookStep(
        StepKind.ACT,
        title,
        action=action,
        pick=Pick(picks_targets, *conditions),
        name=_text(raw, "name", at) or "{name}",
        selector=_labels(raw, "selector", at),
        image=_flag(raw, "image", at),
        force=_flag(raw, "force", at),
        grace_s=int(_number(raw, "grace_s", 60, at)),
        minutes=_number(raw, "minutes", 60.0, at),
        replicas=_text(raw, "replicas", at),
        message=neutral(_text(raw, "message", at)),
        severity=severity,
    )


def _known(raw: Mapping[str, Any], known: Sequence[str], at: str) -> None:
    for key in raw:
        if key not in known:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
            raise WarroomError(f"{at}: unknown key {key}; {hint}")


def _text(raw: Mapping[str, Any], key: str, at: str, *, needed: bool = False) -> str:
    value = raw.get(key, "")
    if not isinstance(value, str):
        raise WarroomError(f"{at}.{key} must be text")
    if needed and not value.strip():
        raise WarroomError(f"{at}.{key} is missing")
    return value


def _flag(raw: Mapping[str, Any], key: str, at: str, *, default: bool = False) -> bool:
    value = raw.get(key, default)
    if not isinstance(value, bool):
        raise WarroomError(f"{at}.{key} must be true or false")
    return value


def _number(raw: Mapping[str, Any], key: str, default: float, at: str) -> float:
    value = raw.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100_000:
        raise WarroomError(f"{at}.{key} must be a number that is not negative")
    return float(value)


def _labels(raw: Mapping[str, Any], key: str, at: str) -> Labels:
    value = raw.get(key, {})
    if not isinstance(value, dict) or not all(isinstance(inner, str) for inner in value.values()):
        raise WarroomError(f'{at}.{key} must be a table of text, such as {{ critical = "true" }}')
    return {str(neutral(name)): str(neutral(inner)) for name, inner in value.items()}


def _texts(value: Any, at: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise WarroomError(f"{at} must be a list of text")
    return value


def _word(given: Any, known: Sequence[str], at: str) -> str:
    if given in known:
        return str(given)
    near = difflib.get_close_matches(str(given), known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    raise WarroomError(f"{at}: unknown word {str(given)!a}; {hint}")
