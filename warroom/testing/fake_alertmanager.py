"""An Alertmanager without notifications: keeps alerts and silences, and a ledger of what was posted."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from warroom.clock import Clock
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.wire import Reply, Request, Wire, json_reply


def alert(name: str, **labels: str) -> dict[str, Any]:
    """An alert as Alertmanager lists it."""
    every = {"alertname": name, "severity": "critical", **labels}
    return {
        "annotations": {"summary": f"{name} fires"},
        "endsAt": "2026-03-02T14:10:00.000Z",
        "fingerprint": hashlib.sha256(repr(sorted(every.items())).encode()).hexdigest()[:16],
        "receivers": [{"name": "nobody"}],
        "startsAt": "2026-03-02T13:55:00.976Z",
        "status": {"inhibitedBy": [], "silencedBy": [], "state": "active"},
        "updatedAt": "2026-03-02T13:59:59.000Z",
        "generatorURL": "http://127.0.0.1/graph",
        "labels": every,
    }


class FakeAlertmanager(Wire):
    """One server."""

    def __init__(self) -> None:
        super().__init__()
        self.alerts: dict[str, dict[str, Any]] = {}
        self.silences: dict[str, dict[str, Any]] = {}
        self.posted: list[dict[str, Any]] = []
        self.token = ""
        self.clock: Clock = LeapingClock()
        """What it takes for now; a test gives it the source's own."""
        self.ahead = timedelta(0)
        """How wrong its clock is."""
        self._ends: dict[str, datetime] = {}
        self.fire("NodeDown", instance="gpu01")

    def fire(self, name: str, **labels: str) -> str:
        """Let an alert fire; its fingerprint."""
        fresh = alert(name, **labels)
        self.alerts[fresh["fingerprint"]] = fresh
        return str(fresh["fingerprint"])

    @property
    def now(self) -> datetime:
        """By its own clock."""
        return self.clock.now() + self.ahead

    def answer(self, request: Request) -> Reply:
        """As Alertmanager does it; it says its own time with every answer."""
        reply = self._answer(request)
        return msgspec.structs.replace(reply, headers={"Date": f"{self.now:%a, %d %b %Y %H:%M:%S} GMT"})

    def _answer(self, request: Request) -> Reply:
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, b"Unauthorized", "text/plain")
        match request.method, request.path:
            case "GET", "/api/v2/alerts":
                for fingerprint in [f for f, ends in self._ends.items() if ends <= self.now]:
                    self._ends.pop(fingerprint)
                    self.alerts.pop(fingerprint, None)
                return json_reply(list(self.alerts.values()))
            case "GET", "/api/v2/silences":
                return json_reply(list(self.silences.values()))
            case "POST", "/api/v2/alerts":
                return self._post(request.json)
            case "POST", "/api/v2/silences":
                return self._silence(request.json)
            case _:
                return json_reply({"code": 404, "message": "path was not found"}, 404)

    def _post(self, alerts: list[dict[str, Any]]) -> Reply:
        for one in alerts:
            labels = {key: value for key, value in one["labels"].items() if value}
            if not labels:
                return json_reply("at least one label pair required", 400)
            if _time(one["endsAt"]) < _time(one["startsAt"]):
                return json_reply("start time must be before end time", 400)
            self.posted.append(one)
            given = {key: one[key] for key in ("annotations", "startsAt", "endsAt")}
            fresh = {**alert(labels.pop("alertname"), **labels), **given}
            self.alerts[fresh["fingerprint"]] = fresh
            self._ends[fresh["fingerprint"]] = _time(one["endsAt"])
        return Reply(200)

    def _silence(self, body: dict[str, Any]) -> Reply:
        if not body["matchers"]:
            return json_reply({"code": 612, "message": "matchers in body should have at least 1 items"}, 422)
        if _time(body["endsAt"]) <= _time(body["startsAt"]):
            return json_reply("failed to create silence: end time must not be before start time", 400)
        if _time(body["endsAt"]) <= self.now:
            return json_reply("failed to create silence: end time can't be in the past", 400)
        identity = f"silence-{len(self.silences) + 1}"
        self.silences[identity] = {**body, "id": identity, "status": {"state": "active"}}
        for firing in self.alerts.values():
            if all(firing["labels"].get(m["name"], "") == m["value"] for m in body["matchers"]):
                firing["status"] = {"inhibitedBy": [], "silencedBy": [identity], "state": "suppressed"}
        return json_reply({"silenceID": identity})


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
