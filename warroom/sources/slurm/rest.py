"""Calls slurmrestd in the version both sides know, and says whether a call may have had an effect."""

from datetime import UTC, datetime
from typing import Any

from warroom.clock import Clock
from warroom.model.text import neutral
from warroom.sources.credentials import Credential
from warroom.sources.failures import Blame, HttpError
from warroom.sources.http import Answer, HttpJson, Limits
from warroom.sources.settings import SlurmSettings
from warroom.sources.slurm.parse_fields import error_numbers, errors_of, number, text
from warroom.sources.slurm.versions import VERSIONS, Version, split_url, version_named

LARGEST = 128 * 1024 * 1024
"""A listing of 50,000 jobs; slurmrestd has no pages."""
WARN_S = 600
"""A token that ends sooner is spoken of."""

UNSURE = {-1, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 5004, 5005, 5006, 5008}
"""Errors between slurmrestd and slurmctld after which the request may have been carried out."""
NO_CONTROLLER = 1800
"""The controller cannot be reached: nothing was sent to it."""


class SlurmRest:
    """One slurmrestd."""

    def __init__(self, name: str, settings: SlurmSettings, *, clock: Clock) -> None:
        address, asked = split_url(settings.url)
        self.name = name
        self.credential = Credential(settings.token, owner=name)
        self._clock = clock
        self._asked = asked
        self._user = settings.user
        self._version: Version | None = None
        limits = Limits(deadline_s=settings.deadline_s, largest=LARGEST)
        self._http = HttpJson(name, address, headers=self._headers, credential=self.credential, limits=limits)
        self.place = self._http.place

    async def _headers(self) -> dict[str, str]:
        secret = await self.credential.get()
        ends = self.credential.ends
        if secret is None:
            return {"X-SLURM-USER-NAME": self._user}
        if ends is not None and ends <= self._clock.now():
            self.credential.forget()
            secret = await self.credential.get()
            if (ends := self.credential.ends) is not None and ends <= self._clock.now() and secret:
                reason = (
                    f"signed out: the token ended at {ends:%Y-%m-%d %H:%M:%SZ}; renew it where it is kept"
                )
                raise HttpError(self.name, reason, blame=Blame.DENIED, sent=False)
        return {
            "X-SLURM-USER-NAME": self._user,
            "X-SLURM-USER-TOKEN": secret.reveal() if secret else "",
        }

    @property
    def token_warning(self) -> str:
        """A sentence when the token ends soon; empty otherwise."""
        ends = self.credential.ends
        if ends is None or (ends - self._clock.now()).total_seconds() > WARN_S:
            return ""
        return f"the token ends at {ends:%H:%M:%SZ}"

    async def version(self) -> Version:
        """The version spoken: the one the URL names, else the newest of ours that answers a ping."""
        if self._version is not None:
            return self._version
        candidates = VERSIONS
        if self._asked:
            named = version_named(self._asked)
            if named is None:
                known = f"{VERSIONS[-1].name} to {VERSIONS[0].name}"
                raise self._refused(f"the URL asks for {self._asked}, warroom speaks {known}")
            candidates = (named,)
        for version in candidates:
            try:
                answer = await self._http.get(f"/slurm/{version.name}/ping")
            except HttpError as error:
                if error.status == 404:
                    continue
                raise
            if answer.status != 404:
                self._version = version
                return version
        raise self._refused("it speaks no version of the Slurm REST interface that warroom knows")

    def _refused(self, reason: str) -> HttpError:
        return HttpError(self.name, reason, blame=Blame.REFUSED, sent=False)

    async def _path(self, path: str) -> str:
        return f"/slurm/{(await self.version()).name}{path}"

    async def ping(self) -> str:
        """Which controllers answer, such as ``controller vm UP``; raises ``HttpError``."""
        answer = await self._http.get(await self._path("/ping"))
        pings = answer.data.get("pings") if isinstance(answer.data, dict) else None
        told = [
            f"controller {text(one, 'hostname')} {text(one, 'ping') or text(one, 'pinged') or 'UNKNOWN'}"
            for one in (pings if isinstance(pings, list) else [])
            if isinstance(one, dict)
        ]
        return ", ".join(told) or self._complaint(answer)

    async def server_time(self) -> int | None:
        """The controller's own clock in seconds; None when it does not tell."""
        answer = await self.checked("/diag")
        statistics = answer.data.get("statistics") if isinstance(answer.data, dict) else None
        return number(statistics, "req_time") if isinstance(statistics, dict) else None

    async def listing(self, what: str, since: int | None) -> Any:
        """``nodes`` or ``jobs``; None when nothing changed since that time of the controller's clock."""
        if since:
            answer = await self._get(f"/{what}", {"update_time": str(since)})
            if answer.status == 304:
                return None
            if answer.status < 400 and not errors_of(answer.data):
                return answer.data
            # 22.05 says "Unspecified error" when nodes changed and their partitions did not: all of it tells more.
        return (await self.checked(f"/{what}")).data

    async def checked(self, path: str) -> Answer:
        """Read; raises ``HttpError`` also for the errors Slurm puts into its answers."""
        answer = await self._get(path)
        if answer.status >= 400 or errors_of(answer.data):
            raise self.error_of(answer)
        return answer

    async def _get(self, path: str, params: dict[str, str] | None = None) -> Answer:
        try:
            answer = await self._http.get(await self._path(path), params=params)
        except HttpError as error:
            self._doubt(error.status)
            raise
        self._doubt(answer.status)
        return answer

    def _doubt(self, status: int | None) -> None:
        """A server that was upgraded meanwhile may have dropped the version that was spoken."""
        if status == 404:
            self._version = None

    async def post(self, path: str, body: Any) -> Answer:
        """Send; the answer may hold errors beside a result."""
        return await self._http.post(await self._path(path), json=body)

    async def delete(self, path: str, *, params: dict[str, str] | None = None) -> Answer:
        """Delete; raises ``HttpError`` also for the errors Slurm puts into its answers."""
        answer = await self._http.delete(await self._path(path), params=params)
        if answer.status >= 400 or errors_of(answer.data):
            raise self.error_of(answer)
        return answer

    def error_of(self, answer: Answer) -> HttpError:
        """What an answer that holds errors means, and whether anything can have happened."""
        numbers = error_numbers(answer.data)
        reason = self._complaint(answer)
        # A refusal with a number of its own is an answer of the controller: nothing was done.
        status = None if numbers & UNSURE else 400 if numbers else answer.status
        if -1 in numbers and (self.credential.cheap or self.credential.ends is None):
            self.credential.forget()
        if numbers == {NO_CONTROLLER}:
            return HttpError(self.name, reason, blame=Blame.SERVER, sent=False)
        return HttpError(self.name, reason, blame=Blame.SERVER, status=status)

    def _complaint(self, answer: Answer) -> str:
        said = neutral("; ".join(dict.fromkeys(errors_of(answer.data))) or f"server error {answer.status}")
        if error_numbers(answer.data) == {-1}:
            # slurmrestd says the same of a dead controller and of a token the controller does not take.
            return f"{said}: the controller does not answer slurmrestd, or does not accept the token"
        return said

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def moment_of(seconds: int | None, otherwise: datetime) -> datetime:
    """The controller's time where it told it, else ours."""
    return datetime.fromtimestamp(seconds, UTC) if seconds else otherwise
