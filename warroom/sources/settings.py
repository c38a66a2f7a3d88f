"""What each adapter can be told: one frozen struct a source, filled from the config's tables."""

from collections.abc import Mapping

import msgspec

from warroom.errors import WarroomError
from warroom.model.secret import SecretSource, parse_secret_source


class SlurmSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``[cluster.NAME.slurm]``."""

    url: str
    """slurmrestd, with or without ``/slurm/vX.Y.Z``; without it the newest version both know is spoken."""
    user: str = ""
    """Whose token it is; empty for the user who runs the room."""
    token: SecretSource | None = None
    """Where the JSON web token is kept; ``command:scontrol token lifespan=3600`` renews it by itself."""
    conf: str = ""
    """slurm.conf for scontrol and scancel; empty for SLURM_CONF or the system's own."""
    interval_s: float = 2.0
    """Seconds between looks."""
    deadline_s: float = 6.0
    """Seconds one call may take in all."""
    finished_s: float = 3600.0
    """Jobs that ended longer ago are left out."""
    log_lines_s: int = 500
    """Lines a second taken from job logs; more are dropped and counted."""


class PrometheusSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``[cluster.NAME.prometheus]``."""

    url: str
    token: SecretSource | None = None
    """Where the bearer token is kept; none when the server asks for none."""
    interval_s: float = 5.0
    """Seconds between looks."""
    deadline_s: float = 10.0
    """Seconds one call may take in all."""
    queries: dict[str, str] = {}
    """Indicator to PromQL: replaces the built-in query of that name, or watches a further figure."""
    history_s: float = 1800.0
    """How far back the first look reads."""
    most_series: int = 2000
    """Series taken from one answer; more are left out and counted."""


class AlertmanagerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``[cluster.NAME.alertmanager]``."""

    url: str
    token: SecretSource | None = None
    """Where the bearer token is kept; none when the server asks for none."""
    interval_s: float = 3.0
    """Seconds between looks."""
    deadline_s: float = 8.0
    """Seconds one call may take in all."""
    alert_life_s: float = 900.0
    """How long an alert made here outlives the room that keeps it alive."""


class LogfileSettings(msgspec.Struct, frozen=True, kw_only=True):
    """``[cluster.NAME.logfile]``."""

    path: str
    """On this machine; ``~`` is the home of who runs the room."""
    node: str = ""
    """Whose lines they are, where one node wrote all of them."""
    workload: str = ""
    interval_s: float = 1.0
    """Seconds between looks."""
    deadline_s: float = 5.0
    """Seconds the file system may take."""
    lines_s: int = 2000
    """Lines a second taken; more are dropped and counted."""


Settings = SlurmSettings | PrometheusSettings | AlertmanagerSettings | LogfileSettings

KINDS: dict[str, type[Settings]] = {
    "slurm": SlurmSettings,
    "prometheus": PrometheusSettings,
    "alertmanager": AlertmanagerSettings,
    "logfile": LogfileSettings,
}


def settings_of(kind: str, table: Mapping[str, object]) -> Settings:
    """The settings of one table of the config; raises ``WarroomError`` naming table and key."""
    if kind not in KINDS:
        raise WarroomError(f"there is no source of the kind {kind}; known: {', '.join(KINDS)}")
    values = dict(table)
    token = values.pop("token", "")
    try:
        values["token"] = parse_secret_source(str(token)) if token else None
        found = msgspec.convert(values, KINDS[kind])
    except (msgspec.ValidationError, WarroomError) as wrong:
        raise WarroomError(f"cluster table {kind}: {wrong}") from wrong
    if isinstance(found, LogfileSettings):
        if not found.path:
            raise WarroomError(f"cluster table {kind}: path must name a file")
        return found
    if "@" in found.url.partition("://")[2].partition("/")[0]:
        raise WarroomError(f"cluster table {kind}: url must not hold a password; use token")
    user = getattr(found, "user", "")
    if not user.isascii() or not user.isprintable():
        raise WarroomError(f"cluster table {kind}: user must be a plain name; it is sent as a header")
    return found
