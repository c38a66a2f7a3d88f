"""Who may do what, what wants a second person, and what a mistake in the policy says."""

from typing import Any

import msgspec
import pytest

from tests.response.rooms import CRITICAL, cluster, evicting, names, node, planned, workload
from tests.views.any_state import room
from warroom.errors import WarroomError
from warroom.events.cluster import NodesChanged, WorkloadsChanged
from warroom.model.nouns import WorkloadId, WorkloadState
from warroom.model.requests import (
    Acknowledge,
    Cordon,
    CreateAlert,
    Drain,
    Plan,
    Request,
    Risk,
    Scale,
    Stop,
    Submit,
    Uncordon,
)
from warroom.model.text import Safe
from warroom.response.policy import (
    OPEN,
    Identity,
    Permission,
    Policy,
    judged,
    may_override,
    parse_policy,
    ruling,
)

MAYA = Identity("maya", frozenset({"sre"}))
TOM = Identity("tom")
CHAT = WorkloadId("chat-api")
DEFAULTS: dict[str, Any] = {
    "may": [],
    "second_person": [],
    "challenge": ["dangerous"],
    "override": [],
    "approval_minutes": 10.0,
    "write_minutes": 60.0,
}


def plan_of(risk: Risk, request: Request | None = None) -> Plan:
    return Plan(request or Cordon(names("a1")), Safe("cordon a1"), risk=risk)


def parsed(**given: Any) -> Policy:
    return parse_policy({**DEFAULTS, **given}, {key: f"config.toml:{n}" for n, key in enumerate(DEFAULTS, 1)})


# --- how dangerous something is ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "risk"),
    [
        (Acknowledge(()), Risk.NOTICE),
        (CreateAlert("sev1-mitigated", message=Safe("restored")), Risk.NOTICE),
        (Cordon(names("a1")), Risk.REVERSIBLE),
        (Cordon(names("a1", "a2", "b1")), Risk.DANGEROUS),
        (Uncordon(names("a1")), Risk.REVERSIBLE),
        (Drain(names("b1")), Risk.REVERSIBLE),
        (Drain(names("a2")), Risk.DISRUPTIVE),
        (Drain(names("a1", "a2", "b1")), Risk.DANGEROUS),
        (Stop((WorkloadId("batch"),)), Risk.DISRUPTIVE),
        (Stop((CHAT,)), Risk.DANGEROUS),
        (Scale(CHAT, 5), Risk.REVERSIBLE),
        (Scale(CHAT, 2), Risk.DANGEROUS),
        (Scale(WorkloadId("batch"), 0), Risk.DANGEROUS),
        (Submit("chat-api", like=CHAT), Risk.REVERSIBLE),
    ],
)
def test_the_risk_follows_from_what_is_touched(request_: Request, risk: Risk) -> None:
    assert planned(cluster(), request_).risk is risk


def test_a_drain_that_takes_a_last_instance_away_is_dangerous() -> None:
    assert planned(cluster(), Drain(names("a1"))).risk is Risk.DANGEROUS, "batch has its only instance there"


def test_stopping_a_critical_workload_that_serves_nobody_is_not_dangerous() -> None:
    dead = workload("chat-api", WorkloadState.FAILED, desired=3, ready=0, labels=CRITICAL)
    tape = room(NodesChanged((node("a1"),)), WorkloadsChanged((dead,)), capabilities=evicting())
    assert planned(tape, Stop((CHAT,))).risk is Risk.DISRUPTIVE


# --- who may do it -------------------------------------------------------------------------------------------


def test_without_a_policy_everyone_who_was_admitted_may_do_everything() -> None:
    for risk in Risk:
        assert ruling(OPEN, TOM, plan_of(risk)).refused == ""


def test_a_permission_names_people_actions_and_a_risk() -> None:
    policy = Policy((Permission(("group:sre",), ("cordon", "drain"), Risk.DISRUPTIVE),))
    assert ruling(policy, MAYA, plan_of(Risk.DISRUPTIVE)).refused == ""
    assert "tom may not cordon" in ruling(policy, TOM, plan_of(Risk.NOTICE)).refused
    assert "dangerous" in ruling(policy, MAYA, plan_of(Risk.DANGEROUS)).refused
    assert ruling(policy, MAYA, plan_of(Risk.NOTICE, Stop((CHAT,)))).refused != ""


def test_several_permissions_add_up() -> None:
    policy = Policy(
        (Permission(("tom",), ("acknowledge",)), Permission(("*",), ("cordon",), Risk.REVERSIBLE))
    )
    assert ruling(policy, TOM, plan_of(Risk.NOTICE, Acknowledge(()))).refused == ""
    assert ruling(policy, TOM, plan_of(Risk.REVERSIBLE)).refused == ""
    assert ruling(policy, TOM, plan_of(Risk.DISRUPTIVE)).refused != ""


def test_a_risk_can_want_a_second_person_and_a_typed_word() -> None:
    policy = Policy(second_person=(Risk.DANGEROUS,), challenge=(Risk.DISRUPTIVE,))
    dangerous = judged(policy, MAYA, plan_of(Risk.DANGEROUS))
    assert "second person" in dangerous.second_person
    assert dangerous.challenge == ""
    disruptive = judged(policy, MAYA, plan_of(Risk.DISRUPTIVE))
    assert (disruptive.challenge, disruptive.second_person) == ("disruptive", "")


def test_the_plan_s_own_challenge_and_refusal_stay() -> None:
    plan = msgspec.structs.replace(plan_of(Risk.DANGEROUS), challenge="3", refused=Safe("no such node"))
    made = judged(Policy(challenge=(Risk.DANGEROUS,)), MAYA, plan)
    assert (made.challenge, made.refused) == ("3", "no such node")


def test_who_may_override_is_who_may_do_it_unless_the_policy_names_others() -> None:
    plan = plan_of(Risk.DANGEROUS)
    assert may_override(OPEN, TOM, plan)
    assert not may_override(Policy((Permission(("group:sre",)),)), TOM, plan)
    named = Policy(override=("group:leads",))
    assert not may_override(named, MAYA, plan)
    assert may_override(named, Identity("eve", frozenset({"leads"})), plan)


# --- what the config says ------------------------------------------------------------------------------------


def test_a_policy_is_read_from_the_config() -> None:
    policy = parsed(
        may=[{"who": ["group:sre", "tom"], "do": ["cordon"], "up_to": "reversible"}],
        second_person=["dangerous"],
        override=["eve"],
        approval_minutes=5.0,
        write_minutes=30.0,
    )
    assert policy == Policy(
        (Permission(("group:sre", "tom"), ("cordon",), Risk.REVERSIBLE),),
        second_person=(Risk.DANGEROUS,),
        challenge=(Risk.DANGEROUS,),
        override=("eve",),
        approval_s=300.0,
        write_s=1800.0,
    )


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"second_person": ["danger"]},
            "config.toml:2: policy.second_person: unknown word 'danger'; did you mean dangerous?",
        ),
        ({"challenge": [7]}, "config.toml:3: policy.challenge must be a list of text"),
        ({"may": [{"who": []}]}, "config.toml:1: policy.may[0].who must name somebody"),
        (
            {"may": [{"who": ["sre"]}, {"who": ["a"], "do": ["drian"]}]},
            "policy.may[1].do: unknown word 'drian'; did you mean drain?",
        ),
        ({"may": [{"who": ["role:sre"]}]}, "policy.may[0].who: write a user, group:NAME"),
        ({"may": [{"whom": ["sre"]}]}, "policy.may[0].whom is unknown; known: who, do, up_to"),
        (
            {"may": [{"who": ["sre"], "up_to": "high"}]},
            "policy.may[0].up_to: unknown word 'high'; known: notice",
        ),
        ({"may": ["sre"]}, "policy.may[0] must be a table"),
        ({"override": ["group:"]}, "config.toml:4: policy.override: write a user"),
    ],
)
def test_a_mistake_names_file_line_and_key(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(WarroomError) as wrong:
        parsed(**given)
    assert sentence in str(wrong.value)
