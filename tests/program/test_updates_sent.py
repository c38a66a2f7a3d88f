"""Updates on a real wire: a hook that fails, answers, keeps silent; a host that is killed between two attempts."""

import json
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.driver.background import Background
from tests.driver.program import Ran, warroom
from tests.program.test_survival import host_pid, wait_gone
from warroom.testing.wire import Fault, Reply, Request, Wire, json_reply

pytestmark = pytest.mark.slow

WITHIN_S = 45


class Hook(Wire):
    """Takes what is posted; misbehaves as told, attempt by attempt, then answers."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[Fault] = []
        self.reply = json_reply({"taken": True})

    def answer(self, request: Request) -> Reply:
        return self.reply

    def fault_of(self, request: Request) -> Fault:
        return self.faults.pop(0) if self.faults else Fault.NONE


@pytest.fixture
def hook() -> Iterator[Hook]:
    with Background() as background:
        made = Hook()
        background.run(made.come)
        yield made
        background.run(made.go)


def good(ran: Ran) -> str:
    assert ran.code == 0, ran
    return ran.out


def started(home: Path, speed: str = "1") -> None:
    good(warroom(home, "demo", "calm", "--headless", "--speed", speed))


def opened(home: Path, config: str, speed: str = "1") -> None:
    (home / "config.toml").write_text(config)
    started(home, speed)
    good(warroom(home, "incident", "declare", "All requests fail", "--severity", "sev1"))


def killed(home: Path) -> None:
    pid = host_pid(home, "calm")
    os.kill(pid, signal.SIGKILL)
    wait_gone(pid)


def delivery(home: Path, update: str, target: str = "hook") -> dict[str, Any]:
    every = json.loads(good(warroom(home, "update", "list", "--json")))["updates"]
    found: dict[str, Any] = next(u for u in every if u["update"] == update)["deliveries"][target]
    return found


def until(home: Path, update: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    deadline = time.monotonic() + WITHIN_S
    while not holds(seen := delivery(home, update)):
        assert time.monotonic() < deadline, seen
        time.sleep(0.1)
    return seen


def wait_kept(home: Path, type_: str, count: int) -> None:
    """Wait until so many events of a type are on the disk: what a host just showed may be lost when it is killed."""
    deadline = time.monotonic() + WITHIN_S
    (recording,) = (home / "incidents").glob("*.db")
    with closing(sqlite3.connect(f"file:{recording}?mode=ro", uri=True)) as db:
        while db.execute("SELECT count(*) FROM events WHERE type = ?", (type_,)).fetchone()[0] < count:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def said(home: Path) -> str:
    return good(warroom(home, "timeline", "--limit", "1000"))


def test_a_hook_that_fails_twice_answers_once_the_host_is_back(home: Path, hook: Hook) -> None:
    opened(home, f'[update.hook]\nkind = "json"\nurl = "{hook.url}/in?team=a"\n')
    good(warroom(home, "update", "promise", "10m"))
    hook.faults = [Fault.BROKEN, Fault.BROKEN]
    good(warroom(home, "update", "write", "--yes"))
    until(home, "U1", lambda d: d.get("attempts") == 2 and not d.get("under_way"))
    wait_kept(home, "update.not_sent", 2)
    killed(home)
    assert len(hook.requests) == 2
    started(home)
    sent = until(home, "U1", lambda d: d.get("state") == "sent")
    assert sent["attempts"] == 3
    assert len(hook.requests) == 3

    bodies = [request.json for request in hook.requests]
    assert bodies[0] == bodies[1] == bodies[2], "what was promised and said does not change between attempts"
    body = bodies[2]
    assert (hook.requests[2].path, hook.requests[2].params) == ("/in", {"team": "a"})
    assert body["text"].startswith("SEV1 All requests fail\nImpact:")
    assert (body["kind"], body["update"]) == ("first", "U1")
    keys = {request.headers["idempotency-key"] for request in hook.requests}
    assert keys == {body["id"]}
    assert body["promised"] > body["written"], "both the promised and the actual time are told"
    assert body["next_update"] > body["promised"]
    told = said(home)
    assert told.count("U1 not taken by hook") == 2
    assert "U1 taken by hook at attempt 3" in told


def test_what_was_accepted_without_an_answer_is_unknown_and_never_sent_again(home: Path, hook: Hook) -> None:
    opened(home, f'[update.hook]\nkind = "slack"\nurl = "{hook.url}"\n', "5")
    hook.faults = [Fault.SILENT]
    timed_out = warroom(home, "update", "write", "--yes", "--wait")
    assert timed_out.code == 4, timed_out
    assert "no answer within 10 s" in delivery(home, "U1")["detail"]
    hook.faults = [Fault.DROPS_ANSWER]
    assert warroom(home, "update", "write", "second", "--yes", "--wait").code == 4
    hook.reply = Reply(200, b"ok", "text/html")
    good(warroom(home, "update", "write", "third", "--yes", "--wait"))
    killed(home)
    started(home, "20")
    good(warroom(home, "update", "write", "fourth", "--yes", "--wait"))
    assert [r.json["text"].split("\n")[0] for r in hook.requests] == [
        "SEV1 All requests fail",
        "second",
        "third",
        "fourth",
    ]
    assert "U1 may have arrived at hook, not sent again: no answer within 10 s" in said(home)


def test_a_host_killed_while_it_sends_leaves_a_doubt_and_does_not_send_again(home: Path, hook: Hook) -> None:
    opened(home, f'[update.hook]\nkind = "json"\nurl = "{hook.url}"\n')
    hook.faults = [Fault.SILENT]
    good(warroom(home, "update", "write", "--yes"))
    until(home, "U1", lambda d: bool(d.get("under_way")))
    deadline = time.monotonic() + WITHIN_S
    while not hook.requests:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    killed(home)
    started(home)
    doubt = until(home, "U1", lambda d: d.get("state") == "unknown")
    assert "the host stopped while it was being sent" in doubt["detail"]
    assert warroom(home, "update", "write", "another", "--yes", "--wait").code == 0
    assert len(hook.requests) == 2


def test_a_hook_that_takes_a_key_once_is_asked_again_after_a_doubt(home: Path, hook: Hook) -> None:
    opened(home, f'[update.hook]\nkind = "json"\nurl = "{hook.url}"\nidempotent = true\n', "5")
    hook.faults = [Fault.DROPS_ANSWER]
    good(warroom(home, "update", "write", "--yes", "--wait"))
    assert delivery(home, "U1")["attempts"] == 2
    assert len({request.headers["idempotency-key"] for request in hook.requests}) == 1


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        (Reply(404, b"no_team", "text/plain"), "refused with 404: no_team"),
        (Reply(200, b"<html>Please sign in</html>", "text/html"), "with a web page"),
        (json_reply({"ok": False, "error": "channel_not_found"}), "not ok: channel_not_found"),
    ],
)
def test_a_plain_no_is_not_repeated(home: Path, hook: Hook, reply: Reply, says: str) -> None:
    opened(home, f'[update.hook]\nkind = "slack"\nurl = "{hook.url}"\n', "5")
    hook.reply = reply
    refused = warroom(home, "update", "write", "--yes", "--wait")
    assert refused.code == 3, refused
    assert says in refused.out
    assert len(hook.requests) == 1


def test_files_alerts_and_hooks_take_the_same_update(home: Path, hook: Hook) -> None:
    log = home / "told.txt"
    opened(
        home,
        f'[update.chat]\nkind = "slack"\nurl = "env:HOOK"\n[update.log]\nkind = "file"\npath = "{log}"\n'
        '[update.everyone]\nkind = "alert"\n',
        "5",
    )
    some = warroom(home, "update", "write", "We look into it.", "--yes", "--wait", "--json")
    assert some.code in (1, 3), "the address is not in the host's environment"
    found = json.loads(some.out)["deliveries"]
    assert (found["log"]["state"], found["everyone"]["state"]) == ("sent", "sent")
    assert log.read_text().splitlines()[1:] == ["We look into it."]
    assert "incident-update-u1" in good(warroom(home, "alert-list"))
