"""The exceptions whose text is meant for people: one sentence saying what, why and what to do."""

import msgspec

UNDECODABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
"""What msgspec raises for bytes that are not what they should be, too deeply nested ones included."""


class WarroomError(Exception):
    """Something the person at the terminal can read and act on; never shown as a traceback."""


class Unreadable(WarroomError):
    """Bytes from outside (a file, a server's answer, a record) that cannot be understood."""

    def __init__(self, what: str, *, field: str, why: str = "") -> None:
        super().__init__(f"cannot read {what}: {field}" + (f" ({why})" if why else ""))
        self.what = what
        self.field = field


class SourceError(WarroomError):
    """A source could not be read or an actuator could not be reached."""

    def __init__(self, source: str, reason: str) -> None:
        super().__init__(f"{source}: {reason}")
        self.source = source
        self.reason = reason


class Refused(WarroomError):
    """A wish that was not granted; the text says why and what would make it possible."""
