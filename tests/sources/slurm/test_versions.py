"""The newest version of the REST interface that both sides know is spoken."""

from tests.sources.watched import outcome_of, watched
from warroom.model.nouns import NodeName
from warroom.model.requests import ActionKind, Cordon, Uncordon
from warroom.sources.settings import SlurmSettings
from warroom.sources.slurm.versions import VERSIONS, split_url, version_named
from warroom.testing.fake_slurm import FakeSlurm
from warroom.testing.wire import Reply, Request

SETTINGS = SlurmSettings(url="", user="ops")


class NewestOf(FakeSlurm):
    """A server whose refusals of a version have no text or speak JSON."""

    def __init__(self, version: str, refusal: Reply) -> None:
        super().__init__(version)
        self.refusal = refusal

    def answer(self, request: Request) -> Reply:
        if not request.path.startswith(f"/slurm/{self.version}/"):
            return self.refusal
        return super().answer(request)


async def spoken(wire: FakeSlurm) -> str:
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        return wire.requests[-1].path.split("/")[2]


async def test_the_newest_that_the_server_answers_is_spoken() -> None:
    for version in ("v0.0.45", "v0.0.42", "v0.0.40", "v0.0.39", "v0.0.38", "v0.0.36"):
        assert await spoken(FakeSlurm(version)) == version


async def test_a_refusal_without_text_or_in_json_is_still_a_refusal() -> None:
    """It was taken for an answer, and the newest version for spoken: nothing could be read then."""
    for refusal in (Reply(404), Reply(404, b'{"errors":[]}')):
        assert await spoken(NewestOf("v0.0.38", refusal)) == "v0.0.38"


async def test_a_server_that_speaks_none_of_them_is_said_so() -> None:
    async with watched(FakeSlurm("v0.0.12"), SETTINGS) as seen:
        lost = await seen.lost()
        assert "no version of the Slurm REST interface that warroom knows" in lost.reason


async def test_a_server_that_was_upgraded_is_spoken_to_in_its_new_version() -> None:
    wire = FakeSlurm("v0.0.38")
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        wire.version = "v0.0.41"
        await seen.lost()
        await seen.synced()
        assert wire.requests[-1].path.startswith("/slurm/v0.0.41/")


def test_a_url_may_name_the_version() -> None:
    assert split_url("http://h:6820/slurm/v0.0.38") == ("http://h:6820", "v0.0.38")
    assert split_url("http://h:6820/slurm/v0.0.38/") == ("http://h:6820", "v0.0.38")
    assert split_url("http://h:6820/slurm") == ("http://h:6820", "")
    assert split_url("http://h:6820/") == ("http://h:6820", "")


def test_only_what_was_run_is_called_tried() -> None:
    assert [version.name for version in VERSIONS if version.tried] == ["v0.0.38"]
    assert version_named("v0.0.37") is not None
    assert version_named("v9") is None


async def test_a_version_that_can_change_nodes_needs_no_scontrol() -> None:
    wire = FakeSlurm("v0.0.40")
    async with watched(wire, SETTINGS) as seen:
        await seen.synced()
        able = {c.kind: c for c in seen.state.sources.sources["slurm"].capabilities}
        assert able[ActionKind.DRAIN].possible
        assert able[ActionKind.DRAIN].call == "POST /node/{target} state=DRAIN Reason={reason}"
        done = await outcome_of(seen, Cordon((NodeName("gpu01"), NodeName("gpu02"))))
        assert done.status == "succeeded"
        await outcome_of(seen, Uncordon((NodeName("gpu01"),)))
        assert wire.done == ["drain gpu01", "drain gpu02", "resume gpu01"]
        assert wire.nodes["gpu02"]["reason"] == "closed from the war room [warroom:r-1-act1]"


async def test_a_version_that_cannot_and_no_scontrol_is_said_before_anybody_presses_it() -> None:
    async with watched(FakeSlurm("v0.0.38"), SETTINGS) as seen:
        await seen.synced()
        able = {c.kind: c for c in seen.state.sources.sources["slurm"].capabilities}
        assert not able[ActionKind.CORDON].possible
        assert "slurm.conf" in able[ActionKind.CORDON].wording
        refused = await outcome_of(seen, Cordon((NodeName("gpu01"),)))
        assert refused.status == "failed"
