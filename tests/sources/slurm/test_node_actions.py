"""Closing and opening nodes through scontrol: no shell, only listed names, and an honest outcome."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.sources.slurm.programs import Programs
from tests.sources.watched import outcome_of, watched
from warroom.model.nouns import NodeName, WorkloadId
from warroom.model.requests import ActionKind, Cordon, Drain, Scale, SilenceAlerts, Uncordon
from warroom.model.text import Safe, neutral
from warroom.sources.settings import SlurmSettings
from warroom.sources.slurm.scontrol import MaybeDone, Scontrol
from warroom.testing.fake_slurm import FakeSlurm
from warroom.testing.watcher import Watcher

BOTH = (NodeName("gpu01"), NodeName("gpu02"))


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Programs:
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    return Programs(tmp_path)


@asynccontextmanager
async def cluster(programs: Programs, wire: FakeSlurm | None = None) -> AsyncIterator[Watcher]:
    settings = SlurmSettings(url="", user="ops", conf=str(programs.conf))
    async with watched(wire or FakeSlurm(), settings) as seen:
        await seen.synced()
        yield seen


async def test_a_drain_says_that_running_jobs_go_on_before_and_after_it(programs: Programs) -> None:
    async with cluster(programs) as seen:
        able = {c.kind: c for c in seen.state.sources.sources["slurm"].capabilities}
        assert able[ActionKind.DRAIN].wording.startswith("stop new work; running jobs go on")
        assert not able[ActionKind.DRAIN].evicts
        steps: list[Safe] = []
        done = await outcome_of(seen, Drain(BOTH, reason=Safe("Xid 79")), steps=steps)
        assert (done.status, done.detail) == (
            "succeeded",
            "no new jobs on gpu01, gpu02; 1 running job goes on",
        )
        assert steps == ["2 nodes set to drain"]
    assert programs.calls == [
        ["scontrol", "update", "NodeName=gpu01,gpu02", "State=DRAIN", "Reason=Xid 79 [warroom:r-1-act1]"]
    ]


async def test_cordon_is_the_same_call_and_says_so(programs: Programs) -> None:
    async with cluster(programs) as seen:
        able = {c.kind: c for c in seen.state.sources.sources["slurm"].capabilities}
        assert "Slurm has no cordon apart from drain" in able[ActionKind.CORDON].wording
        await outcome_of(seen, Cordon((NodeName("gpu01"),)))
        await outcome_of(seen, Uncordon((NodeName("gpu01"),)))
    assert [call[2:4] for call in programs.calls] == [
        ["NodeName=gpu01", "State=DRAIN"],
        ["NodeName=gpu01", "State=RESUME"],
    ]


@pytest.mark.parametrize(
    "reason", ["; rm -rf /", "$(reboot)", '"quoted"', "--help", "a\nState=DOWN", "`id`", "x" * 5000]
)
async def test_a_reason_is_one_word_of_one_call_whatever_it_says(programs: Programs, reason: str) -> None:
    async with cluster(programs) as seen:
        await outcome_of(seen, Drain((NodeName("gpu01"),), reason=neutral(reason)))
    ((program, *words),) = programs.calls
    assert (program, words[:3]) == ("scontrol", ["update", "NodeName=gpu01", "State=DRAIN"])
    assert len(words) == 4
    assert words[3].startswith("Reason=")
    assert words[3].endswith(" [warroom:r-1-act1]"), "the operation is in the reason, which Slurm keeps"
    assert len(words[3]) < 300


@pytest.mark.parametrize("name", ["ALL", "gpu[01-99]", "gpu01,gpu02", "", "-h", "localhost", "gpu03", "n;id"])
async def test_only_nodes_that_are_listed_are_handed_to_scontrol(programs: Programs, name: str) -> None:
    """``ALL`` would have closed the whole cluster."""
    async with cluster(programs) as seen:
        refused = await outcome_of(seen, Drain((NodeName("gpu01"), NodeName(name))))
        assert refused.status == "failed"
        assert refused.detail.startswith("not in the list of nodes")
    assert programs.calls == []


async def test_no_node_is_no_call(programs: Programs) -> None:
    async with cluster(programs) as seen:
        assert (await outcome_of(seen, Drain(()))).detail == "no node was named"
    assert programs.calls == []


async def test_what_slurm_refuses_failed(programs: Programs) -> None:
    programs.fails("slurm_update error: Invalid user id")
    async with cluster(programs) as seen:
        failed = await outcome_of(seen, Cordon(BOTH))
        assert (failed.status, failed.detail) == ("failed", "slurm_update error: Invalid user id")


async def test_an_answer_that_did_not_come_is_unknown(programs: Programs) -> None:
    programs.fails("slurm_update error: Socket timed out on send/recv operation")
    async with cluster(programs) as seen:
        assert (await outcome_of(seen, Cordon(BOTH))).status == "unknown"


async def test_a_program_that_hangs_is_stopped_and_may_have_done_it(programs: Programs) -> None:
    (programs.folder / "hangs").touch()
    scontrol = Scontrol("slurm", str(programs.conf), deadline_s=0.3)
    with pytest.raises(MaybeDone, match=r"did not end within 0.3 s and was stopped"):
        await scontrol.set_state(["gpu01"], "DRAIN")


async def test_what_slurm_has_not_is_refused_in_words(programs: Programs) -> None:
    async with cluster(programs) as seen:
        scaled = await outcome_of(seen, Scale(WorkloadId("7"), 3))
        assert scaled.status == "failed"
        assert "submit it again with another number" in scaled.detail
        assert (await outcome_of(seen, SilenceAlerts(()))).detail == "Slurm knows no alerts"
