"""A JSON client that protects both ends: deadlines, caps, no redirects, no proxies."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import httpx
import msgspec

from warroom import __version__
from warroom.model.text import neutral
from warroom.sources.credentials import Credential
from warroom.sources.failures import EXCERPT, Blame, HttpError, http_date, retry_after_s, why_unreachable

CONNECT_S = 3.0

AT_ONCE = 262_144
"""Bytes of an answer that are decoded in the event loop; longer ones are decoded beside it."""

Headers = Callable[[], Awaitable[dict[str, str]]]
"""Gives the headers that carry the credentials; asked for each call."""


class Limits(msgspec.Struct, frozen=True):
    """What one server may cost us."""

    deadline_s: float = 10.0
    """For a whole call, from the connection to the last byte read."""
    largest: int = 8 * 1024 * 1024
    """Bytes of one answer."""
    in_flight: int = 4


class Call(msgspec.Struct, frozen=True):
    """One request."""

    method: str
    path: str
    params: Mapping[str, str] | None = None
    json: Any = None
    form: Mapping[str, str] | None = None
    plain: bool = False
    """Any text is an answer, not only JSON."""


class Answer(msgspec.Struct, frozen=True):
    """What a server answered."""

    status: int
    data: Any
    """The decoded JSON; None for an empty body. Of a plain answer that is no JSON: its beginning, as text."""
    date: datetime | None = None
    """The server's own clock, where it says it."""


class HttpJson:
    """Calls one server. Every call raises ``HttpError``, whose reason is fit for the screen."""

    def __init__(
        self, source: str, url: str, *, headers: Headers, credential: Credential, limits: Limits
    ) -> None:
        self.source = source
        self.place = place_of(url)
        self._base = url.rstrip("/")
        self._headers = headers
        self._credential = credential
        self._limits = limits
        self._places = asyncio.Semaphore(limits.in_flight)
        self._client: httpx.AsyncClient | None = None
        self._closed = False

    async def get(self, path: str, *, params: Mapping[str, str] | None = None) -> Answer:
        """Read."""
        return await self._call(Call("GET", path, params))

    async def post(
        self, path: str, *, json: Any = None, form: Mapping[str, str] | None = None, plain: bool = False
    ) -> Answer:
        """Send a JSON body or a form; a plain answer may be any text."""
        return await self._call(Call("POST", path, json=json, form=form, plain=plain))

    async def delete(self, path: str, *, params: Mapping[str, str] | None = None) -> Answer:
        """Delete."""
        return await self._call(Call("DELETE", path, params))

    async def close(self) -> None:
        """Close the connections; a call that comes later fails."""
        self._closed = True
        if self._client is not None:
            client, self._client = self._client, None
            await client.aclose()

    async def _call(self, call: Call) -> Answer:
        headers = await self._headers()
        began: list[str] = []

        async def note(name: str, _: Any) -> None:
            if name.endswith("send_request_headers.started"):
                began.append(name)

        try:
            async with (
                self._places,
                asyncio.timeout(self._limits.deadline_s),
                self._stream(call, headers, note) as response,
            ):
                self._check(response)
                body = await self._body(response)
                if len(body) > AT_ONCE:
                    return await asyncio.to_thread(self._answer, response, body, call.plain)
                return self._answer(response, body, call.plain)
        except TimeoutError as late:
            reason = f"no answer within {self._limits.deadline_s:g} s"
            raise self._failed(reason, Blame.LATE, sent=bool(began)) from late
        except httpx.ConnectTimeout as late:
            reason = f"no connection to {self.place} within {CONNECT_S:g} s"
            raise self._failed(reason, Blame.UNREACHABLE, sent=False) from late
        except httpx.ConnectError as wrong:
            reason = why_unreachable(wrong, self.place)
            raise self._failed(reason, Blame.UNREACHABLE, sent=False) from wrong
        except UnicodeError as wrong:
            reason = "it holds characters that cannot be sent"
            raise self._failed(reason, Blame.REFUSED, sent=False) from wrong
        except httpx.RemoteProtocolError as wrong:
            raise self._failed(self._malformed(wrong), Blame.UNREADABLE, sent=bool(began)) from wrong
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as wrong:
            reason = f"the connection broke: {self._shown(str(wrong))}".removesuffix(": ")
            raise self._failed(reason, Blame.UNREACHABLE, sent=bool(began)) from wrong

    def _stream(self, call: Call, headers: dict[str, str], note: Any) -> Any:
        if self._closed:
            raise self._failed("the connection was closed by the room", Blame.UNREACHABLE, sent=False)
        if self._client is None:
            self._client = httpx.AsyncClient(
                follow_redirects=False,
                trust_env=False,
                timeout=httpx.Timeout(None, connect=min(CONNECT_S, self._limits.deadline_s)),
                headers={"Accept-Encoding": "identity", "User-Agent": f"warroom/{__version__}"},
            )
        content: bytes | None = None
        if call.json is not None:
            content = msgspec.json.encode(call.json)
            headers = {**headers, "Content-Type": "application/json"}
        return self._client.stream(
            call.method,
            self._base + call.path,
            params=call.params,
            content=content,
            data=call.form,
            headers=headers,
            extensions={"trace": note},
        )

    def _check(self, response: httpx.Response) -> None:
        status = response.status_code
        if status // 100 == 3 and status != 304:
            where = place_of(response.headers.get("location", ""))
            reason = f"redirect refused: {self.place} points to {self._shown(where)}"
            raise self._failed(reason, Blame.REDIRECTED, status=status)
        encoding = response.headers.get("content-encoding", "identity").lower()
        if encoding not in ("", "identity"):
            said = self._shown(encoding)
            raise self._failed(f"compressed answer ({said}) that was not asked for", Blame.UNREADABLE)

    async def _body(self, response: httpx.Response) -> bytes:
        body = bytearray()
        async for chunk in response.aiter_raw():
            body += chunk
            if len(body) > self._limits.largest:
                size = f"{self._limits.largest / 1024 / 1024:g} MiB"
                raise self._failed(f"answer of more than {size}, not read further", Blame.TOO_LARGE)
        return bytes(body)

    def _answer(self, response: httpx.Response, body: bytes, plain: bool) -> Answer:
        body = self._credential.hidden_in_body(body)
        status = response.status_code
        date = http_date(response.headers.get("date", ""))
        if status == 401:
            reason = "signed out: the credentials were not accepted (401)"
            raise self._failed(reason, Blame.DENIED, status=status)
        if status == 403:
            reason = f"not allowed (403): {self._excerpt(body)}".rstrip(": ")
            raise self._failed(reason, Blame.FORBIDDEN, status=status)
        if status == 429:
            asked = retry_after_s(response.headers.get("retry-after", ""), date)
            again = f"; it wants {asked:.0f} s of patience" if asked else ""
            error = self._failed(f"asked to slow down (429){again}", Blame.SLOW_DOWN, status=status)
            error.retry_after_s = asked
            raise error
        try:
            data = msgspec.json.decode(body) if body.strip() else None
        except (msgspec.DecodeError, ValueError, RecursionError) as wrong:
            if plain:
                return Answer(status, self._excerpt(body), date)
            raise self._unreadable(status, body) from wrong
        return Answer(status, data, date)

    def _unreadable(self, status: int, body: bytes) -> HttpError:
        said = self._excerpt(body)
        if status >= 500:
            return self._failed(f"server error {status}: {said}", Blame.SERVER, status=status)
        if status >= 400:
            return self._failed(f"refused with {status}: {said}", Blame.REFUSED, status=status)
        kind = "a web page (HTML)" if body.lstrip()[:1] == b"<" else "something else, or cut off"
        return self._failed(f"the answer is no JSON but {kind}: {said}", Blame.UNREADABLE)

    def _excerpt(self, body: bytes) -> str:
        return self._shown(body[:2000].decode("utf-8", "replace").strip())

    def _shown(self, text: str) -> str:
        return neutral(self._credential.hidden_in(text))[:EXCERPT]

    def _malformed(self, wrong: httpx.RemoteProtocolError) -> str:
        """What is wrong: there is one class for an answer cut off, for none at all and for one that is no HTTP."""
        said = str(wrong)
        if "complete message" in said:
            return "the answer was cut off"
        if "without sending" in said or not said:
            return "the connection was closed without an answer"
        return f"the answer is no HTTP: {self._shown(said)}"

    def _failed(
        self, reason: str, blame: Blame, *, sent: bool = True, status: int | None = None
    ) -> HttpError:
        return HttpError(self.source, reason, blame=blame, sent=sent, status=status)


def place_of(url: str) -> str:
    """Scheme, host and port of a URL, without what may be secret in it."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "no address"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else "another address"
