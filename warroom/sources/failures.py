"""Why a call failed, by blame and in words fit for the screen."""

import ssl
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from enum import StrEnum

from warroom.errors import SourceError
from warroom.model.text import neutral

EXCERPT = 80
RETRY_CAP_S = 3600.0


class Blame(StrEnum):
    """Whose fault a failed call was."""

    UNREACHABLE = "unreachable"
    LATE = "late"
    DENIED = "denied"
    FORBIDDEN = "forbidden"
    SLOW_DOWN = "slow down"
    SERVER = "server"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too large"
    REDIRECTED = "redirected"
    REFUSED = "refused"


class HttpError(SourceError):
    """A call that gave no usable answer."""

    def __init__(
        self, source: str, reason: str, *, blame: Blame, sent: bool = True, status: int | None = None
    ) -> None:
        super().__init__(source, reason)
        self.blame = blame
        self.sent = sent
        """Whether any byte of the request may have reached the server."""
        self.status = status
        """The status the server answered with; None when its answer did not come or was cut off."""
        self.retry_after_s: float | None = None
        """How long the server asked us to wait."""

    @property
    def nothing_done(self) -> bool:
        """Whether it is sure that the call had no effect: never sent, or answered with a plain no."""
        return not self.sent or (self.status is not None and 300 <= self.status < 500)


def why_unreachable(wrong: Exception, place: str) -> str:
    """What kept us from connecting, in one clause."""
    for cause in _causes(wrong):
        if isinstance(cause, ssl.SSLError):
            return f"TLS with {place} failed: {neutral(str(cause.reason or cause))[:EXCERPT]}"
        if isinstance(cause, ConnectionRefusedError):
            return f"connection refused by {place}: nothing listens there"
        if "Name or service" in str(cause) or "name resolution" in str(cause):
            return f"the name in {place} is not known"
    return f"cannot connect to {place}"


def _causes(wrong: BaseException) -> list[BaseException]:
    """An exception with everything it came from, groups included."""
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [wrong]
    while waiting and len(found) < 50:
        one = waiting.pop()
        if one is None or one in found:
            continue
        found.append(one)
        waiting += [one.__cause__, one.__context__]
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
    return found


def http_date(text: str) -> datetime | None:
    """A ``Date`` header; None when it is missing or nonsense."""
    try:
        moment = parsedate_to_datetime(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None


def retry_after_s(text: str, server_now: datetime | None) -> float | None:
    """A ``Retry-After`` header in seconds, also when it is written as a date."""
    bare = text.strip()
    if bare.isascii() and bare.isdigit():
        return min(float(bare[:9]), RETRY_CAP_S)
    at = http_date(bare)
    if at is None or server_now is None:
        return None
    return min(max(0.0, (at - server_now).total_seconds()), RETRY_CAP_S)
