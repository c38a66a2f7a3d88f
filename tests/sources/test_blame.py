"""The blame law: whatever a server answers, a parser gives a value or ``Unreadable``, nothing else."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.garbage import JSON, spoiled
from warroom.errors import Unreadable
from warroom.sources.alertmanager.parse import (
    comments,
    parse_alerts,
    parse_silences,
    posted_here,
    raw_texts,
)
from warroom.sources.alertmanager.parse import error_of as alertmanager_error_of
from warroom.sources.levels import level_of, time_of
from warroom.sources.names import distinct, expand_hostlist, node_of_target, rack_of
from warroom.sources.prometheus.parse import error_of, parse_answer
from warroom.sources.slurm.output_paths import output_paths
from warroom.sources.slurm.parse_fields import error_numbers, errors_of, gpus
from warroom.sources.slurm.parse_jobs import parse_jobs, selector_of, with_nodes
from warroom.sources.slurm.parse_nodes import node_names, parse_nodes
from warroom.testing.fake_alertmanager import alert
from warroom.testing.fake_slurm import job_38, job_40, node_38, node_40

Parser = Callable[[Any], object]


def jobs(answer: Any) -> object:
    found = parse_jobs(answer, oldest=datetime(2020, 1, 1, tzinfo=UTC), names={})
    for job in found.values():
        with_nodes(job, {})
        output_paths(job, host="h")
    return found


def nodes(answer: Any) -> object:
    return node_names(answer), parse_nodes(answer)


def metrics(answer: Any) -> object:
    found = parse_answer(answer, most=3)
    assert all(points for _, points in found.series)
    return found


def silences(answer: Any) -> object:
    return comments(answer), parse_silences(answer)


def alerts(answer: Any) -> object:
    return parse_alerts(answer), raw_texts(answer), posted_here(answer, "NodeDown")


PARSERS: dict[str, Parser] = {
    "nodes": nodes,
    "jobs": jobs,
    "alerts": alerts,
    "silences": silences,
    "metrics": metrics,
}
NODE = node_38("gpu01", reason="x", state_flags=["DRAIN"])
JOB = job_38(7, exit_code=9, comment="a=b", gres_detail=["gpu:a100:2(IDX:0-1)"], tres_per_node="gres:gpu:2")
SILENCE = {
    "id": "s1",
    "status": {"state": "active"},
    "matchers": [{"name": "a", "value": "b", "isRegex": False, "isEqual": True}],
    "startsAt": "2026-03-02T14:00:00.976348125Z",
    "endsAt": "2026-03-02T15:00:00Z",
    "createdBy": "ops",
    "comment": "known",
}


def series(kind: str, **values: Any) -> dict[str, Any]:
    result = [{"metric": {"instance": "gpu01"}, **values}]
    return {"status": "success", "data": {"resultType": kind, "result": result}, "warnings": ["w"]}


GOOD: tuple[tuple[str, Any], ...] = (
    ("nodes", {"nodes": [NODE]}),
    ("nodes", {"nodes": [node_40(NODE)]}),
    ("jobs", {"jobs": [JOB]}),
    ("jobs", {"jobs": [job_40(JOB)]}),
    ("alerts", [alert("NodeDown", instance="gpu01")]),
    ("silences", [SILENCE]),
    ("metrics", series("vector", value=[1772460000.5, "0.5"])),
    ("metrics", series("matrix", values=[[1772460000, "0.5"], [1772460005, "NaN"]])),
    ("metrics", {"status": "success", "data": {"resultType": "scalar", "result": [1, "2"]}}),
)


def obeys(parser: Parser, answer: Any) -> None:
    try:
        parser(answer)
    except Unreadable as wrong:
        named = bool(wrong.field)
    else:
        named = True
    assert named, "it names the field"


@pytest.mark.parametrize(("what", "good"), GOOD)
def test_a_good_answer_is_read(what: str, good: Any) -> None:
    assert PARSERS[what](good)


@pytest.mark.parametrize("what", PARSERS)
@given(garbage=JSON)
def test_any_json_is_a_value_or_unreadable(what: str, garbage: Any) -> None:
    obeys(PARSERS[what], garbage)


@pytest.mark.parametrize(("what", "good"), GOOD)
@given(data=st.data())
def test_a_good_answer_with_one_thing_gone_wrong_is_a_value_or_unreadable(
    what: str, good: Any, data: st.DataObject
) -> None:
    obeys(PARSERS[what], data.draw(spoiled(good)))


@given(JSON)
def test_errors_are_found_in_anything(garbage: Any) -> None:
    for answer in (garbage, {"errors": garbage}, {"errors": [garbage]}):
        assert all(isinstance(said, str) for said in errors_of(answer))
        assert all(isinstance(number, int) for number in error_numbers(answer))
    assert error_of(garbage, 500)
    assert alertmanager_error_of(garbage, 500)


@given(st.text() | st.from_regex(r"[a-z]*(\[[0-9,-]*\][a-z,]*){0,4}", fullmatch=True))
def test_a_hostlist_is_names_or_a_value_error(text: str) -> None:
    try:
        names = expand_hostlist(text)
    except ValueError:
        return
    assert all(names)


@given(st.text())
def test_words_from_outside_never_break_what_reads_them(text: str) -> None:
    level_of(text)
    time_of(text)
    gpus(text)
    selector_of(text)
    node_of_target(text)
    rack_of((text,))
    distinct([text])
