"""Fetches secrets from where they are kept and renews them; tells when a JSON web token ends."""

import asyncio
import base64
import binascii
import os
import shlex
from datetime import UTC, datetime

import msgspec

from warroom.errors import SourceError
from warroom.model.secret import Secret, SecretPlace, SecretSource
from warroom.sources.blocking import in_thread
from warroom.sources.programs import run_program

DEADLINE_S = 10.0
"""A command that prints a token may take that long."""
LARGEST = 65_536
JWT_PREFIX = "SLURM_JWT="
"""``scontrol token`` prints the token behind this name."""


async def load_secret(source: SecretSource, *, owner: str) -> Secret:
    """The secret as it is kept now; raises ``SourceError`` that never repeats it."""
    match source.place:
        case SecretPlace.ENV:
            value = os.environ.get(source.name, "")
        case SecretPlace.FILE:
            value = await in_thread(lambda: _file(source.name, owner), owner=owner, deadline_s=DEADLINE_S)
        case SecretPlace.COMMAND:
            value = await _printed(source.name, owner)
    bare = value.strip().removeprefix(JWT_PREFIX)
    if not bare:
        raise SourceError(owner, f"the token is empty: {source}")
    if not bare.isascii() or not bare.isprintable():
        raise SourceError(owner, f"the token holds characters that no header can carry: {source}")
    return Secret(bare)


def _file(path: str, owner: str) -> str:
    try:
        with open(os.path.expanduser(path), encoding="utf-8", errors="replace") as file:  # noqa: PTH111, PTH123
            return file.read(LARGEST)
    except OSError as wrong:
        raise SourceError(owner, f"the token file {path} cannot be read: {wrong.strerror}") from wrong


async def _printed(command: str, owner: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError as wrong:
        raise SourceError(owner, f"the token command cannot be read: {wrong}") from wrong
    # The Slurm tools that print tokens need to know their cluster.
    environ = {"SLURM_CONF": os.environ["SLURM_CONF"]} if "SLURM_CONF" in os.environ else {}
    ran = await run_program(words, source=owner, deadline_s=DEADLINE_S, environ=environ)
    if ran.code:
        raise SourceError(owner, f"the token command {words[0]} ended with {ran.code}")
    return ran.out[:LARGEST].decode("utf-8", "replace")


class Credential:
    """One secret in use: fetched when first needed, fetched again after it was refused."""

    def __init__(self, source: SecretSource | None, *, owner: str) -> None:
        self.source = source
        self._owner = owner
        self._secret: Secret | None = None
        self._fetching = asyncio.Lock()

    async def get(self) -> Secret | None:
        """The secret; None where none is configured. Raises ``SourceError``.

        Calls that come together share one fetch: a command is not run once for each.
        """
        async with self._fetching:
            if self.source is not None and self._secret is None:
                self._secret = await load_secret(self.source, owner=self._owner)
            return self._secret

    def forget(self) -> None:
        """It was refused: fetch it anew before it is used again."""
        self._secret = None

    @property
    def cheap(self) -> bool:
        """Whether fetching it anew costs nothing: it is read, no program is run for it."""
        return self.source is None or self.source.place is not SecretPlace.COMMAND

    def hidden_in(self, text: str) -> str:
        """The text without the secret."""
        return self._secret.hidden_in(text) if self._secret else text

    def hidden_in_body(self, body: bytes) -> bytes:
        """A server's answer without the secret."""
        return self._secret.hidden_in_body(body) if self._secret else body

    @property
    def ends(self) -> datetime | None:
        """When the token ends by its own word; None when it does not say."""
        return token_end(self._secret) if self._secret else None


def token_end(secret: Secret) -> datetime | None:
    """The ``exp`` of a JSON web token; None for any other kind of token."""
    parts = secret.reveal().split(".")
    if len(parts) != 3:
        return None
    try:
        claims = msgspec.json.decode(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        ends = claims.get("exp") if isinstance(claims, dict) else None
        return datetime.fromtimestamp(ends, UTC) if isinstance(ends, int | float) else None
    except (binascii.Error, msgspec.DecodeError, ValueError, OverflowError, OSError):
        return None
