"""Alerts made by the room: kept alive until somebody resolves them, whatever happens to the server."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import pairwise
from typing import Any

import msgspec

from tests.sources.watched import outcome_of, watched
from warroom.events.sources import SourcePolled, SourceSynced
from warroom.model.requests import CreateAlert
from warroom.model.text import Safe
from warroom.sources.settings import AlertmanagerSettings
from warroom.testing.fake_alertmanager import FakeAlertmanager
from warroom.testing.watcher import Watcher
from warroom.testing.wire import Fault, Request

LIFE_S = 900.0
INCIDENT = CreateAlert("Incident", "critical", Safe("all requests fail"), {"team": "serving"})
RESOLVED = CreateAlert("Incident", "resolved")


class Posting(FakeAlertmanager):
    """Misbehaves only when something is posted, if told so."""

    def __init__(self) -> None:
        super().__init__()
        self.posting = Fault.NONE

    def fault_of(self, request: Request) -> Fault:
        return self.posting if request.method == "POST" else self.fault

    @property
    def names(self) -> list[str]:
        """What fires by the server's own clock."""
        listed = self._answer(Request("GET", "/api/v2/alerts", {}, {}, b"")).body
        return sorted(one["labels"]["alertname"] for one in msgspec.json.decode(listed))


@asynccontextmanager
async def alertmanager(wire: FakeAlertmanager) -> AsyncIterator[Watcher]:
    settings = AlertmanagerSettings(url="", deadline_s=0.3, alert_life_s=LIFE_S)
    async with watched(wire, settings) as seen:
        await seen.synced()
        yield seen


def ends_of(posted: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(posted["endsAt"])


async def test_an_alert_is_made_with_its_labels_its_message_and_its_operation() -> None:
    wire = Posting()
    async with alertmanager(wire) as seen:
        done = await outcome_of(seen, INCIDENT)
        assert (done.status, done.created) == ("succeeded", ("Incident",))
        (posted,) = wire.posted
        assert posted["labels"] == {"alertname": "Incident", "severity": "critical", "team": "serving"}
        assert posted["annotations"] == {"summary": "all requests fail", "warroom": "r-1-act1"}
        await seen.until(
            lambda: "Incident" in [a.name for a in seen.state.alerts.alerts.values()], what="the alert"
        )


async def test_it_is_posted_again_before_its_life_is_over_and_not_at_every_look() -> None:
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, INCIDENT)
        for _ in range(5):
            await seen.next(SourcePolled)
        assert len(wire.posted) == 1
        await seen.until(lambda: len(wire.posted) >= 4, what="posted again")
        ends = [ends_of(posted) for posted in wire.posted[:4]]
        gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(ends)]
        assert all(LIFE_S / 5 < gap < LIFE_S / 2 for gap in gaps), gaps
        starts = {posted["startsAt"] for posted in wire.posted}
        assert len(starts) == 1, "it began when it was made"


async def test_a_server_that_forgot_it_is_told_again() -> None:
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, INCIDENT)
        await seen.next(SourcePolled)
        wire.alerts.clear()
        await seen.until(lambda: "Incident" in wire.names, what="told again")


async def test_a_label_that_is_shown_otherwise_is_not_posted_at_every_look() -> None:
    """The listing never held the labels as they were typed, so it seemed forgotten each time."""
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, CreateAlert("I", labels={"team": "a\u200bb", "empty": ""}))
        for _ in range(5):
            await seen.next(SourcePolled)
        assert len(wire.posted) == 1


async def test_resolving_ends_it_for_good() -> None:
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, INCIDENT)
        done = await outcome_of(seen, RESOLVED)
        assert (done.status, done.detail) == ("succeeded", "alert Incident resolved")
        assert wire.names == ["NodeDown"]
        for _ in range(5):
            await seen.next(SourcePolled)
        assert wire.names == ["NodeDown"]


async def test_alerts_of_one_name_and_other_labels_are_all_kept_alive_and_all_resolved() -> None:
    """The second one took the first one's place, which then ended by itself."""
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, INCIDENT)
        await outcome_of(seen, CreateAlert("Incident", "warning"))
        wire.alerts.clear()
        await seen.until(lambda: wire.names == ["Incident", "Incident"], what="both told again")
        await outcome_of(seen, RESOLVED)
        assert wire.names == []


async def test_a_refused_end_leaves_it_alive_and_can_be_tried_again() -> None:
    """It was forgotten before the answer came: nobody could resolve it any more."""
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, INCIDENT)
        wire.posting = Fault.FORBIDS
        assert (await outcome_of(seen, RESOLVED)).status == "failed"
        wire.posting = Fault.NONE
        assert (await outcome_of(seen, RESOLVED)).status == "succeeded"
        assert wire.names == ["NodeDown"]


async def test_an_end_that_was_lost_on_the_way_is_posted_until_it_is_heard() -> None:
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, INCIDENT)
        await seen.until(lambda: len(seen.state.alerts.alerts) == 2, what="the alert")
        wire.posting = Fault.SILENT
        assert (await outcome_of(seen, RESOLVED)).status == "unknown"
        assert "Incident" in wire.names
        wire.posting = Fault.NONE
        await seen.until(lambda: wire.names == ["NodeDown"], what="its end")
        posts = len(wire.posted)
        await seen.until(lambda: len(seen.state.alerts.alerts) == 1, what="its end seen")
        for _ in range(3):
            await seen.next(SourcePolled)
        assert len(wire.posted) <= posts + 1


async def test_one_that_an_earlier_host_made_can_be_resolved() -> None:
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, INCIDENT)
    async with alertmanager(wire) as seen:
        assert (await outcome_of(seen, RESOLVED)).status == "succeeded"
        assert wire.names == ["NodeDown"]


async def test_an_alert_of_somebody_else_is_not_resolved() -> None:
    wire = Posting()
    async with alertmanager(wire) as seen:
        refused = await outcome_of(seen, CreateAlert("NodeDown", "resolved"))
        assert (refused.status, refused.detail) == (
            "failed",
            "no war room made an alert NodeDown that is listed",
        )
        assert wire.posted == []


async def test_a_server_that_takes_no_posts_is_still_seen_and_it_is_said() -> None:
    """One refused post made the whole source lost, over and over."""
    wire = Posting()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, INCIDENT)
        wire.posting = Fault.FORBIDS
        wire.alerts.clear()
        wire.fire("GpuHot")
        await seen.until(
            lambda: [a.name for a in seen.state.alerts.alerts.values()] == ["GpuHot"], what="the new alert"
        )
        await seen.until(
            lambda: "alerts made here cannot be kept alive (Incident)" in seen.of(SourceSynced)[-1].detail,
            what="what is wrong",
        )
        assert seen.status == "synced"
        wire.posting = Fault.NONE
        await seen.until(lambda: "Incident" in wire.names, what="kept alive again")
        await seen.until(lambda: seen.of(SourceSynced)[-1].detail == "", what="nothing wrong any more")


async def test_one_that_was_refused_is_not_kept_alive() -> None:
    wire = Posting()
    async with alertmanager(wire) as seen:
        wire.posting = Fault.FORBIDS
        assert (await outcome_of(seen, INCIDENT)).status == "failed"
        wire.posting = Fault.NONE
        for _ in range(3):
            await seen.next(SourcePolled)
        assert wire.names == ["NodeDown"]


async def test_one_whose_answer_was_lost_is_unknown_and_kept_alive() -> None:
    """Posting the same labels twice is one alert, so nothing is done twice."""
    wire = Posting()
    async with alertmanager(wire) as seen:
        wire.posting = Fault.DROPS_ANSWER
        assert (await outcome_of(seen, INCIDENT)).status == "unknown"
        wire.posting = Fault.NONE
        wire.alerts.clear()
        await seen.until(lambda: wire.names == ["Incident"], what="kept alive")
