"""Where updates go: web hooks, files, alerts; read from the config's ``[update.NAME]`` tables."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

import msgspec

from warroom.errors import WarroomError
from warroom.model.response import TargetKind
from warroom.model.secret import SecretSource, parse_secret_source

KEYS = ("kind", "url", "token", "path", "idempotent")


class UpdateTarget(msgspec.Struct, frozen=True):
    """One place updates go to."""

    name: str
    kind: TargetKind
    url: str = ""
    """Of a web hook, where it is no secret."""
    secret_url: SecretSource | None = None
    """Where a web hook's URL is kept, when whoever knows it may post."""
    token: SecretSource | None = None
    path: str = ""
    idempotent: bool = False
    """The web hook takes updates of the same ``Idempotency-Key`` as one."""


def parse_target(name: str, raw: Mapping[str, Any], at: str) -> UpdateTarget:
    """One table; raises ``WarroomError`` naming the key."""
    for key, value in raw.items():
        if key not in KEYS:
            raise WarroomError(f"{at}: unknown key {key}; known: {', '.join(KEYS)}")
        if key == "idempotent":
            if not isinstance(value, bool):
                raise WarroomError(f"{at}.{key} must be true or false")
        elif not isinstance(value, str):
            raise WarroomError(f"{at}.{key} must be text")
    kinds = [kind.value for kind in TargetKind]
    if raw.get("kind") not in kinds:
        raise WarroomError(f"{at}.kind must be one of {', '.join(kinds)}")
    kind = TargetKind(raw["kind"])
    url, path, once = raw.get("url", ""), raw.get("path", ""), raw.get("idempotent", False)
    if once and kind is not TargetKind.JSON:
        raise WarroomError(f"{at}.idempotent is for web hooks of kind json, which get an Idempotency-Key")
    if kind in (TargetKind.SLACK, TargetKind.JSON) and not url:
        raise WarroomError(f"{at}.url is missing: env:NAME, file:PATH, command:WORDS, or the address itself")
    if kind is TargetKind.FILE and not path:
        raise WarroomError(f"{at}.path is missing")
    token = _secret(raw["token"], f"{at}.token") if raw.get("token") else None
    if url.startswith(("http://", "https://")):
        _check_address(url, f"{at}.url")
        return UpdateTarget(name, kind, url=url, token=token, path=path, idempotent=once)
    secret = _secret(url, f"{at}.url") if url else None
    return UpdateTarget(name, kind, secret_url=secret, token=token, path=path, idempotent=once)


def _check_address(url: str, at: str) -> None:
    parts = urlsplit(url)
    if not parts.hostname or "@" in parts.netloc:
        raise WarroomError(f"{at} must be an address without user and password")


def _secret(text: str, at: str) -> SecretSource:
    try:
        return parse_secret_source(text)
    except WarroomError as wrong:
        raise WarroomError(f"{at}: {wrong}") from wrong
