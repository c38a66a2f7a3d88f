"""Asks a room and the servers behind it, and waits for what they say."""

import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tests.driver.program import warroom

Found = TypeVar("Found")
DEADLINE_S = 60.0


def wait_for(look: Callable[[], Found | None], *, what: str, within_s: float = DEADLINE_S) -> Found:
    """Look until there is something; the answer is what was found."""
    end = time.monotonic() + within_s
    while not (found := look()):
        assert time.monotonic() < end, f"not within {within_s:g} s: {what}"
        time.sleep(0.1)
    return found


def told(home: Path, *words: str) -> Any:
    """What a verb of the room says as JSON."""
    ran = warroom(home, *words, "--json")
    assert ran.code == 0, ran.err
    return msgspec.json.decode(ran.out)


def moment(home: Path, *parts: str) -> dict[str, Any] | None:
    """The newest line of the timeline that contains all these words; None while there is none."""
    moments = told(home, "timeline", "--limit", "1000")
    return next((m for m in reversed(moments) if all(part in m["text"] for part in parts)), None)


def wait_said(home: Path, *parts: str) -> dict[str, Any]:
    """Wait until the timeline has a line with all these words."""
    return wait_for(lambda: moment(home, *parts), what=f"the timeline says {' ... '.join(parts)}")


def when(text: str) -> float:
    """A time of the record as seconds of the clock."""
    return datetime.fromisoformat(text).timestamp()


def source_status(home: Path) -> dict[str, str]:
    """What the room says of each of its sources."""
    return {source["name"]: source["status"] for source in told(home, "cluster-status")["sources"]}


def wait_synced(home: Path) -> None:
    """Wait until the room sees all of its cluster."""
    end = time.monotonic() + DEADLINE_S
    while set(source_status(home).values()) != {"synced"}:
        assert time.monotonic() < end, told(home, "cluster-status")["sources"]
        time.sleep(0.1)


def wait_workload(home: Path, identity: str, state: str) -> dict[str, Any]:
    """Wait until the room shows a job in a state."""

    def look() -> dict[str, Any] | None:
        listed = told(home, "workload-list")
        return next((w for w in listed if w["id"] == identity and w["state"] == state), None)

    return wait_for(look, what=f"the room shows job {identity} {state}")


def host_pid(home: Path) -> int:
    """The process that runs the only room."""
    return int(told(home, "rooms")[0]["pid"])
