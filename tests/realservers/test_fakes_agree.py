"""The shipped fakes answer what the real servers answer: the same calls to both, compared in what adapters read."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.realservers.cluster import Cluster
from tests.sources.watched import outcome_of
from warroom.clock import RealClock
from warroom.host.ports import Source
from warroom.model.commands import WorkloadLogs
from warroom.model.nouns import Matcher, WorkloadId
from warroom.model.requests import CreateAlert, Request, SilenceAlerts, Stop, Submit
from warroom.model.secret import SecretPlace, SecretSource
from warroom.sources.alertmanager.adapter import AlertmanagerAlerts
from warroom.sources.prometheus.adapter import PrometheusMetrics
from warroom.sources.settings import AlertmanagerSettings, PrometheusSettings, SlurmSettings
from warroom.sources.slurm.adapter import SlurmCluster
from warroom.testing.fake_alertmanager import FakeAlertmanager
from warroom.testing.fake_prometheus import FakePrometheus
from warroom.testing.fake_slurm import FakeSlurm
from warroom.testing.watcher import Watcher, watching

pytestmark = [pytest.mark.real, pytest.mark.slow]

Shape = object


def shape_of(value: Any) -> Shape:
    """What a value is made of; an empty list or a null says nothing of what could be in it."""
    if isinstance(value, dict):
        return {key: shape_of(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape_of(value[0])] if value else []
    return (
        "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__
    )


def differences(fake: Shape, real: Shape, place: str = "") -> list[str]:
    """Where the fake gives what the real server does not; what only the real one gives nobody reads."""
    if "NoneType" in (fake, real) or fake == [] or real == []:
        return []
    if isinstance(fake, dict) and isinstance(real, dict):
        found = [f"{place}.{key} is the fake's own" for key in fake.keys() - real.keys()]
        return found + [
            d
            for key in fake.keys() & real.keys()
            for d in differences(fake[key], real[key], f"{place}.{key}")
        ]
    if isinstance(fake, list) and isinstance(real, list):
        return differences(fake[0], real[0], f"{place}[]")
    return [] if fake == real else [f"{place}: {fake} for {real}"]


class Side:
    """One server, fake or real, called with the credentials it wants."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self.client = httpx.AsyncClient(base_url=url, headers=headers, trust_env=False, timeout=20)

    async def __call__(self, method: str, path: str, **more: Any) -> httpx.Response:
        return await self.client.request(method, path, **more)


async def compare(fake: Side, real: Side, method: str, path: str, **more: Any) -> tuple[Any, Any]:
    """Both answers, decoded, after it was seen that they agree."""
    ours, theirs = await fake(method, path, **more), await real(method, path, **more)
    told = [f"{answer.status_code} {answer.text[:200]!r}" for answer in (ours, theirs)]
    said = f"{method} {path}: fake {told[0]}, real {told[1]}"
    assert ours.status_code == theirs.status_code, said
    kinds = ["json" in r.headers.get("content-type", "") and bool(r.content) for r in (ours, theirs)]
    assert kinds[0] == kinds[1], said
    if not kinds[0]:
        return ours.text, theirs.text
    found = differences(shape_of(ours.json()), shape_of(theirs.json()))
    assert not found, f"{said}: {found}"
    return ours.json(), theirs.json()


@asynccontextmanager
async def sides(fake: Side, real: Side) -> AsyncIterator[tuple[Side, Side]]:
    async with fake.client, real.client:
        yield fake, real


# --- Slurm ---

BASE = "/slurm/v0.0.38"


def slurm_headers(token: str) -> dict[str, str]:
    return {"X-SLURM-USER-NAME": "root", "X-SLURM-USER-TOKEN": token}


@asynccontextmanager
async def both_slurms(cluster: Cluster) -> AsyncIterator[tuple[FakeSlurm, Side, Side]]:
    headers = {**slurm_headers(cluster.slurm.token_file.read_text()), "X-SLURM-USER-NAME": cluster.slurm.user}
    there = Side(cluster.slurm.url, headers)
    async with (
        FakeSlurm() as wire,
        sides(Side(wire.url, slurm_headers(wire.token)), there) as (fake, real),
    ):
        yield wire, fake, real


def job(cluster: Cluster, **more: Any) -> dict[str, Any]:
    place = str(cluster.slurm.jobs)
    described = {
        "name": "agree",
        "nodes": 1,
        "tasks": 1,
        "environment": {"PATH": "/usr/bin:/bin"},
        "comment": "a=b [warroom:op1]",
        "current_working_directory": place,
    }
    return {"script": "#!/bin/sh\nsleep 30\n", "job": {**described, **more}}


async def test_slurms_readings_agree(cluster: Cluster) -> None:
    cluster.slurm.submit("sleep 30", "-J", "held", "--comment", "a=b")
    async with both_slurms(cluster) as (_, fake, real):
        for path in ("/ping", "/diag", "/nodes", "/jobs"):
            await compare(fake, real, "GET", BASE + path)
        later = {"update_time": "4000000000"}
        for path in ("/nodes", "/jobs"):
            assert await compare(fake, real, "GET", BASE + path, params=later) == ("", "")
        await compare(fake, real, "GET", "/slurm/v0.0.99/ping")


async def test_slurms_changes_and_errors_agree(cluster: Cluster) -> None:
    async with both_slurms(cluster) as (wire, fake, real):
        ours, theirs = await compare(fake, real, "POST", f"{BASE}/job/submit", json=job(cluster))
        assert isinstance(theirs["job_id"], int)
        numbers = (ours["job_id"], theirs["job_id"])
        # The two have numbers of their own for the same job.
        wire.jobs[numbers[1]] = {**wire.jobs[numbers[0]], "job_id": numbers[1]}
        _, listed = await compare(fake, real, "GET", f"{BASE}/job/{numbers[1]}")
        assert listed["jobs"][0]["comment"] == "a=b [warroom:op1]", "the real one keeps the operation's id"
        await compare(fake, real, "DELETE", f"{BASE}/job/{numbers[1]}", params={"signal": "KILL"})
        for method in ("GET", "DELETE"):
            unknown = await compare(fake, real, method, f"{BASE}/job/99999")
            assert [one["errors"][0]["error_number"] for one in unknown] == [2017, 2017], method
        await compare(fake, real, "POST", f"{BASE}/node/gpu01", json={"state": ["DRAIN"]})


async def test_slurms_refusals_of_a_token_agree(cluster: Cluster) -> None:
    async with FakeSlurm() as wire, sides(Side(wire.url), Side(cluster.slurm.url)) as (fake, real):
        ours, theirs = await compare(fake, real, "GET", f"{BASE}/nodes")
        assert ours == theirs == "Authentication failure"


# --- Prometheus ---


@asynccontextmanager
async def both_prometheuses(cluster: Cluster) -> AsyncIterator[tuple[Side, Side]]:
    async with FakePrometheus() as wire, sides(Side(wire.url), Side(cluster.prometheus.url)) as (fake, real):
        yield fake, real


QUERIES = (
    "gpu_temperature",
    "max(gpu_temperature)",
    "max by (instance) (gpu_temperature)",
    "avg(gpu_utilization)",
    "max(timestamp(gpu_temperature))",
    "nothing_of_that_name",
    "max(nothing_of_that_name)",
)


@pytest.mark.parametrize("query", QUERIES)
async def test_prometheus_instant_and_range_answers_agree(cluster: Cluster, query: str) -> None:
    async with both_prometheuses(cluster) as (fake, real):
        now = time.time()
        instant = await compare(fake, real, "POST", "/api/v1/query", data={"query": query, "timeout": "5s"})
        form = {"query": query, "start": f"{now - 60:.3f}", "end": f"{now:.3f}", "step": "5", "timeout": "5s"}
        ranged = await compare(fake, real, "POST", "/api/v1/query_range", data=form)
        for ours, theirs in (instant, ranged):
            assert ours["data"]["resultType"] == theirs["data"]["resultType"]
            assert bool(ours["data"]["result"]) == bool(theirs["data"]["result"])


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("query", {"query": "gpu_temperature{"}),
        ("query_range", {"query": "up", "start": "100", "end": "50", "step": "5"}),
        ("query_range", {"query": "up", "start": "0", "end": "100000", "step": "1"}),
    ],
)
async def test_prometheus_refusals_agree(cluster: Cluster, path: str, form: dict[str, str]) -> None:
    async with both_prometheuses(cluster) as (fake, real):
        ours, theirs = await compare(fake, real, "POST", f"/api/v1/{path}", data=form)
        assert ours["errorType"] == theirs["errorType"] == "bad_data"
        assert theirs["error"].startswith(ours["error"][:40])


async def test_prometheus_knows_no_other_place(cluster: Cluster) -> None:
    async with both_prometheuses(cluster) as (fake, real):
        await compare(fake, real, "POST", "/api/v1/nowhere", data={"query": "up"})


# --- Alertmanager ---


def text_of(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


@asynccontextmanager
async def both_alertmanagers(cluster: Cluster) -> AsyncIterator[tuple[FakeAlertmanager, Side, Side]]:
    async with FakeAlertmanager() as wire:
        wire.clock = RealClock()
        url = cluster.prometheus.alertmanager_url
        async with sides(Side(wire.url), Side(url)) as (fake, real):
            yield wire, fake, real


def posted(name: str, ends: datetime, **labels: str) -> list[dict[str, Any]]:
    starts = min(datetime.now(UTC), ends)
    annotations = {"summary": "s", "warroom": "op1"}
    return [
        {
            "labels": {"alertname": name, **labels},
            "annotations": annotations,
            "startsAt": text_of(starts),
            "endsAt": text_of(ends),
        }
    ]


def silence(name: str, *, begin_s: float = 0, end_s: float = 60, matchers: bool = True) -> dict[str, Any]:
    now = datetime.now(UTC)
    matcher = {"name": "alertname", "value": name, "isRegex": False, "isEqual": True}
    return {
        "matchers": [matcher] if matchers else [],
        "startsAt": text_of(now + timedelta(seconds=begin_s)),
        "endsAt": text_of(now + timedelta(seconds=end_s)),
        "createdBy": "warroom",
        "comment": "c [warroom:op1]",
    }


async def test_alertmanagers_alerts_and_silences_agree_from_beginning_to_end(cluster: Cluster) -> None:
    name = f"Agree{time.time_ns()}"
    async with both_alertmanagers(cluster) as (wire, fake, real):
        # Labels are whatever was posted: only alerts of the same kind are compared.
        wire.alerts.clear()
        life = datetime.now(UTC) + timedelta(minutes=5)
        body = posted(name, life, severity="info", empty="")
        assert await compare(fake, real, "POST", "/api/v2/alerts", json=body) == ("", "")
        _, answer = await compare(fake, real, "POST", "/api/v2/silences", json=silence(name))
        assert answer["silenceID"]
        both = await compare(fake, real, "GET", "/api/v2/silences")
        assert all(any(one["comment"] == "c [warroom:op1]" for one in listed) for listed in both)
        for side in (fake, real):
            quiet = await until_listed(side, name, silenced=True)
            assert quiet["labels"] == {"alertname": name, "severity": "info"}, "an empty label is none"
            assert quiet["annotations"]["warroom"] == "op1"
        await compare(fake, real, "GET", "/api/v2/alerts")
        over = posted(name, datetime.now(UTC), severity="info")
        await compare(fake, real, "POST", "/api/v2/alerts", json=over)
        for side in (fake, real):
            await until_gone(side, name)


async def until_listed(side: Side, name: str, *, silenced: bool) -> dict[str, Any]:
    async with asyncio.timeout(10):
        while True:
            for one in (await side("GET", "/api/v2/alerts")).json():
                if one["labels"]["alertname"] == name and bool(one["status"]["silencedBy"]) is silenced:
                    found: dict[str, Any] = one
                    return found
            await asyncio.sleep(0.05)


async def until_gone(side: Side, name: str) -> None:
    async with asyncio.timeout(10):
        while name in (await side("GET", "/api/v2/alerts")).text:
            await asyncio.sleep(0.05)


async def test_alertmanagers_refusals_agree(cluster: Cluster) -> None:
    async with both_alertmanagers(cluster) as (_, fake, real):
        life = datetime.now(UTC) + timedelta(minutes=5)
        nameless = [{**posted("x", life)[0], "labels": {}}]
        await compare(fake, real, "POST", "/api/v2/alerts", json=nameless)
        for wrong in (
            silence("x", matchers=False),
            silence("x", begin_s=60, end_s=30),
            silence("x", begin_s=-60, end_s=-30),
        ):
            ours, theirs = await compare(fake, real, "POST", "/api/v2/silences", json=wrong)
            assert ours == theirs
        await compare(fake, real, "GET", "/api/v2/nowhere")


async def test_alertmanager_tells_its_own_time(cluster: Cluster) -> None:
    async with both_alertmanagers(cluster) as (_, fake, real):
        dates = [(await side("GET", "/api/v2/alerts")).headers["date"] for side in (fake, real)]
        assert [date[-4:] for date in dates] == [" GMT"] * 2
        assert dates[0][:16] == dates[1][:16]


# --- the adapters on both ---


def slurm_on(url: str, token: str, conf: str, user: str) -> Source:
    settings = SlurmSettings(
        url=url, user=user, conf=conf, token=SecretSource(SecretPlace.FILE, token), interval_s=0.5
    )
    return SlurmCluster(settings, clock=RealClock())


async def answers(seen: Watcher, requests: list[Request]) -> list[str]:
    return [(await outcome_of(seen, request)).status for request in requests]


def runs(seen: Watcher, job: WorkloadId) -> Callable[[], bool]:
    """Whether a job is on a node."""
    return lambda: any(placed.workload == job for placed in seen.state.cluster.instances.values())


async def test_the_slurm_adapter_gets_the_same_outcomes_from_both(cluster: Cluster, tmp_path: Any) -> None:
    slurm = cluster.slurm
    (tmp_path / "token").write_text("good")
    outcomes = []
    async with FakeSlurm() as wire:
        sources = (
            slurm_on(wire.url, str(tmp_path / "token"), "", slurm.user),
            slurm_on(slurm.url, str(slurm.token_file), str(slurm.conf), slurm.user),
        )
        for source in sources:
            async with watching(source, RealClock()) as seen:
                await seen.synced(within_s=30)
                made = await outcome_of(seen, Submit("agree", command="sleep 30"))
                identity = WorkloadId(made.created[0])
                await seen.until(runs(seen, identity), what="the job runs")
                requests: list[Request] = [
                    Stop((identity,)),
                    Stop((WorkloadId("99999"),)),
                    Submit("agree", image="x", command="y"),
                ]
                kinds = sorted({event.type for event in seen.events} - {"logs.appended", "source.polled"})
                outcomes.append((made.status, await answers(seen, requests), kinds))
    assert outcomes[0] == outcomes[1]
    assert outcomes[1][:2] == ("succeeded", ["succeeded", "failed", "failed"])


async def test_the_alertmanager_adapter_gets_the_same_outcomes_from_both(cluster: Cluster) -> None:
    name = f"Adapter{time.time_ns()}"
    outcomes = []
    async with FakeAlertmanager() as wire:
        wire.clock = RealClock()
        for url in (wire.url, cluster.prometheus.alertmanager_url):
            settings = AlertmanagerSettings(url=url, interval_s=0.5)
            async with watching(AlertmanagerAlerts(settings, clock=RealClock()), RealClock()) as seen:
                await seen.synced()
                requests: list[Request] = [
                    CreateAlert(name, "info"),
                    SilenceAlerts((Matcher("alertname", name),), duration_s=30),
                    SilenceAlerts(()),
                    SilenceAlerts((Matcher("a", "b"),), duration_s=-600),
                    CreateAlert(name, "resolved"),
                    CreateAlert("NobodyMadeThis", "resolved"),
                ]
                outcomes.append(await answers(seen, requests))
    assert outcomes[0] == outcomes[1] == ["succeeded", "succeeded", "failed", "failed", "succeeded", "failed"]


async def test_the_prometheus_adapter_watches_the_same_figures_on_both(cluster: Cluster) -> None:
    found = []
    async with FakePrometheus() as wire:
        wire.clock = time.time()
        for url in (wire.url, cluster.prometheus.url):
            source = PrometheusMetrics(PrometheusSettings(url=url, interval_s=0.5), clock=RealClock())
            async with watching(source, RealClock()) as seen:
                await seen.synced(within_s=30)
                series = seen.state.metrics.series.values()
                keys = sorted({key for one in series for key in one.labels})
                found.append(([i.metric for i in seen.state.metrics.indicators], keys))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "pattern", ["", "%x-%j.log", "%u-%n-%t-%s.out", "%5j-%%-%J", "%A_%a.out", "\\%j.log", "%q.out"]
)
async def test_a_jobs_output_is_looked_for_where_slurm_writes_it(cluster: Cluster, pattern: str) -> None:
    slurm = cluster.slurm
    said = f"written by {time.time_ns()}"
    folder = slurm.jobs / f"paths-{time.time_ns()}"
    folder.mkdir()
    output = ["-o", pattern] if pattern else ["-o", "slurm-%j.out"]
    identity = WorkloadId(slurm.submit(f'echo "{said}"; sleep 30', "-J", "paths", "-D", str(folder), *output))
    source = slurm_on(slurm.url, str(slurm.token_file), str(slurm.conf), slurm.user)
    assert isinstance(source, SlurmCluster)
    async with watching(source, RealClock()) as seen:
        await seen.until(lambda: any(said in str(e) for e in seen.events), what=said, within_s=20)
        found = await source.workload_logs(WorkloadLogs(identity))
        assert [line.text for line in found.lines] == [said]
