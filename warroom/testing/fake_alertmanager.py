"""An Alertmanager without notifications: keeps alerts and silences, and a ledger of what was posted."""

import hashlib
from datetime import UTC, datetime
from typing import Any

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
        self.fire("NodeDown", instance="gpu01")

    def fire(self, name: str, **labels: str) -> str:
        """Let an alert fire; its fingerprint."""
        fresh = alert(name, **labels)
        self.alerts[fresh["fingerprint"]] = fresh
        return str(fresh["fingerprint"])

    def answer(self, request: Request) -> Reply:
        """As Alertmanager does it."""
        if self.token and request.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, b"Unauthorized", "text/plain")
        match request.method, request.path:
            case "GET", "/api/v2/alerts":
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
            labels = dict(one["labels"])
            fresh = {**alert(labels.pop("alertname"), **labels), "annotations": one["annotations"]}
            self.posted.append(one)
            if _time(one["endsAt"]) <= _time(one["startsAt"]) or len(one["labels"]) == 0:
                self.alerts.pop(fresh["fingerprint"], None)
            else:
                self.alerts[fresh["fingerprint"]] = {**fresh, "endsAt": one["endsAt"]}
        return Reply(200)

    def _silence(self, body: dict[str, Any]) -> Reply:
        if not body["matchers"]:
            return json_reply({"code": 612, "message": "matchers in body should have at least 1 items"}, 422)
        if _time(body["endsAt"]) <= _time(body["startsAt"]):
            return json_reply("failed to create silence: end time must not be before start time", 400)
        identity = f"silence-{len(self.silences) + 1}"
        self.silences[identity] = {**body, "id": identity, "status": {"state": "active"}}
        for firing in self.alerts.values():
            if all(firing["labels"].get(m["name"], "") == m["value"] for m in body["matchers"]):
                firing["status"] = {"inhibitedBy": [], "silencedBy": [identity], "state": "suppressed"}
        return json_reply({"silenceID": identity})


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)
