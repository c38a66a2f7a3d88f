"""Where a job writes, from the patterns of its output."""

from datetime import UTC, datetime
from typing import Any

import pytest

from warroom.sources.slurm.output_paths import output_paths
from warroom.sources.slurm.parse_jobs import Job, parse_jobs
from warroom.testing.fake_slurm import job_38


def job(number: int = 123, **fields: Any) -> Job:
    raw = job_38(number, name="train", current_working_directory="/srv/jobs", **fields)
    (found,) = parse_jobs({"jobs": [raw]}, oldest=datetime(2020, 1, 1, tzinfo=UTC), names={}).values()
    return found


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("", "/srv/jobs/slurm-123.out"),
        ("/logs/%x-%j.log", "/logs/train-123.log"),
        ("out.%5j", "/srv/jobs/out.00123"),
        ("out.%99j", "/srv/jobs/out.0000000123"),
        ("%u/%N.%n.%t.%s", "/srv/jobs/alice/node7.0.0.batch"),
        ("%A_%a", "/srv/jobs/123_4294967294"),
        ("100%%", "/srv/jobs/100%"),
        ("%q-%", "/srv/jobs/%q-%"),
        ("\\%j.log", "/srv/jobs/%j.log"),
        ("../up.log", "/srv/up.log"),
    ],
)
def test_a_pattern_is_filled_in(pattern: str, path: str) -> None:
    assert output_paths(job(standard_output=pattern), host="node7") == (path,)


def test_an_array_task_has_the_arrays_number_and_its_own() -> None:
    task = job(130, array_job_id=123, array_task_id=7)
    assert output_paths(task, host="h") == ("/srv/jobs/slurm-123_7.out",)
    named = job(130, array_job_id=123, array_task_id=7, standard_output="/l/%x-%A_%3a-%j")
    assert output_paths(named, host="h") == ("/l/train-123_007-130",)


def test_errors_have_a_file_of_their_own_only_if_they_were_given_one() -> None:
    assert output_paths(job(standard_error="e.log"), host="h") == (
        "/srv/jobs/slurm-123.out",
        "/srv/jobs/e.log",
    )
    assert output_paths(job(standard_output="%j.log", standard_error="%j.log"), host="h") == (
        "/srv/jobs/123.log",
    )


def test_what_is_thrown_away_is_not_looked_for() -> None:
    assert output_paths(job(standard_output="/dev/null"), host="h") == ()


def test_a_newer_slurm_says_the_path_itself() -> None:
    assert output_paths(job(standard_output="%j", stdout_expanded="/l/real.log"), host="h") == (
        "/l/real.log",
    )
