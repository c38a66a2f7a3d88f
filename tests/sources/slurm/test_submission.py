"""The description of a job, in the words of each version."""

from datetime import UTC, datetime
from typing import Any

import pytest

from warroom.errors import Refused
from warroom.model.nouns import WorkloadId
from warroom.model.requests import Submit
from warroom.sources.slurm.parse_jobs import Job, parse_jobs
from warroom.sources.slurm.submission import constraint_of, refusal, script_of, submission
from warroom.sources.slurm.versions import VERSIONS, Version
from warroom.testing.fake_slurm import job_38

BY_NAME = {version.name: version for version in VERSIONS}
OLD, MIDDLE, NEW = BY_NAME["v0.0.38"], BY_NAME["v0.0.39"], BY_NAME["v0.0.40"]


def job(**fields: Any) -> Job:
    raw = job_38(7, **fields)
    return parse_jobs({"jobs": [raw]}, oldest=datetime(2020, 1, 1, tzinfo=UTC), names={})[WorkloadId("7")]


def body_of(request: Submit, like: Job | None = None, version: Version = OLD) -> dict[str, Any]:
    return submission(request, like, "#!/bin/sh\nx\n", operation="op1", version=version)


def test_each_version_has_the_script_and_the_environment_where_it_wants_them() -> None:
    request = Submit("a", command="x", gpus=2, replicas=3, priority="50")
    old, middle, new = (body_of(request, version=version) for version in (OLD, MIDDLE, NEW))
    assert set(old) == set(middle) == {"script", "job"}
    assert set(new) == {"job"}
    assert new["job"]["script"] == old["script"]
    assert isinstance(old["job"]["environment"], dict)
    assert middle["job"]["environment"] == ["PATH=/usr/local/bin:/usr/bin:/bin"]
    assert (old["job"]["nodes"], new["job"]["nodes"]) == (3, "3")
    assert old["job"]["gres"] == "gpu:2"
    assert middle["job"]["tres_per_node"] == "gres:gpu:2"
    assert new["job"]["tres_per_node"] == "gres/gpu:2"
    assert (old["job"]["priority"], new["job"]["priority"]) == ("50", {"set": True, "number": 50})


def test_nothing_of_the_rooms_own_environment_goes_along(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_JWT", "secret")
    assert body_of(Submit("a", command="x"))["job"]["environment"] == {"PATH": "/usr/local/bin:/usr/bin:/bin"}


@pytest.mark.parametrize(
    ("selector", "constraint"),
    [
        ({}, ""),
        ({"rack": "rack2"}, "rack2"),
        ({"rack": "rack2", "ib": "true"}, "ib&rack2"),
        ({"constraint": "[rack1|rack2]"}, "[rack1|rack2]"),
        ({"pool": "debug"}, ""),
    ],
)
def test_node_labels_are_required_features(selector: dict[str, str], constraint: str) -> None:
    assert constraint_of(selector) == constraint


@pytest.mark.parametrize("selector", [{"zone": "a"}, {"a|b": "true"}, {"rack": "2"}])
def test_labels_slurm_cannot_select_by_are_refused_with_what_it_can(selector: dict[str, str]) -> None:
    with pytest.raises(Refused, match="rack=rack2, FEATURE=true or pool=PARTITION"):
        constraint_of(selector)


def test_a_partition_is_the_one_asked_for_then_the_one_it_was_in() -> None:
    like = job(partition="gpu", comment="partition=secret")
    assert body_of(Submit("a", like=WorkloadId("7")), like)["job"]["partition"] == "gpu"
    asked = Submit("a", like=WorkloadId("7"), selector={"pool": "debug"})
    assert body_of(asked, like)["job"]["partition"] == "debug"


def test_no_gpus_is_none_and_not_what_the_other_job_had() -> None:
    like = job(tres_per_node="gres:gpu:a100:4")
    assert body_of(Submit("a", like=WorkloadId("7")), like)["job"]["gres"] == "gpu:a100:4"
    assert "gres" not in body_of(Submit("a", like=WorkloadId("7"), gpus=0), like)["job"]
    newer = body_of(Submit("a", like=WorkloadId("7")), like, NEW)
    assert newer["job"]["tres_per_node"] == "gres/gpu:a100:4"


def test_another_number_of_nodes_does_not_keep_the_old_number_of_tasks() -> None:
    like = job(node_count=2, tasks=16)
    assert body_of(Submit("a", like=WorkloadId("7")), like)["job"]["tasks"] == 16
    assert body_of(Submit("a", like=WorkloadId("7"), replicas=4), like)["job"]["tasks"] == 4


@pytest.mark.parametrize(
    ("request_", "why"),
    [
        (Submit("a", image="x", command="y"), "no images"),
        (Submit("a"), "needs a command"),
        (Submit("a", like=WorkloadId("9")), "no job 9"),
        (Submit("a", command="x", replicas=0), "at least one node"),
        (Submit("a", command="x", priority="urgent"), "low, normal, high or a number"),
    ],
)
def test_what_cannot_be_submitted_is_said_why(request_: Submit, why: str) -> None:
    assert why in refusal(request_, None)


def test_a_script_stays_as_it_is() -> None:
    assert script_of("#!/usr/bin/env python3\nprint()") == "#!/usr/bin/env python3\nprint()"
