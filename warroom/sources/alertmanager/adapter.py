"""Alertmanager behind the ports: polls alerts and silences, sets silences, makes and resolves alerts."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from warroom.clock import Clock
from warroom.errors import SourceError, Unreadable
from warroom.events.alerts import AlertsChanged, SilencesChanged
from warroom.events.base import Event
from warroom.events.sources import SourceAnnounced
from warroom.host.ports import Observation, Outcome, Report
from warroom.model.nouns import Alert, Fingerprint, Matcher, Silence
from warroom.model.requests import (
    RESOLVED,
    ActionKind,
    Capability,
    CreateAlert,
    EndSilences,
    Request,
    SilenceAlerts,
)
from warroom.model.text import Safe, neutral
from warroom.sources.alertmanager.made import Made, MadeAlerts, body_of, identity_of, made_from
from warroom.sources.alertmanager.parse import (
    comments,
    error_of,
    parse_alerts,
    parse_silences,
    posted_here,
    raw_texts,
)
from warroom.sources.credentials import Credential
from warroom.sources.failures import Blame, HttpError
from warroom.sources.http import Answer, HttpJson, Limits
from warroom.sources.names import is_plain, signed
from warroom.sources.polling import Poller
from warroom.sources.reflector import difference, relist
from warroom.sources.settings import AlertmanagerSettings
from warroom.state.slices import State

CREATED_BY = "warroom"

CAPABILITIES = (
    Capability(
        ActionKind.SILENCE,
        wording=Safe("matching alerts notify nobody until it ends; they stay listed here as silenced"),
        call=Safe("POST /api/v2/silences {target}"),
    ),
    Capability(
        ActionKind.END_SILENCE,
        wording=Safe("the silence expires now; its alerts notify again"),
        call=Safe("DELETE /api/v2/silence/{target}"),
    ),
    Capability(
        ActionKind.CREATE_ALERT,
        wording=Safe(f"everyone routed to reads it; kept alive by this room until created as {RESOLVED}"),
        call=Safe("POST /api/v2/alerts alertname={target}"),
    ),
)


class AlertmanagerAlerts:
    """Source and actuator of one Alertmanager."""

    def __init__(self, settings: AlertmanagerSettings, *, clock: Clock, name: str = "alertmanager") -> None:
        self.name = name
        self._settings = settings
        self._clock = clock
        self._life = timedelta(seconds=settings.alert_life_s)
        self._made = MadeAlerts(self._life)
        self._listed: Any = []
        """The alerts as the server listed them last."""
        self._credential = Credential(settings.token, owner=name)
        self._http = HttpJson(
            name,
            settings.url,
            headers=self._headers,
            credential=self._credential,
            limits=Limits(deadline_s=settings.deadline_s, largest=32 * 1024 * 1024),
        )
        self._alerts: dict[Fingerprint, Alert] = {}
        self._silences: dict[str, Silence] = {}
        self._ahead = timedelta(0)
        self._first = True
        self._poller = Poller(
            name,
            self._look,
            clock=clock,
            interval_s=settings.interval_s,
            denied=self._credential.forget,
        )

    async def _headers(self) -> dict[str, str]:
        secret = await self._credential.get()
        return {"Authorization": f"Bearer {secret.reveal()}"} if secret else {}

    def announce(self) -> SourceAnnounced:
        """What is reached where, and what can be done through it."""
        return SourceAnnounced(
            kind="alertmanager",
            roles=("alerts",),
            address=neutral(self._http.place),
            interval_s=self._settings.interval_s,
            capabilities=CAPABILITIES,
        )

    def recall(self, state: State) -> None:
        """What a host before this one saw: what ended meanwhile is told as ended."""
        self._alerts, self._silences = dict(state.alerts.alerts), dict(state.alerts.silences)

    def observe(self) -> AsyncIterator[Observation]:
        """Alerts and silences, for ever."""
        return self._poller.observe()

    async def close(self) -> None:
        """Close the connections. Alerts made here end by themselves when their life is over."""
        await self._http.close()

    async def _look(self, watching: bool) -> list[Event]:
        listed = await self._checked("/api/v2/alerts")
        alerts = parse_alerts(listed.data)
        self._listed = listed.data
        silences = parse_silences((await self._checked("/api/v2/silences")).data)
        if listed.date is not None:
            self._ahead = listed.date - self._clock.now().replace(microsecond=0)
        self._poller.detail = await self._keep_alive(alerts)
        events: list[Event] = []
        changes = difference(relist(self._alerts, alerts, watching=watching))
        if self._first or not changes.empty:
            events.append(
                AlertsChanged(alerts=changes.changed, resolved=changes.gone, witnessed=changes.witnessed)
            )
        quiet = difference(relist(self._silences, silences, watching=watching))
        if not quiet.empty:
            events.append(SilencesChanged(silences=quiet.changed, ended=quiet.gone))
        self._alerts, self._silences, self._first = alerts, silences, False
        return events

    async def _checked(self, path: str) -> Answer:
        return self._good(await self._http.get(path))

    def _good(self, answer: Answer) -> Answer:
        if answer.status >= 400:
            blame = Blame.REFUSED if answer.status < 500 else Blame.SERVER
            reason = error_of(answer.data, answer.status)
            raise HttpError(self.name, reason, blame=blame, status=answer.status)
        return answer

    async def _keep_alive(self, alerts: dict[Fingerprint, Alert]) -> str:
        """Post again what is due; why that failed, which does not keep us from seeing."""
        now = self._clock.now()
        due = self._made.due(now, {identity_of(alert.labels) for alert in alerts.values()})
        if not due:
            return ""
        here = now + self._ahead
        try:
            await self._post([body_of(made, here if made.ending else here + self._life) for made in due])
        except HttpError as error:
            names = ", ".join(sorted({made.name for made in due})[:4])
            return f"alerts made here cannot be kept alive ({names}): {error.reason}"
        for made in due:
            self._made.put(msgspec.structs.replace(made, posted=now))
        return ""

    async def _post(self, alerts: Sequence[dict[str, Any]]) -> None:
        self._good(await self._http.post("/api/v2/alerts", json=alerts))

    async def carry_out(self, request: Request, *, operation: str, report: Report) -> Outcome:
        """Make the call; never raises for a refusal or a broken link."""
        try:
            match request:
                case SilenceAlerts():
                    return await self._silence(request, operation)
                case EndSilences():
                    return await self._end(request, report)
                case CreateAlert() if request.severity == RESOLVED:
                    return await self._resolve(request)
                case CreateAlert():
                    return await self._create(request, operation)
                case _:
                    return Outcome("failed", Safe("Alertmanager only knows alerts and silences"))
        except HttpError as error:
            return Outcome("failed" if error.nothing_done else "unknown", neutral(error.reason))
        except (SourceError, Unreadable) as wrong:
            return Outcome("failed", neutral(str(wrong)))

    async def _silence(self, request: SilenceAlerts, operation: str) -> Outcome:
        raw = raw_texts(self._listed)
        starts = self._clock.now() + self._ahead
        ends = starts + timedelta(seconds=request.duration_s)
        body = {
            "matchers": [
                {"name": m.name, "value": _raw_value(m, raw), "isRegex": m.is_regex, "isEqual": m.is_equal}
                for m in request.matchers
            ],
            "startsAt": starts.isoformat().replace("+00:00", "Z"),
            "endsAt": ends.isoformat().replace("+00:00", "Z"),
            "createdBy": CREATED_BY,
            "comment": signed(str(request.comment) or "silenced from the war room", operation),
        }
        try:
            answer = self._good(await self._http.post("/api/v2/silences", json=body))
        except HttpError as error:
            return await self._look_for(operation, error)
        identity = answer.data.get("silenceID") if isinstance(answer.data, dict) else None
        if not isinstance(identity, str):
            lost = HttpError(self.name, "the answer names no silence", blame=Blame.UNREADABLE)
            return await self._look_for(operation, lost)
        return Outcome("succeeded", neutral(f"silence until {ends:%H:%M:%SZ}"), (str(neutral(identity)),))

    async def _end(self, request: EndSilences, report: Report) -> Outcome:
        for place, identity in enumerate(request.silences, 1):
            if not is_plain(identity):
                return Outcome("failed", neutral(f"not the id of a silence: {identity}"))
            self._good(await self._http.delete(f"/api/v2/silence/{identity}"))
            report(neutral(f"silence {identity} ended"), place, len(request.silences))
        return Outcome("succeeded", neutral(f"{len(request.silences)} ended"))

    async def _look_for(self, operation: str, error: HttpError) -> Outcome:
        """Posting again would make two: the silence is looked for by the operation's id in its comment."""
        if error.nothing_done:
            return Outcome("failed", neutral(error.reason))
        mark = signed("", operation)
        try:
            answer = await self._checked("/api/v2/silences")
            found = [identity for identity, comment in comments(answer.data).items() if mark in comment]
        except (SourceError, Unreadable) as wrong:
            told = f"{error.reason}; whether a silence carries {mark} could not be seen either: {wrong}"
            return Outcome("unknown", neutral(told))
        if found:
            return Outcome("succeeded", Safe("found by its comment"), (str(neutral(found[0])),))
        return Outcome("unknown", neutral(f"{error.reason}; no silence with {mark} is listed"))

    async def _create(self, request: CreateAlert, operation: str) -> Outcome:
        now = self._clock.now()
        made = msgspec.structs.replace(made_from(request, operation, now + self._ahead), posted=now)
        # Posting the same labels twice is one alert: it may be kept alive even when the answer is lost.
        self._made.put(made)
        try:
            await self._post([body_of(made, now + self._ahead + self._life)])
        except HttpError as error:
            if error.nothing_done:
                self._made.drop(made)
            raise
        return Outcome(
            "succeeded", neutral(f"alert {request.name} posted, kept alive by this room"), (request.name,)
        )

    async def _resolve(self, request: CreateAlert) -> Outcome:
        now = self._clock.now()
        # An earlier host of this room, or another room, may have made it.
        made = self._made.named(request.name) or [
            Made(labels, "", "", now + self._ahead, now) for labels in posted_here(self._listed, request.name)
        ]
        if not made:
            return Outcome("failed", neutral(f"no war room made an alert {request.name} that is listed"))
        ending = [msgspec.structs.replace(one, ending=True) for one in made]
        for one in ending:
            # Until the answer comes nobody may keep it alive.
            self._made.put(one)
        try:
            await self._post([body_of(one, now + self._ahead) for one in ending])
        except HttpError as error:
            if error.nothing_done:
                for one in made:
                    self._made.put(one)
            raise
        for one in ending:
            self._made.drop(one)
        return Outcome("succeeded", neutral(f"alert {request.name} resolved"), (request.name,))


def _raw_value(matcher: Matcher, raw: Mapping[str, set[str]]) -> str:
    """What the server must compare with: people choose by what they see, which is not always what is there."""
    values = raw.get(matcher.value, {matcher.value})
    if matcher.is_regex:
        return matcher.value
    if len(values) > 1:
        raise SourceError(
            "alertmanager", f"{matcher.name}={matcher.value} stands for {len(values)} values that look alike"
        )
    return next(iter(values))
