"""Delivers updates: posts to web hooks, appends to files, creates alerts; tells a no from a doubt."""

import os
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from warroom.errors import SourceError
from warroom.host.ports import Outcome
from warroom.host.updates import Sent
from warroom.model.requests import CreateAlert
from warroom.model.response import TargetKind, UpdateKind
from warroom.model.text import Safe, neutral
from warroom.response.updates.targets import UpdateTarget
from warroom.sources.blocking import in_thread
from warroom.sources.credentials import Credential
from warroom.sources.failures import Blame, HttpError
from warroom.sources.http import HttpJson, Limits
from warroom.state.updates import Update

DEADLINE_S = 10.0
CreateAlertCall = Callable[[CreateAlert, str], Awaitable[Outcome]]
"""Creates an alert through a source of the room; the text is the operation's id."""
SEVERITIES = {UpdateKind.FIRST: "warning", UpdateKind.PROGRESS: "warning"}


class Sender:
    """All targets of one room."""

    def __init__(self, targets: Mapping[str, UpdateTarget], create_alert: CreateAlertCall | None) -> None:
        self._targets = targets
        self._create_alert = create_alert

    async def send(self, target: str, update: Update) -> Sent:
        """One attempt; never raises for a network or an answer."""
        known = self._targets.get(target)
        if known is None:
            return Sent(False, Safe("this target is no longer configured"), hopeless=True)
        try:
            match known.kind:
                case TargetKind.SLACK | TargetKind.JSON:
                    return await self._post(known, update)
                case TargetKind.FILE:
                    return await self._append(known, update)
                case TargetKind.ALERT:
                    return await self._alert(update)
        except SourceError as wrong:
            return Sent(False, neutral(wrong.reason))

    async def close(self) -> None:
        """Nothing stays open between two updates."""

    async def _post(self, target: UpdateTarget, update: Update) -> Sent:
        address = Credential(target.secret_url, owner=target.name)
        token = Credential(target.token, owner=target.name)
        secret = await address.get()
        parts = urlsplit(secret.reveal() if secret else target.url)

        async def headers() -> dict[str, str]:
            known = await token.get()
            return {"Authorization": f"Bearer {known.reveal()}"} if known else {}

        def hide(text: str) -> str:
            # A server may say which path it was asked for, and the path is the secret.
            return text.replace(parts.path, "/***") if secret and len(parts.path) > 1 else text

        http = HttpJson(
            target.name,
            f"{parts.scheme}://{parts.netloc}",
            headers=headers,
            credential=token,
            limits=Limits(deadline_s=DEADLINE_S, largest=1024 * 1024),
        )
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            answer = await http.post(path, json=_body(target.kind, update))
        except HttpError as wrong:
            return _not_taken(wrong, hide)
        finally:
            await http.close()
        if answer.status >= 400:
            refused = HttpError(
                target.name,
                f"refused with {answer.status}",
                blame=Blame.REFUSED if answer.status < 500 else Blame.SERVER,
                status=answer.status,
            )
            return _not_taken(refused, hide)
        return Sent(True, neutral(f"answered {answer.status}"))

    async def _append(self, target: UpdateTarget, update: Update) -> Sent:
        path = os.path.expanduser(target.path)  # noqa: ASYNC240, PTH111 - no file is touched
        text = f"--- {update.update} {update.kind} {update.written:%Y-%m-%dT%H:%M:%SZ}\n{update.text}\n"

        def append() -> None:
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
            with os.fdopen(handle, "a", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())

        try:
            await in_thread(append, owner=target.name, deadline_s=DEADLINE_S)
        except OSError as wrong:
            return Sent(False, neutral(f"cannot write {target.path}: {wrong.strerror}"))
        return Sent(True, neutral(f"appended to {target.path}"))

    async def _alert(self, update: Update) -> Sent:
        if self._create_alert is None:
            return Sent(False, Safe("no source of this room can create alerts"), hopeless=True)
        first = update.text.partition("\n")[0]
        request = CreateAlert(
            f"incident-update-{update.update.lower()}", SEVERITIES.get(update.kind, "info"), neutral(first)
        )
        outcome = await self._create_alert(request, update.update)
        return Sent(outcome.status == "succeeded", outcome.detail, unknown=outcome.status == "unknown")


def _not_taken(wrong: HttpError, hide: Callable[[str], str]) -> Sent:
    """An error the server answered with is a no; what left and got no answer may have arrived."""
    answered = wrong.status is not None
    if wrong.status is not None and wrong.status // 100 == 2:
        # Slack answers with the bare word "ok", which is no JSON.
        return Sent(True, neutral(f"answered {wrong.status}"))
    unknown = wrong.sent and not answered
    hopeless = (
        answered and wrong.status is not None and 400 <= wrong.status < 500 and wrong.status not in (408, 429)
    )
    return Sent(
        False,
        neutral(hide(wrong.reason)),
        unknown=unknown,
        hopeless=hopeless,
        wait_s=wrong.retry_after_s or 0.0,
    )


def _body(kind: TargetKind, update: Update) -> dict[str, Any]:
    if kind is TargetKind.SLACK:
        return {"text": str(update.text)}
    return {
        "update": update.update,
        "kind": update.kind.value,
        "text": str(update.text),
        "by": str(update.by.name),
        "written": update.written.isoformat(),
        "promised": update.promised.isoformat() if update.promised else None,
        "next_update": update.next_due.isoformat() if update.next_due else None,
    }
