"""The JSON client: what it sends, what it takes, what it says when it fails, and whether anything was done."""

import asyncio
import time

import pytest

from warroom.model.secret import SecretPlace, SecretSource
from warroom.sources.credentials import Credential
from warroom.sources.failures import Blame, HttpError, http_date, retry_after_s
from warroom.sources.http import AT_ONCE, HttpJson, Limits, place_of
from warroom.testing.wire import Fault, Reply, Request, Wire, json_reply

TOKEN = "t0ken/with+slashes=="


class Echo(Wire):
    """Answers what it is told to, and tells what it got."""

    def __init__(self) -> None:
        super().__init__()
        self.reply = json_reply({"ok": True})

    def answer(self, request: Request) -> Reply:
        return self.reply


def client(wire: Wire, *, deadline_s: float = 0.4, largest: int = 100_000, in_flight: int = 4) -> HttpJson:
    credential = Credential(SecretSource(SecretPlace.ENV, "WR_TEST_TOKEN"), owner="x")

    async def headers() -> dict[str, str]:
        secret = await credential.get()
        return {"Authorization": f"Bearer {secret.reveal()}"} if secret else {}

    limits = Limits(deadline_s=deadline_s, largest=largest, in_flight=in_flight)
    return HttpJson("x", wire.url, headers=headers, credential=credential, limits=limits)


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WR_TEST_TOKEN", TOKEN)


async def failure(http: HttpJson) -> HttpError:
    with pytest.raises(HttpError) as failed:
        await http.post("/do", json={"a": 1})
    await http.close()
    assert TOKEN not in repr(failed.value)
    return failed.value


async def test_it_asks_for_plain_bytes_sends_json_and_follows_no_proxy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    async with Echo() as wire:
        http = client(wire)
        assert (await http.post("/do", json={"a": "ü"})).data == {"ok": True}
        assert (await http.get("/see", params={"q": "a b"})).status == 200
        await http.post("/do", form={"q": "a b"})
        await http.close()
        sent, seen, formed = wire.requests
        assert sent.json == {"a": "ü"}
        assert sent.headers["accept-encoding"] == "identity"
        assert sent.headers["authorization"] == f"Bearer {TOKEN}"
        assert seen.params == {"q": "a b"}
        assert formed.form == {"q": "a b"}


FAULTS = [
    (Fault.SILENT, Blame.LATE, "no answer within 0.4 s", False),
    (Fault.DRIP, Blame.LATE, "no answer within 0.4 s", False),
    (Fault.DROPS_ANSWER, Blame.UNREADABLE, "closed without an answer", False),
    (Fault.CUT, Blame.UNREADABLE, "cut off", False),
    (Fault.ENDLESS, Blame.TOO_LARGE, "not read further", False),
    (Fault.BROKEN, Blame.SERVER, "server error 503", False),
    (Fault.HTML, Blame.UNREADABLE, "no JSON but a web page", False),
    (Fault.GARBAGE, Blame.UNREADABLE, "no JSON but something else", False),
    (Fault.DENIES, Blame.DENIED, "signed out", True),
    (Fault.FORBIDS, Blame.FORBIDDEN, "not allowed (403): forbidden", True),
    (Fault.SLOW_DOWN, Blame.SLOW_DOWN, "it wants 40 s of patience", True),
    (Fault.REDIRECTS, Blame.REDIRECTED, "redirect refused", True),
]


@pytest.mark.parametrize(("fault", "blame", "words", "nothing_done"), FAULTS, ids=[f[0] for f in FAULTS])
async def test_a_failure_says_whose_fault_it_is_and_whether_anything_was_done(
    fault: Fault, blame: Blame, words: str, nothing_done: bool
) -> None:
    async with Echo() as wire:
        wire.fault = fault
        failed = await failure(client(wire))
    assert (failed.blame, failed.nothing_done) == (blame, nothing_done)
    assert words in failed.reason


async def test_a_server_nobody_reaches_did_nothing() -> None:
    async with Echo() as wire:
        gone = client(wire)
    failed = await failure(gone)
    assert (failed.blame, failed.nothing_done) == (Blame.UNREACHABLE, True)
    assert failed.reason.endswith("nothing listens there")


@pytest.mark.parametrize(
    "url", ["http://no-such-host.invalid", "http://[::1", "ftp://x", "http://x:99999", "nonsense"]
)
async def test_an_address_that_leads_nowhere_is_a_sentence(url: str) -> None:
    wire = Echo()
    http = HttpJson(
        "x", url, headers=nothing, credential=Credential(None, owner="x"), limits=Limits(deadline_s=3)
    )
    assert wire.requests == []
    failed = await failure(http)
    assert failed.nothing_done
    assert "\n" not in failed.reason


async def nothing() -> dict[str, str]:
    return {}


async def test_text_that_cannot_be_sent_is_refused_before_it_is() -> None:
    async with Echo() as wire:
        http = client(wire)
        with pytest.raises(HttpError, match="cannot be sent") as failed:
            await http.post("/do", json={"name": "\udcff"})
        await http.close()
        assert failed.value.nothing_done
        assert wire.requests == []


async def test_the_deadline_is_for_all_of_a_call_and_kept() -> None:
    async with Echo() as wire:
        wire.fault = Fault.DRIP
        began = time.perf_counter()
        await failure(client(wire))
        assert time.perf_counter() - began < 1.0


async def test_an_answer_of_exactly_the_cap_is_read_and_one_byte_more_is_not() -> None:
    async with Echo() as wire:
        wire.reply = Reply(200, b'"' + b"x" * 998 + b'"')
        http = client(wire, largest=1000)
        assert len((await http.get("/")).data) == 998
        wire.reply = Reply(200, b'"' + b"x" * 999 + b'"')
        with pytest.raises(HttpError, match="not read further"):
            await http.get("/")
        await http.close()


async def test_a_long_answer_is_decoded_beside_the_event_loop() -> None:
    async with Echo() as wire:
        wire.reply = json_reply(["x" * 100] * (AT_ONCE // 50))
        http = client(wire, largest=AT_ONCE * 10, deadline_s=5)
        assert len((await http.get("/")).data) == AT_ONCE // 50
        wire.reply = Reply(200, wire.reply.body[:-1])
        with pytest.raises(HttpError, match="no JSON"):
            await http.get("/")
        await http.close()


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 50_000 + b"1", b"9" * 5000 + b"x", b"\xff\xfe"])
async def test_json_made_to_break_a_parser_is_only_unreadable(body: bytes) -> None:
    async with Echo() as wire:
        wire.reply = Reply(200, body)
        failed = await failure(client(wire, largest=1_000_000))
    assert failed.blame is Blame.UNREADABLE


async def test_a_compressed_answer_nobody_asked_for_is_not_unpacked() -> None:
    async with Echo() as wire:
        wire.reply = Reply(200, b"\x1f\x8b", headers={"Content-Encoding": "gzip"})
        assert "compressed answer (gzip)" in (await failure(client(wire))).reason


async def test_no_more_calls_are_in_flight_than_agreed() -> None:
    async with Echo() as wire:
        wire.fault = Fault.SILENT
        http = client(wire, in_flight=2)
        async with asyncio.TaskGroup() as crew:
            calls = [crew.create_task(outcome(http)) for _ in range(6)]
            while len(wire.requests) < 2:
                await asyncio.sleep(0.01)
            assert len(wire.requests) == 2
        assert {call.result() for call in calls} == {Blame.LATE}
        await http.close()


async def outcome(http: HttpJson) -> Blame:
    try:
        await http.get("/")
    except HttpError as error:
        return error.blame
    raise AssertionError("it answered")


@pytest.mark.parametrize("spelled", [TOKEN, TOKEN.replace("/", "\\/")])
async def test_an_answer_never_holds_the_token(spelled: str) -> None:
    async with Echo() as wire:
        wire.reply = Reply(200, f'{{"comment": "sent {spelled} here"}}'.encode())
        http = client(wire)
        assert (await http.get("/")).data == {"comment": "sent *** here"}
        wire.reply = Reply(403, (" " * 1990 + TOKEN).encode(), "text/plain")
        failed = await failure(http)
        assert "t0ken" not in failed.reason


async def test_what_is_no_http_is_said_to_be_none() -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(10_000)
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with server:
        wire = Echo()
        wire.port = server.sockets[0].getsockname()[1]
        assert "the answer is no HTTP" in (await failure(client(wire))).reason


def test_a_place_is_an_address_without_what_may_be_secret() -> None:
    assert place_of("https://user:password@h:1/path?token=x") == "https://h:1"
    assert place_of("/path") == "another address"
    assert place_of("http://[::1") == "no address"


def test_patience_is_read_as_seconds_or_as_a_date_and_is_bounded() -> None:
    now = http_date("Mon, 02 Mar 2026 14:00:00 GMT")
    assert retry_after_s("40", None) == 40
    assert retry_after_s("Mon, 02 Mar 2026 14:00:30 GMT", now) == 30
    assert retry_after_s("Mon, 02 Mar 2026 13:00:00 GMT", now) == 0
    assert retry_after_s("99999999999999999999", None) == 3600
    assert [retry_after_s(text, now) for text in ("", "soon", "-1", "٣")] == [None] * 4
    assert [http_date(text) for text in ("", "yesterday", "Mon, 99 Mar 2026 14:00:00 GMT")] == [None] * 3
