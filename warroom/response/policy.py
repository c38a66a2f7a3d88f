"""Who may do what: by operating-system user and group, by action and risk; what wants a second person."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from warroom.errors import WarroomError
from warroom.model.requests import ActionKind, Plan, Risk, kind_of
from warroom.model.text import Safe, neutral

EVERYTHING = "*"
GROUP = "group:"
RISKS = tuple(Risk)
"""From harmless to dangerous."""


class Identity(msgspec.Struct, frozen=True):
    """Who asks, by the word of the kernel and the name service."""

    user: str
    groups: frozenset[str] = frozenset()

    def is_one_of(self, who: Sequence[str]) -> bool:
        """Whether a list of users and ``group:NAME`` means this person."""
        return any(
            one in (EVERYTHING, self.user)
            or (one.startswith(GROUP) and one.removeprefix(GROUP) in self.groups)
            for one in who
        )


class Permission(msgspec.Struct, frozen=True):
    """These people may do these actions, up to a risk."""

    who: tuple[str, ...]
    do: tuple[str, ...] = (EVERYTHING,)
    up_to: Risk = Risk.DANGEROUS


class Policy(msgspec.Struct, frozen=True):
    """The rules of a room."""

    may: tuple[Permission, ...] = ()
    """Empty: everyone the room admits may do everything."""
    second_person: tuple[Risk, ...] = ()
    """Risks that want another operating-system user's word."""
    challenge: tuple[Risk, ...] = (Risk.DANGEROUS,)
    """Risks for which more than ``do`` must be typed, also where the plan asks for nothing."""
    override: tuple[str, ...] = ()
    """Who may do without the second person in an emergency; empty: whoever may do the action."""
    approval_s: float = 600.0
    """After which a request for a second person is void."""
    write_s: float = 3600.0
    """After which an unlocked room locks again."""


OPEN = Policy()
"""What holds where the config says nothing."""


class Ruling(msgspec.Struct, frozen=True):
    """What the policy says of one plan and one person."""

    refused: Safe = Safe("")
    """Why not; empty when it may be done."""
    second_person: Safe = Safe("")
    """By which rule another person must agree; empty when nobody must."""


def ruling(policy: Policy, who: Identity, plan: Plan) -> Ruling:
    """Whether this person may do what the plan shows, and whether alone."""
    kind = kind_of(plan.request)
    if policy.may and not any(_permits(one, who, kind, plan.risk) for one in policy.may):
        return Ruling(
            refused=neutral(
                f"{who.user} may not {kind.value.replace('_', ' ')} ({plan.risk.value}) here; "
                "see [[policy.may]] in the config"
            )
        )
    if plan.risk in policy.second_person:
        return Ruling(
            second_person=neutral(f"the policy wants a second person for what is {plan.risk.value}")
        )
    return Ruling()


def _permits(permission: Permission, who: Identity, kind: ActionKind, risk: Risk) -> bool:
    allowed = EVERYTHING in permission.do or kind.value in permission.do
    return allowed and who.is_one_of(permission.who) and RISKS.index(risk) <= RISKS.index(permission.up_to)


def may_override(policy: Policy, who: Identity, plan: Plan) -> bool:
    """Whether this person may do without the second one."""
    if policy.override:
        return who.is_one_of(policy.override)
    return not ruling(policy, who, plan).refused


def judged(policy: Policy, who: Identity, plan: Plan) -> Plan:
    """The plan with what the policy adds: a refusal, a second person, a challenge where the plan asks for none."""
    said = ruling(policy, who, plan)
    challenge = plan.challenge
    if not challenge and plan.risk in policy.challenge:
        challenge = plan.risk.value
    return msgspec.structs.replace(
        plan,
        refused=plan.refused or said.refused,
        second_person=said.second_person,
        challenge=challenge,
    )


def parse_policy(values: Mapping[str, Any], at: Mapping[str, str]) -> Policy:
    """The policy of ``[policy]``; ``at`` gives file and line of a key. Raises ``WarroomError`` naming both."""
    permissions = tuple(
        _permission(raw, f"{at['may']}: policy.may[{number}]") for number, raw in enumerate(values["may"])
    )
    return Policy(
        permissions,
        _risks(values["second_person"], f"{at['second_person']}: policy.second_person"),
        _risks(values["challenge"], f"{at['challenge']}: policy.challenge"),
        _people(values["override"], f"{at['override']}: policy.override"),
        values["approval_minutes"] * 60,
        values["write_minutes"] * 60,
    )


def _permission(raw: Any, where: str) -> Permission:
    if not isinstance(raw, dict):
        raise WarroomError(f"{where} must be a table, [[policy.may]]")
    for key in raw:
        if key not in ("who", "do", "up_to"):
            raise WarroomError(f"{where}.{key} is unknown; known: who, do, up_to")
    who = _people(raw.get("who"), f"{where}.who")
    if not who:
        raise WarroomError(f"{where}.who must name somebody: a user, group:NAME, or * for everyone")
    known = [EVERYTHING, *(kind.value for kind in ActionKind)]
    do = tuple(_word(one, known, f"{where}.do") for one in _texts(raw.get("do", [EVERYTHING]), f"{where}.do"))
    risk = _word(raw.get("up_to", Risk.DANGEROUS.value), [r.value for r in Risk], f"{where}.up_to")
    return Permission(who, do, Risk(risk))


def _risks(raw: Any, where: str) -> tuple[Risk, ...]:
    return tuple(Risk(_word(one, [r.value for r in Risk], where)) for one in _texts(raw, where))


def _people(raw: Any, where: str) -> tuple[str, ...]:
    people = _texts(raw if raw is not None else [], where)
    for one in people:
        if not one or one == GROUP or (":" in one and not one.startswith(GROUP)):
            raise WarroomError(f"{where}: write a user, group:NAME, or * for everyone, not {one!a}")
    return people


def _texts(raw: Any, where: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise WarroomError(f'{where} must be a list of text, such as ["sre"]')
    return tuple(raw)


def _word(given: Any, known: Sequence[str], where: str) -> str:
    if given in known:
        return str(given)
    near = difflib.get_close_matches(str(given), known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    raise WarroomError(f"{where}: unknown word {str(given)!a}; {hint}")
