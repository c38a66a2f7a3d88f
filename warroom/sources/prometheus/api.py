"""Queries one Prometheus, bounded in points, series and calls in flight."""

import asyncio
from collections.abc import Awaitable, Coroutine, Sequence
from datetime import datetime
from typing import Any, TypeVar

from warroom.errors import SourceError, Unreadable
from warroom.model.text import neutral
from warroom.sources.credentials import Credential
from warroom.sources.failures import Blame, HttpError
from warroom.sources.http import Answer, HttpJson, Limits
from warroom.sources.prometheus.parse import Found, error_of, parse_answer
from warroom.sources.settings import PrometheusSettings

MOST_POINTS = 11_000
"""Prometheus' own limit of points a series."""
QUERY_REFUSED = (400, 422)
"""The query cannot be read, or not be computed."""

T = TypeVar("T")


class PrometheusApi:
    """One Prometheus, or a server that speaks like it."""

    def __init__(self, name: str, settings: PrometheusSettings) -> None:
        self.credential = Credential(settings.token, owner=name)
        self._name = name
        self._most = settings.most_series
        self._timeout = f"{settings.deadline_s:g}s"
        self._takes_timeout = True
        limits = Limits(deadline_s=settings.deadline_s)
        self._http = HttpJson(
            name, settings.url, headers=self._headers, credential=self.credential, limits=limits
        )
        self.place = self._http.place

    async def _headers(self) -> dict[str, str]:
        secret = await self.credential.get()
        return {"Authorization": f"Bearer {secret.reveal()}"} if secret else {}

    async def instant(self, query: str) -> Found:
        """The query's value now; raises ``SourceError``, ``Unreadable``."""
        return parse_answer(await self._query("query", {"query": query}), most=self._most)

    async def range(self, query: str, start: datetime, end: datetime, step_s: float) -> Found:
        """The query over a time; raises ``SourceError``, ``Unreadable``."""
        form = {
            "query": query,
            "start": f"{start.timestamp():.3f}",
            "end": f"{end.timestamp():.3f}",
            "step": f"{step_s:g}",
        }
        return parse_answer(await self._query("query_range", form), most=self._most)

    async def instant_or_refusal(self, query: str) -> Found:
        """The query's value now; one the server cannot compute is a figure without data, not a lost server."""
        return await _or_refusal(self.instant(query))

    async def range_or_refusal(self, query: str, start: datetime, end: datetime, step_s: float) -> Found:
        """The query over a time, likewise."""
        return await _or_refusal(self.range(query, start, end, step_s))

    async def _query(self, what: str, form: dict[str, str]) -> Any:
        answer = await self._send(what, form)
        if answer.status == 400 and self._takes_timeout and "timeout" in error_of(answer.data, 400).lower():
            # Some compatible servers know no timeout.
            self._takes_timeout = False
            answer = await self._send(what, form)
        if answer.status >= 400:
            reason = error_of(answer.data, answer.status)
            blame = Blame.REFUSED if answer.status in QUERY_REFUSED else Blame.SERVER
            raise HttpError(self._name, reason, blame=blame, status=answer.status)
        return answer.data

    async def _send(self, what: str, form: dict[str, str]) -> Answer:
        bounded = {**form, "timeout": self._timeout} if self._takes_timeout else form
        return await self._http.post(f"/api/v1/{what}", form=bounded)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


async def _or_refusal(call: Awaitable[Found]) -> Found:
    try:
        return await call
    except HttpError as error:
        if error.blame is not Blame.REFUSED:
            raise
        return Found((), refused=neutral(error.reason))


async def together(calls: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """The results of several calls at once; raises the first failure among them and drops the rest."""
    try:
        async with asyncio.TaskGroup() as crew:
            tasks = [crew.create_task(call) for call in calls]
    except* (SourceError, Unreadable) as wrong:
        failures = wrong
    else:
        return [task.result() for task in tasks]
    raise _first(failures)


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    first = group.exceptions[0]
    return _first(first) if isinstance(first, BaseExceptionGroup) else first
