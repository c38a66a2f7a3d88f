"""Each hostile string as node name, job name, label, annotation and log line: neutral when seen, raw only where due."""

import json
import os
import unicodedata
from pathlib import Path
from typing import Any

import msgspec
import pytest

from tests.hostile import CORPUS, raw_of
from tests.sources.watched import outcome_of, watched
from warroom.model.nouns import Matcher, NodeName
from warroom.model.requests import Cordon, SilenceAlerts
from warroom.sources.names import is_plain
from warroom.sources.settings import AlertmanagerSettings, PrometheusSettings, SlurmSettings
from warroom.testing.fake_alertmanager import FakeAlertmanager
from warroom.testing.fake_prometheus import FakePrometheus
from warroom.testing.fake_slurm import FakeSlurm, job_38, node_38
from warroom.testing.watcher import Watcher

UNSHOWABLE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
EVERY = [pytest.param(raw_of(entry), id=entry["id"]) for entry in CORPUS]


def as_text(raw: str | bytes) -> str:
    """As JSON can carry it."""
    text = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else raw
    return text.encode("utf-8", "replace").decode()[:200_000]


def strings_in(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for pair in value.items() for one in pair for s in strings_in(one)]
    return [s for one in value for s in strings_in(one)] if isinstance(value, list) else []


def assert_harmless(seen: Watcher) -> None:
    for event in seen.events:
        for shown in strings_in(json.loads(msgspec.json.encode(event))):
            assert not {c for c in shown if unicodedata.category(c) in UNSHOWABLE}, (event.type, shown[:80])


@pytest.mark.parametrize("raw", EVERY)
async def test_slurm_shows_it_neutral_and_hands_it_to_no_program(raw: str | bytes, tmp_path: Path) -> None:
    hostile = as_text(raw)
    out = tmp_path / "job.log"
    out.touch()
    wire = FakeSlurm()
    wire.nodes[hostile] = node_38(hostile, reason=hostile, features=f"rack1,{hostile}", gres=hostile)
    wire.jobs[8] = job_38(
        8,
        **dict.fromkeys(
            ("name", "comment", "command", "user_name", "partition", "state_description"), hostile
        ),
        standard_output=str(out),
        user_id=os.getuid(),
    )
    async with watched(wire, SlurmSettings(url="", user="ops")) as seen:
        await seen.synced()
        out.write_bytes((raw if isinstance(raw, bytes) else raw.encode("utf-8", "replace")) + b"\nend\n")
        await seen.until(lambda: seen.state.logs.lines, what="a line of the log")
        assert_harmless(seen)
        assert len(seen.state.cluster.nodes) == 3
        (shown,) = set(seen.state.cluster.nodes) - {"gpu01", "gpu02"}
        refused = await outcome_of(seen, Cordon((shown,)))
        assert refused.status == "failed"
        assert "not a name that may be handed to a program" in refused.detail or is_plain(hostile)
        assert not wire.done


async def test_names_that_look_alike_once_they_are_shown_are_numbered() -> None:
    wire = FakeSlurm()
    for name in ("n<U+200B>1", "n\u200b1", "x" * 300, "x" * 299 + "y"):
        wire.nodes[name] = node_38(name)
    wire.jobs[8] = job_38(8, nodes="n\u200b1")
    async with watched(wire, SlurmSettings(url="", user="ops")) as seen:
        await seen.synced()
        names = set(seen.state.cluster.nodes)
        assert len(names) == 6
        assert {"n<U+200B>1", "n<U+200B>1 #2"} < names
        assert seen.state.cluster.workloads["8"].nodes == (NodeName("n<U+200B>1 #2"),)


@pytest.mark.parametrize("raw", EVERY)
async def test_alertmanager_shows_it_neutral_and_silences_the_label_that_is_really_there(
    raw: str | bytes,
) -> None:
    hostile = as_text(raw)
    wire = FakeAlertmanager()
    wire.alerts.clear()
    fingerprint = wire.fire("Hostile", team=hostile)
    wire.alerts[fingerprint]["annotations"] = {"summary": hostile, hostile[:100]: hostile}
    async with watched(wire, AlertmanagerSettings(url="")) as seen:
        await seen.synced()
        assert_harmless(seen)
        (alert,) = seen.state.alerts.alerts.values()
        matcher = Matcher("team", alert.labels["team"])
        done = await outcome_of(seen, SilenceAlerts((matcher,), comment=alert.summary))
        assert done.status == "succeeded"
        (silence,) = wire.silences.values()
        assert silence["matchers"][0]["value"] == hostile, "the server compares with what it knows"
        assert wire.alerts[fingerprint]["status"]["state"] == "suppressed"
        await seen.until(lambda: seen.state.alerts.silences, what="the silence")
        assert_harmless(seen)


async def test_a_silence_of_labels_that_look_alike_is_refused() -> None:
    wire = FakeAlertmanager()
    wire.fire("A", team="a\u200bb")
    wire.fire("B", team="a<U+200B>b")
    async with watched(wire, AlertmanagerSettings(url="")) as seen:
        await seen.synced()
        refused = await outcome_of(seen, SilenceAlerts((Matcher("team", "a<U+200B>b"),)))
        assert refused.status == "failed"
        assert "2 values that look alike" in refused.detail
        assert not wire.silences


@pytest.mark.parametrize("raw", EVERY)
async def test_prometheus_shows_it_neutral(raw: str | bytes) -> None:
    hostile: Any = as_text(raw)
    wire = FakePrometheus()
    wire.values["gpu_temperature"][hostile] = "70"
    wire.warnings = [hostile]
    async with watched(wire, PrometheusSettings(url="")) as seen:
        await seen.synced()
        assert_harmless(seen)
        assert any("gpu_temperature" in key for key in seen.state.metrics.series)
