"""Delivers updates: posts to web hooks, appends to files, creates alerts; tells a no from a doubt."""

import fcntl
import os
import stat
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import SplitResult, urlsplit

from warroom.errors import SourceError
from warroom.host.ports import Outcome
from warroom.host.updates import Sent
from warroom.model.requests import CreateAlert
from warroom.model.response import TargetKind, UpdateKind
from warroom.model.text import Safe, neutral
from warroom.response.updates.targets import UpdateTarget
from warroom.sources.blocking import in_thread
from warroom.sources.credentials import Credential
from warroom.sources.failures import HttpError
from warroom.sources.http import Answer, HttpJson, Limits
from warroom.state.updates import Update

DEADLINE_S = 10.0
PATIENCE = (408, 425, 429)
"""A no that another attempt may change."""
GATEWAY = (502, 504)
TAIL = 1024 * 1024
"""Bytes of a file that are searched for an update before it is appended."""
CreateAlertCall = Callable[[CreateAlert, str], Awaitable[Outcome]]
"""Creates an alert through a source of the room; the text is the operation's id."""
SEVERITIES = {UpdateKind.FIRST: "warning", UpdateKind.PROGRESS: "warning"}


class Sender:
    """All targets of one room."""

    def __init__(self, targets: Mapping[str, UpdateTarget], create_alert: CreateAlertCall | None) -> None:
        self._targets = targets
        self._create_alert = create_alert

    def counts_once(self, target: str) -> bool:
        """Files are read before they are written, alerts of the same labels are one; hooks as the config says."""
        known = self._targets.get(target)
        return known is not None and (known.idempotent or known.kind in (TargetKind.FILE, TargetKind.ALERT))

    async def send(self, target: str, update: Update, key: str) -> Sent:
        """One attempt; never raises for a network or an answer."""
        known = self._targets.get(target)
        if known is None:
            return Sent(False, Safe("this target is no longer configured"), hopeless=True)
        try:
            match known.kind:
                case TargetKind.SLACK | TargetKind.JSON:
                    return await self._post(known, update, key)
                case TargetKind.FILE:
                    return await self._append(known, update, key)
                case TargetKind.ALERT:
                    return await self._alert(update, key)
        except SourceError as wrong:
            return Sent(False, neutral(wrong.reason))

    async def close(self) -> None:
        """Nothing stays open between two updates."""

    async def _post(self, target: UpdateTarget, update: Update, key: str) -> Sent:
        address = Credential(target.secret_url, owner=target.name)
        token = Credential(target.token, owner=target.name)
        secret = await address.get()
        parts = _parts(secret.reveal() if secret else target.url)
        if parts is None:
            return Sent(
                False, neutral(f"what is kept as url of {target.name} is no web address"), hopeless=True
            )

        async def headers() -> dict[str, str]:
            known = await token.get()
            signed = {"Authorization": f"Bearer {known.reveal()}"} if known else {}
            return {**signed, "Idempotency-Key": key} if target.kind is TargetKind.JSON else signed

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
            answer = await http.post(path, json=_body(target.kind, update, key), plain=True)
        except HttpError as wrong:
            return _not_answered(wrong, hide)
        finally:
            await http.close()
        return _answered(answer, hide)

    async def _append(self, target: UpdateTarget, update: Update, key: str) -> Sent:
        path = os.path.expanduser(target.path)  # noqa: ASYNC240, PTH111 - no file is touched
        mark = f"--- {update.update} {update.kind} {update.written:%Y-%m-%dT%H:%M:%SZ} {key}\n"
        text = f"{mark}{update.text}\n"
        try:
            new = await in_thread(
                lambda: _appended(path, mark, text), owner=target.name, deadline_s=DEADLINE_S
            )
        except OSError as wrong:
            return Sent(False, neutral(f"cannot write {target.path}: {wrong.strerror}"))
        except SourceError as late:
            # The file may still take it once it answers.
            return Sent(False, neutral(late.reason), unknown=True)
        return Sent(True, neutral(f"{'appended to' if new else 'stands already in'} {target.path}"))

    async def _alert(self, update: Update, key: str) -> Sent:
        if self._create_alert is None:
            return Sent(False, Safe("no source of this room can create alerts"), hopeless=True)
        first = update.text.partition("\n")[0]
        request = CreateAlert(
            f"incident-update-{update.update.lower()}",
            SEVERITIES.get(update.kind, "info"),
            neutral(first),
            labels={"update": key},
        )
        outcome = await self._create_alert(request, key)
        return Sent(outcome.status == "succeeded", outcome.detail, unknown=outcome.status == "unknown")


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
        return parts if sound and (parts.port is None or parts.port) else None
    except ValueError:
        return None


def _appended(path: str, mark: str, text: str) -> bool:
    """Append to a file that does not hold the mark yet; whether it was new. Raises ``OSError``."""
    handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NONBLOCK, 0o644)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(0, "it is no regular file")
    with os.fdopen(handle, "rb+") as file:
        fcntl.flock(handle, fcntl.LOCK_EX)
        file.seek(max(0, os.fstat(handle).st_size - TAIL))
        if f"\n{mark}".encode() in b"\n" + file.read():
            return False
        file.write(text.encode())
        file.flush()
        os.fsync(handle)
    return True


def _not_answered(wrong: HttpError, hide: Callable[[str], str]) -> Sent:
    """Without a status no answer came, and what left may have arrived; with one it is a plain no."""
    status = wrong.status
    return Sent(
        False,
        neutral(hide(wrong.reason)),
        unknown=wrong.sent and status is None,
        hopeless=status is not None and 300 <= status < 500 and status not in PATIENCE,
        wait_s=wrong.retry_after_s or 0.0,
    )


def _answered(answer: Answer, hide: Callable[[str], str]) -> Sent:
    """What a hook's answer means. A gateway's error says nothing of what is behind it."""
    status, said = answer.status, answer.data if isinstance(answer.data, str) else ""
    if status in GATEWAY:
        return Sent(False, neutral(hide(f"a gateway answered {status}: it may have arrived")), unknown=True)
    if status >= 400:
        words = neutral(hide(f"refused with {status}: {said}".rstrip(": ")))
        return Sent(False, words, hopeless=status < 500 and status not in PATIENCE)
    if said.lstrip().startswith("<"):
        words = neutral(hide(f"answered {status} with a web page, as a sign-in does: {said}"))
        return Sent(False, words, hopeless=True)
    if isinstance(answer.data, dict) and answer.data.get("ok") is False:
        words = neutral(hide(f"answered {status}, but not ok: {str(answer.data.get('error', ''))[:80]}"))
        return Sent(False, words, hopeless=True)
    return Sent(True, neutral(f"answered {status}"))


def _body(kind: TargetKind, update: Update, key: str) -> dict[str, Any]:
    if kind is TargetKind.SLACK:
        return {"text": str(update.text)}
    return {
        "id": key,
        "update": update.update,
        "kind": update.kind.value,
        "text": str(update.text),
        "by": str(update.by.name),
        "written": update.written.isoformat(),
        "promised": update.promised.isoformat() if update.promised else None,
        "next_update": update.next_due.isoformat() if update.next_due else None,
    }
