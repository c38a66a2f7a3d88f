"""Secrets: where they are kept, when they are fetched, and that nothing ever shows one."""

import asyncio
import base64
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.sources.watched import watched
from warroom.errors import SourceError
from warroom.model.secret import Secret, SecretPlace, SecretSource, parse_secret_source
from warroom.sources.credentials import Credential, load_secret, token_end
from warroom.sources.settings import SlurmSettings
from warroom.testing.fake_slurm import NOW, FakeSlurm
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.wire import Reply, Request, json_reply

VALUE = "s3cr3t-value-0123456789"


def jwt(ends: object) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"exp": ends, "sun": "ops"}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJIUzI1NiJ9.{claims}.c2lnbmF0dXJl"


async def loaded(text: str) -> Secret:
    return await load_secret(parse_secret_source(text), owner="x")


async def test_a_secret_comes_from_the_environment_a_file_or_a_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WR_TOKEN", VALUE)
    (tmp_path / "token").write_text(f"SLURM_JWT={VALUE}\n")
    for text in ("env:WR_TOKEN", f"file:{tmp_path}/token", f"command:cat {tmp_path}/token"):
        assert (await loaded(text)).reveal() == VALUE


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("env:WR_NOT_SET", "the token is empty"),
        ("file:/nonexistent/token", "cannot be read: No such file"),
        ("command:/nonexistent/program", "it is not installed"),
        ("command:false", "the token command false ended with 1"),
        ("command:true", "the token is empty"),
        ("command:echo 'x", "the token command cannot be read: No closing quotation"),
        ("command:printf 'a\\nb'", "characters that no header can carry"),
        ("command:printf '\\303\\274'", "characters that no header can carry"),
    ],
)
async def test_why_there_is_no_secret_is_a_sentence(text: str, why: str) -> None:
    with pytest.raises(SourceError, match=why):
        await loaded(text)


async def test_a_program_is_run_without_a_shell_and_without_our_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTHER_TOKEN", VALUE)
    assert (await loaded(f"command:echo a;touch {tmp_path}/made")).reveal() == f"a;touch {tmp_path}/made"
    assert not (tmp_path / "made").exists()
    with pytest.raises(SourceError, match="ended with 1"):
        await loaded("command:printenv OTHER_TOKEN")


async def test_a_pipe_nobody_writes_into_does_not_hold_up_anybody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("warroom.sources.credentials.DEADLINE_S", 0.1)
    os.mkfifo(tmp_path / "token")
    with pytest.raises(SourceError, match="did not answer within"):
        await loaded(f"file:{tmp_path}/token")


async def test_calls_that_come_together_fetch_once_and_a_refused_one_is_fetched_anew(tmp_path: Path) -> None:
    script = tmp_path / "print"
    script.write_text(f"#!/bin/sh\necho x >>{tmp_path}/ran\necho token$(wc -l <{tmp_path}/ran)\n")
    script.chmod(0o700)
    credential = Credential(SecretSource(SecretPlace.COMMAND, str(script)), owner="x")
    first = await asyncio.gather(*(credential.get() for _ in range(5)))
    assert {secret.reveal() for secret in first if secret} == {"token1"}
    credential.forget()
    again = await credential.get()
    assert again is not None
    assert again.reveal() == "token2"
    assert not credential.cheap


async def test_without_a_source_there_is_no_secret() -> None:
    credential = Credential(None, owner="x")
    assert await credential.get() is None
    assert (credential.hidden_in("a"), credential.hidden_in_body(b"a"), credential.ends) == ("a", b"a", None)


def test_a_secret_shows_itself_nowhere() -> None:
    secret = Secret(VALUE)
    assert VALUE not in f"{secret} {secret!r} {[secret]} {secret:>40}"
    assert secret.hidden_in(f"x{VALUE}y") == "x***y"
    assert secret.hidden_in_body(f"x{VALUE}y".encode()) == b"x***y"
    assert Secret("ok").hidden_in_body(b'{"ok": 1}') == b'{"ok": 1}', "it would be found in every word"


def test_a_json_web_token_tells_when_it_ends() -> None:
    assert token_end(Secret(jwt(NOW))) == datetime.fromtimestamp(NOW, UTC)
    assert token_end(Secret("opaque")) is None


@given(st.text() | st.builds(jwt, st.none() | st.integers() | st.text() | st.floats() | st.booleans()))
def test_a_token_of_any_kind_ends_some_time_or_does_not_say(text: str) -> None:
    assert token_end(Secret(text)) is None or isinstance(token_end(Secret(text)), datetime)


class Signed(FakeSlurm):
    """Takes one token only; says of any other what slurmrestd 22.05 says."""

    def answer(self, request: Request) -> Reply:
        if request.headers.get("x-slurm-user-token") != self.wanted:
            return json_reply({"errors": [{"error": "Unspecified error", "errno": -1}]}, 500)
        return super().answer(request)

    wanted = ""


async def test_a_token_that_was_replaced_in_its_file_is_taken_up(tmp_path: Path) -> None:
    """slurmrestd refuses without a 401, so the old one was used until its end."""
    ends = NOW + 86_400
    old, new = jwt(ends), jwt(ends + 1)
    file = tmp_path / "token"
    file.write_text(old)
    wire = Signed()
    wire.wanted = old
    settings = SlurmSettings(url="", user="ops", token=SecretSource(SecretPlace.FILE, str(file)))
    async with watched(wire, settings) as seen:
        await seen.synced()
        wire.wanted = new
        lost = await seen.lost()
        assert "does not accept the token" in lost.reason
        file.write_text(new)
        await seen.synced()


async def test_a_token_near_its_end_is_spoken_of_and_an_ended_one_is_not_sent(tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text(jwt(NOW + 300))
    wire = Signed()
    wire.wanted = jwt(NOW + 300)
    clock = LeapingClock()
    settings = SlurmSettings(url="", user="ops", token=SecretSource(SecretPlace.FILE, str(file)))
    async with watched(wire, settings, clock) as seen:
        await seen.until(
            lambda: any("the token ends at 14:05:00Z" in str(event) for event in seen.events),
            what="a warning",
        )
        clock.leap(400)
        lost = await seen.lost()
        assert lost.reason.startswith("signed out: the token ended at 2026-03-02 14:05:00Z")
        sent = len(wire.requests)
        await seen.until(lambda: len(seen.events) > 20, what="some tries")
        assert len(wire.requests) == sent, "it is not sent again"
