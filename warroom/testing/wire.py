"""A loopback HTTP server that speaks a back end's wire and can be made to misbehave in every way a network does."""

import asyncio
from enum import StrEnum
from typing import Any, Self
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec


class Fault(StrEnum):
    """How a server misbehaves."""

    NONE = "none"
    SILENT = "silent"
    """Takes the request and never answers."""
    DROPS_ANSWER = "drops answer"
    """Carries the request out and closes without a word."""
    CUT = "cut"
    """Sends half of the body and closes."""
    DRIP = "drip"
    """Sends a byte now and then, without end."""
    ENDLESS = "endless"
    DENIES = "401"
    FORBIDS = "403"
    SLOW_DOWN = "429"
    BROKEN = "503"
    HTML = "html"
    GARBAGE = "garbage"
    REDIRECTS = "redirects"
    ECHOES = "echoes"
    """Refuses with an error that repeats everything it was sent, credentials included."""


class Request(msgspec.Struct, frozen=True):
    """What came over the wire."""

    method: str
    path: str
    params: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The decoded body."""
        return msgspec.json.decode(self.body)

    @property
    def form(self) -> dict[str, str]:
        """The decoded form."""
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


class Reply(msgspec.Struct, frozen=True):
    """What is sent back."""

    status: int = 200
    body: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = {}


def json_reply(data: Any, status: int = 200) -> Reply:
    """A JSON answer."""
    return Reply(status, msgspec.json.encode(data))


PAGE = b"<html><body><h1>Please sign in</h1></body></html>"
PLAIN_FAULTS = {
    Fault.DENIES: Reply(401, b"Authentication failure", "text/plain"),
    Fault.FORBIDS: Reply(403, b"forbidden: User cannot list", "text/plain"),
    Fault.SLOW_DOWN: Reply(429, b"slow down", "text/plain", {"Retry-After": "40"}),
    Fault.BROKEN: Reply(503, PAGE, "text/html"),
    Fault.HTML: Reply(200, PAGE, "text/html"),
    Fault.GARBAGE: Reply(200, b"\x00\xff\x1b[31m{not json"),
}


class Wire:
    """One server; subclasses answer, tests set ``fault`` and read ``requests``."""

    def __init__(self) -> None:
        self.fault = Fault.NONE
        self.redirect_to = "http://127.0.0.1:1/elsewhere"
        self.requests: list[Request] = []
        self.port = 0
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.StreamWriter] = set()
        self._serving: set[asyncio.Task[object]] = set()

    def answer(self, request: Request) -> Reply:
        """What the back end says."""
        raise NotImplementedError

    def fault_of(self, request: Request) -> Fault:
        """How it misbehaves at one request; subclasses spoil some and leave others whole."""
        return self.fault

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        await self.come()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.go()

    async def come(self) -> None:
        """Listen, on the same port as before."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def go(self) -> None:
        """Stop listening and cut every connection."""
        if self._server is not None:
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
            for task in list(self._serving):
                task.cancel()
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        try:
            while request := await _request(reader):
                self.requests.append(request)
                if not await self._reply(request, writer):
                    return
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            # This task is the stream server's own: nobody else waits for it, and it only ends with its server.
            return
        finally:
            self._serving.discard(task)
            self._open.discard(writer)
            writer.transport.abort()

    async def _reply(self, request: Request, writer: asyncio.StreamWriter) -> bool:
        """Answer one request; whether the connection stays."""
        fault = self.fault_of(request)
        match fault:
            case Fault.SILENT:
                await asyncio.Event().wait()
            case Fault.DROPS_ANSWER:
                self.answer(request)
                return False
            case Fault.DRIP | Fault.ENDLESS:
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
                while True:
                    writer.write(b" " if fault is Fault.DRIP else b" " * 1_000_000)
                    await writer.drain()
                    await asyncio.sleep(0.05 if fault is Fault.DRIP else 0)
            case Fault.REDIRECTS:
                reply = Reply(307, b"", "text/plain", {"Location": self.redirect_to})
            case Fault.ECHOES:
                said = f"I do not take {' '.join(request.headers.values())}"
                reply = json_reply({"message": said, "error": said, "errors": [{"error": said}]}, 500)
            case Fault.NONE | Fault.CUT:
                reply = self.answer(request)
            case _:
                reply = PLAIN_FAULTS[fault]
        bytes_out = _written(reply)
        writer.write(bytes_out if fault is not Fault.CUT else bytes_out[: -max(1, len(reply.body) // 2)])
        await writer.drain()
        return fault is not Fault.CUT


async def _request(reader: asyncio.StreamReader) -> Request | None:
    line = (await reader.readline()).decode("latin-1").split()
    if len(line) < 2:
        return None
    headers: dict[str, str] = {}
    while raw := (await reader.readline()).decode("latin-1").strip():
        name, _, value = raw.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    target = urlsplit(line[1])
    return Request(line[0], unquote(target.path), dict(parse_qsl(target.query)), headers, body)


def _written(reply: Reply) -> bytes:
    head = [
        f"HTTP/1.1 {reply.status} Said",
        f"Content-Type: {reply.kind}",
        f"Content-Length: {len(reply.body)}",
        *(f"{name}: {value}" for name, value in reply.headers.items()),
    ]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + (b"" if reply.status == 304 else reply.body)
