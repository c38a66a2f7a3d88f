"""Rules of one's own: read with one sentence for each mistake, and judged like the others."""

import tomllib

import pytest

from tests.response.rooms import alert, cluster, node
from tests.response.triage.asking import WATCHED, found, looked, measured, moment_of, said
from warroom.events.alerts import AlertsChanged
from warroom.events.cluster import NodesChanged
from warroom.model.nouns import NodeState, Severity
from warroom.response.triage.own_rules import OwnRule, parse_own_rules
from warroom.response.triage.watch import watch_triage
from warroom.response.watching import Memory

WHOLE = """
[rule.hot]
title = "It is warm"
severity = "SEV3"
advice = "call the data centre"
runbook = "node-failure"
[[rule.hot.when]]
metric = "error_rate"
above = 0.2
for_s = 10
"""


def read(text: str) -> tuple[OwnRule, ...]:
    rules, troubles = parse_own_rules(tomllib.loads(text), file="rules.toml")
    assert troubles == ()
    return rules


def one(condition: str) -> tuple[OwnRule, ...]:
    return read(f'[rule.mine]\ntitle = "Mine"\n[[rule.mine.when]]\n{condition}\n')


def test_a_rule_is_a_finding_with_its_title_severity_advice_and_runbook() -> None:
    tape = measured(cluster(WATCHED), "error_rate", 0.1, 0.3, 0.3, 0.3)
    finding = found(tape, own=read(WHOLE))["own:hot"]
    assert (finding.title, finding.severity, finding.runbook) == ("It is warm", Severity.SEV3, "node-failure")
    assert finding.proposals[0].text == "call the data centre"
    assert finding.facts[0].text == "error_rate 30.0% since 14:00:15Z"
    newest = tape.state.metrics.series["error_rate"].points[-1].time
    assert finding.facts[0].time == newest, "a figure says of when it is"


def test_a_figure_must_stay_beyond_for_its_time() -> None:
    tape = measured(cluster(WATCHED), "error_rate", 0.3, 0.1, 0.3)
    assert "own:hot" not in found(tape, own=read(WHOLE))
    measured(tape, "error_rate", 0.3, 0.3)
    assert "own:hot" in found(tape, own=read(WHOLE))


def test_a_figure_that_is_old_proves_nothing() -> None:
    tape = measured(cluster(WATCHED), "error_rate", 0.3, 0.3, 0.3)
    assert "own:hot" not in found(tape, after_s=120, own=read(WHOLE))


def test_a_count_is_judged_and_must_stay_for_its_time() -> None:
    rules = one('count = "nodes_not_ready"\nabove = 1\nfor_s = 8')
    tape, memory = cluster(NodesChanged(tuple(node(n, NodeState.OFFLINE) for n in ("a1", "a2")))), Memory()
    times = []
    for second in range(15):
        tape.ms += 1000
        for followed in list(watch_triage(moment_of(tape, memory=memory, own=rules))):
            if getattr(followed.event, "finding", None) and followed.event.finding.key == "own:mine":  # type: ignore[attr-defined]
                times.append(second)
            tape.add(followed.event, after_ms=0)
    assert times == [8]
    assert looked(tape, memory) == []


def test_a_sign_is_judged_by_its_kind_its_detail_and_words_in_the_line() -> None:
    tape = cluster(said("NVRM: Xid (PCI:0000:3b:00): 13, pid=7, Graphics Exception", node="a1"))
    assert "own:mine" in found(tape, own=one('sign = "xid"\ndetail = "13"\nwords = ["graphics"]'))
    assert "own:mine" not in found(tape, own=one('sign = "xid"\ndetail = "31"'))
    assert "own:mine" not in found(tape, own=one('sign = "xid"\nwords = ["memory"]'))
    assert "own:mine" not in found(tape, after_s=30, own=one('sign = "xid"\nwithin_s = 10'))
    assert found(tape, own=one('sign = "xid"'))["own:mine"].targets.nodes == ("a1",)


def test_an_alert_is_judged_by_its_name_and_how_long_it_fires() -> None:
    tape = cluster()
    tape.add(AlertsChanged((alert("f1", "DiskFills", started=tape.now),)), source="sample")
    rules = one('alert = "DiskFills"\nfor_s = 20')
    assert "own:mine" not in found(tape, after_s=5, own=rules)
    assert found(tape, after_s=30, own=rules)["own:mine"].targets.alerts == ("f1",)


def test_all_conditions_must_hold() -> None:
    rules = read(WHOLE + '[[rule.hot.when]]\nalert = "Other"\n')
    assert "own:hot" not in found(measured(cluster(WATCHED), "error_rate", *[0.3] * 4), own=rules)


MISTAKES = (
    ("", "rule.mine.when: a rule needs at least one [[rule.mine.when]]"),
    ('when = [{ metrik = "x" }]', "rule.mine.when[0] must have exactly one of metric, count, sign, alert"),
    ('when = [{ metric = "x" }]', "rule.mine.when[0]: write either above or below"),
    ('when = [{ metric = "x", abov = 1 }]', "rule.mine.when[0]: unknown key abov; did you mean above?"),
    ('when = [{ metric = "x", above = "1" }]', "rule.mine.when[0].above must be a number"),
    (
        'when = [{ alert = "x", for_s = -1 }]',
        "rule.mine.when[0].for_s must be a number of seconds from 0 to 86400",
    ),
    ('when = [{ count = "nodes_gone", above = 1 }]', "rule.mine.when[0].count: unknown word 'nodes_gone'"),
    ('when = [{ sign = "xidd" }]', "rule.mine.when[0].sign: unknown word 'xidd'; did you mean xid?"),
    ('when = [{ sign = "xid", words = "x" }]', "rule.mine.when[0].words must be a list of text"),
    ('severity = "SEV9"\nwhen = [{ alert = "x" }]', "rule.mine.severity: unknown word 'SEV9'"),
    ('sevrity = "SEV1"', "rule.mine: unknown key sevrity; did you mean severity?"),
    ('title = 7\nwhen = [{ alert = "x" }]', "rule.mine.title must be text"),
)


@pytest.mark.parametrize(("wrong", "sentence"), MISTAKES)
def test_a_mistake_is_one_sentence_with_file_table_and_key_and_costs_only_its_rule(
    wrong: str, sentence: str
) -> None:
    title = "" if "title =" in wrong else 'title = "Mine"\n'
    text = f"[rule.mine]\n{title}{wrong}\n{WHOLE}"
    rules, troubles = parse_own_rules(tomllib.loads(text), file="rules.toml")
    assert [rule.id for rule in rules] == ["hot"]
    assert len(troubles) == 1
    assert troubles[0].startswith(f"rules.toml: {sentence}")


def test_a_file_that_holds_something_else_says_so() -> None:
    assert parse_own_rules({"rul": {}}, file="r.toml") == ((), ("r.toml: unknown table rul; known: rule",))
    assert parse_own_rules({"rule": 3}, file="r.toml")[1] == ("r.toml: rule must hold tables, [rule.NAME]",)
