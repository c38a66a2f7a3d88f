"""Alerts and silences: what is listed, what is set, and what is found again when an answer is lost."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import pytest

from tests.sources.watched import outcome_of, watched
from warroom.events.alerts import AlertsChanged
from warroom.model.nouns import Fingerprint, Matcher, NodeName
from warroom.model.requests import Cordon, SilenceAlerts
from warroom.model.text import Safe
from warroom.sources.settings import AlertmanagerSettings
from warroom.testing.fake_alertmanager import FakeAlertmanager
from warroom.testing.watcher import Watcher
from warroom.testing.wire import Fault, Request

NODE_DOWN = SilenceAlerts((Matcher("alertname", "NodeDown"),), duration_s=1800, comment=Safe("known"))


@asynccontextmanager
async def alertmanager(wire: FakeAlertmanager) -> AsyncIterator[Watcher]:
    async with watched(wire, AlertmanagerSettings(url="", deadline_s=0.5)) as seen:
        await seen.synced()
        yield seen


class PostsFail(FakeAlertmanager):
    """Misbehaves when something is posted."""

    def __init__(self, fault: Fault) -> None:
        super().__init__()
        self.posting = fault

    def fault_of(self, request: Request) -> Fault:
        return self.posting if request.method == "POST" else self.fault


async def test_an_alert_is_what_its_labels_and_annotations_say() -> None:
    wire = FakeAlertmanager()
    async with alertmanager(wire) as seen:
        (alert,) = seen.state.alerts.alerts.values()
        assert (alert.name, alert.severity, alert.summary) == ("NodeDown", "critical", "NodeDown fires")
        assert alert.labels["instance"] == "gpu01"
        assert alert.started == datetime(2026, 3, 2, 13, 55, 0, 976_000, UTC)
        wire.alerts[alert.fingerprint]["status"].update(silencedBy=["s1"], inhibitedBy=["abc"])
        await seen.next(AlertsChanged)
        (quiet,) = seen.state.alerts.alerts.values()
        assert (quiet.silenced_by, quiet.inhibited_by) == (("s1",), ("abc",))


async def test_an_alert_that_resolved_is_gone() -> None:
    wire = FakeAlertmanager()
    async with alertmanager(wire) as seen:
        wire.alerts.clear()
        resolved = await seen.next(AlertsChanged)
        assert len(resolved.resolved) == 1
        assert resolved.witnessed


async def test_a_silence_is_posted_and_listed() -> None:
    wire = FakeAlertmanager()
    async with alertmanager(wire) as seen:
        done = await outcome_of(seen, NODE_DOWN)
        assert (done.status, done.created) == ("succeeded", ("silence-1",))
        (silence,) = wire.silences.values()
        assert silence["comment"] == "known [warroom:r-1-act1]"
        assert silence["matchers"] == [
            {"name": "alertname", "value": "NodeDown", "isRegex": False, "isEqual": True}
        ]
        await seen.until(lambda: "silence-1" in seen.state.alerts.silences, what="the silence")
        wire.silences["silence-1"]["status"]["state"] = "expired"
        await seen.until(lambda: not seen.state.alerts.silences, what="its end")


async def test_a_silence_is_set_in_the_servers_clock_and_not_in_ours() -> None:
    """With a server ahead of us a silence of half an hour was over before it began."""
    wire = FakeAlertmanager()
    wire.ahead = timedelta(hours=3)
    async with alertmanager(wire) as seen:
        assert (await outcome_of(seen, NODE_DOWN)).status == "succeeded"
        (silence,) = wire.silences.values()
        starts, ends = (datetime.fromisoformat(silence[key]) for key in ("startsAt", "endsAt"))
        assert abs(starts - wire.now) < timedelta(minutes=1)
        assert ends - starts == timedelta(minutes=30)


@pytest.mark.parametrize("matcher", [Matcher("a", "b.*", is_regex=True), Matcher("a", "b", is_equal=False)])
async def test_every_kind_of_matcher_is_passed_on(matcher: Matcher) -> None:
    wire = FakeAlertmanager()
    async with alertmanager(wire) as seen:
        await outcome_of(seen, SilenceAlerts((matcher,)))
        await seen.until(lambda: seen.state.alerts.silences, what="the silence")
        (silence,) = seen.state.alerts.silences.values()
        assert silence.matchers == (matcher,)


async def test_a_silence_whose_answer_is_lost_is_found_by_its_comment_and_not_set_twice() -> None:
    wire = PostsFail(Fault.DROPS_ANSWER)
    async with alertmanager(wire) as seen:
        found = await outcome_of(seen, NODE_DOWN)
        assert (found.status, found.detail, found.created) == (
            "succeeded",
            "found by its comment",
            ("silence-1",),
        )
        assert len(wire.silences) == 1


async def test_a_silence_that_never_arrived_is_unknown() -> None:
    async with alertmanager(PostsFail(Fault.SILENT)) as seen:
        lost = await outcome_of(seen, NODE_DOWN)
        assert lost.status == "unknown"
        assert lost.detail == "no answer within 0.5 s; no silence with [warroom:r-1-act1] is listed"


async def test_where_the_list_cannot_be_read_either_nobody_says_that_there_is_no_silence() -> None:
    wire = FakeAlertmanager()
    async with alertmanager(wire) as seen:
        wire.fault = Fault.DROPS_ANSWER
        lost = await outcome_of(seen, NODE_DOWN)
        assert lost.status == "unknown"
        assert "could not be seen either" in lost.detail


async def test_what_the_server_refuses_failed_in_its_words() -> None:
    async with alertmanager(FakeAlertmanager()) as seen:
        refused = await outcome_of(seen, SilenceAlerts(()))
        assert (refused.status, refused.detail) == (
            "failed",
            "matchers in body should have at least 1 items",
        )
        backwards = await outcome_of(seen, SilenceAlerts((Matcher("a", "b"),), duration_s=-1))
        assert backwards.status == "failed"
        assert "end time must not be before start time" in backwards.detail


async def test_a_server_that_is_away_did_nothing() -> None:
    wire = FakeAlertmanager()
    async with alertmanager(wire) as seen:
        await wire.go()
        await seen.lost()
        assert (await outcome_of(seen, NODE_DOWN)).status == "failed"


async def test_what_it_cannot_do_is_refused() -> None:
    async with alertmanager(FakeAlertmanager()) as seen:
        refused = await outcome_of(seen, Cordon((NodeName("gpu01"),)))
        assert (refused.status, refused.detail) == (
            "failed",
            "Alertmanager only knows alerts and silences",
        )


async def test_alerts_without_a_fingerprint_are_told_apart_by_their_labels() -> None:
    wire = FakeAlertmanager()
    for fingerprint in (wire.fire("A"), wire.fire("B")):
        del wire.alerts[fingerprint]["fingerprint"]
    async with alertmanager(wire) as seen:
        assert len(seen.state.alerts.alerts) == 3
        assert all(isinstance(key, str) and key for key in map(Fingerprint, seen.state.alerts.alerts))
