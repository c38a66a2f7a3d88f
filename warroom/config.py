"""Settings: where things lie, and what the config file says, each value with its origin."""

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from warroom.errors import WarroomError


class Places(msgspec.Struct, frozen=True):
    """Where this user's things lie."""

    config_file: Path
    incidents: Path
    rooms: Path
    logs: Path
    keys: Path
    themes: Path


def places(environ: Mapping[str, str]) -> Places:
    """All in ``WARROOM_HOME`` when that is set, else the folders of the XDG base directory specification."""
    if home := environ.get("WARROOM_HOME"):
        root = Path(home).absolute()
        return Places(
            root / "config.toml", root / "incidents", root / "rooms", root / "logs", root / "keys", root / "themes"
        )
    user = Path(environ.get("HOME") or Path.home())
    config = Path(environ.get("XDG_CONFIG_HOME") or user / ".config") / "warroom"
    data = Path(environ.get("XDG_DATA_HOME") or user / ".local/share") / "warroom"
    state = Path(environ.get("XDG_STATE_HOME") or user / ".local/state") / "warroom"
    return Places(
        config / "config.toml", data / "incidents", state / "rooms", state / "logs", data / "keys", config / "themes"
    )


class Setting(msgspec.Struct, frozen=True):
    """One setting as the config file, ``config show`` and the docs know it."""

    table: str
    key: str
    default: Any
    help: str


SETTINGS: tuple[Setting, ...] = (
    Setting("room", "group", "", "operating-system group that may enter rooms; empty: only their owner"),
    Setting("log", "debug", False, "write a debug log of the host"),
)
"""Every setting that is not a cluster's; help and checks come from this table."""

CLUSTER_TABLES: Mapping[str, tuple[Setting, ...]] = {
    "slurm": (
        Setting("slurm", "url", "", "slurmrestd, e.g. http://127.0.0.1:6820 (with or without /slurm/vX.Y.Z)"),
        Setting("slurm", "user", "", "user the token is for (X-SLURM-USER-NAME)"),
        Setting("slurm", "token", "", "env:NAME, file:PATH or command:WORDS that print the JWT"),
        Setting("slurm", "conf", "", "slurm.conf for scontrol and scancel; empty: SLURM_CONF or the default"),
        Setting("slurm", "interval_s", 2.0, "seconds between looks"),
    ),
    "prometheus": (
        Setting("prometheus", "url", "", "e.g. http://127.0.0.1:9090"),
        Setting("prometheus", "token", "", "env:NAME, file:PATH or command:WORDS that print a bearer token; empty: none"),
        Setting("prometheus", "interval_s", 5.0, "seconds between looks"),
        Setting("prometheus", "queries", {}, "indicator = query; replaces the built-in query of that indicator"),
    ),
    "alertmanager": (
        Setting("alertmanager", "url", "", "e.g. http://127.0.0.1:9093"),
        Setting("alertmanager", "token", "", "env:NAME, file:PATH or command:WORDS that print a bearer token; empty: none"),
        Setting("alertmanager", "interval_s", 3.0, "seconds between looks"),
    ),
}
"""The sources a cluster can be put together from: table name -> its settings."""

SECRET_FORMS = ("env:", "file:", "command:")


class Value(msgspec.Struct, frozen=True):
    """One value in force and where it came from."""

    name: str
    value: Any
    origin: str


class ClusterConfig(msgspec.Struct, frozen=True):
    """A configured cluster: source name -> its settings, complete with defaults."""

    name: str
    sources: dict[str, dict[str, Any]]


class Config(msgspec.Struct, frozen=True):
    """Everything that is configured."""

    values: tuple[Value, ...]
    clusters: dict[str, ClusterConfig] = {}

    def get(self, table: str, key: str) -> Any:
        """The value of a setting of ``SETTINGS``."""
        return next(v.value for v in self.values if v.name == f"{table}.{key}")


def load_config(where: Places, environ: Mapping[str, str]) -> Config:
    """The configuration; a missing file means defaults. Raises ``WarroomError`` naming file, line and key."""
    path = where.config_file
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError:
        return _read({}, "", path)
    except (OSError, UnicodeDecodeError) as wrong:
        raise WarroomError(f"cannot read the config {path}: {wrong}") from wrong
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise WarroomError(f"the config {path} is not valid TOML: {wrong}") from wrong
    return _read(tables, text, path)


def _read(tables: dict[str, Any], text: str, path: Path) -> Config:
    known = dict.fromkeys(s.table for s in SETTINGS)
    for name in tables:
        if name not in known and name != "cluster":
            raise _unknown(path, text, name, [*known, "cluster"], "table")
        if not isinstance(tables[name], dict):
            raise WarroomError(f"{path}{_line(text, name)}: {name} must be a table, [{name}]")
    values: list[Value] = []
    for table in known:
        rows = [s for s in SETTINGS if s.table == table]
        given = tables.get(table, {})
        checked = _table(given, rows, path, text, table)
        for setting in rows:
            origin = f"{path}{_line(text, setting.key)}" if setting.key in given else "default"
            values.append(Value(f"{table}.{setting.key}", checked[setting.key], origin))
    clusters: dict[str, ClusterConfig] = {}
    for name, given in tables.get("cluster", {}).items():
        clusters[name], found = _cluster(name, given, path, text)
        values += found
    return Config(tuple(values), clusters)


def _cluster(name: str, given: Any, path: Path, text: str) -> tuple[ClusterConfig, list[Value]]:
    where = f"cluster.{name}"
    if not isinstance(given, dict) or not given:
        tables = ", ".join(f"[{where}.{t}]" for t in CLUSTER_TABLES)
        raise WarroomError(f"{path}{_line(text, name)}: {where} needs at least one of {tables}")
    sources: dict[str, dict[str, Any]] = {}
    values: list[Value] = []
    for table, settings in given.items():
        if table not in CLUSTER_TABLES:
            raise _unknown(path, text, table, list(CLUSTER_TABLES), f"source of {where}")
        if not isinstance(settings, dict):
            raise WarroomError(f"{path}{_line(text, table)}: {where}.{table} must be a table")
        rows = list(CLUSTER_TABLES[table])
        sources[table] = _table(settings, rows, path, text, f"{where}.{table}")
        if not sources[table]["url"]:
            raise WarroomError(f"{path}{_line(text, table)}: {where}.{table} needs url")
        for setting in rows:
            origin = f"{path}{_line(text, setting.key)}" if setting.key in settings else "default"
            values.append(Value(f"{where}.{table}.{setting.key}", sources[table][setting.key], origin))
    return ClusterConfig(name, sources), values


def _table(given: dict[str, Any], rows: list[Setting], path: Path, text: str, where: str) -> dict[str, Any]:
    by_key = {s.key: s for s in rows}
    for key in given:
        if key not in by_key:
            raise _unknown(path, text, key, list(by_key), f"key in [{where}]")
    return {key: _checked(given, setting, path, text, where) for key, setting in by_key.items()}


def _checked(given: dict[str, Any], setting: Setting, path: Path, text: str, where: str) -> Any:
    value = given.get(setting.key, setting.default)
    wanted = type(setting.default)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    at = f"{path}{_line(text, setting.key)}: {where}.{setting.key}"
    if not isinstance(value, wanted):
        raise WarroomError(f"{at} must be {_kind(wanted)}, not {_kind(type(value))}")
    if wanted is float and value <= 0:
        raise WarroomError(f"{at} must be more than 0")
    if setting.key == "token" and value and not value.startswith(SECRET_FORMS):
        raise WarroomError(
            f"{at} is a secret and must not stand in the file; write env:NAME, file:PATH or command:WORDS"
        )
    if setting.key == "url" and value and not value.startswith(("http://", "https://")):
        raise WarroomError(f"{at} must begin with http:// or https://")
    return value


def _kind(wanted: type) -> str:
    return {str: "text", bool: "true or false", float: "a number", int: "a number", dict: "a table"}.get(
        wanted, wanted.__name__
    )


def _line(text: str, key: str) -> str:
    """``:12`` for the first line that names the key; TOML readers of the standard library keep no lines."""
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith((f"{key} ", f"{key}=", f'"{key}"')) or (bare.startswith("[") and key in bare.strip("[]").split(".")):
            return f":{number}"
    return ""


def _unknown(path: Path, text: str, name: str, known: list[str], what: str) -> WarroomError:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    return WarroomError(f"{path}{_line(text, name)}: unknown {what}: {name}; {hint}")


def commented_default() -> str:
    """The config file ``warroom init`` writes: every setting, commented out."""
    lines = ["# Settings of warroom. What is commented out is the default."]
    for table in dict.fromkeys(s.table for s in SETTINGS):
        lines += ["", f"[{table}]"]
        for setting in (s for s in SETTINGS if s.table == table):
            lines += [f"# {setting.help}", f"# {setting.key} = {_toml(setting.default)}"]
    lines += ["", "# A cluster is put together from sources; open it with `warroom open NAME`."]
    for table, settings in CLUSTER_TABLES.items():
        lines += ["", f"# [cluster.NAME.{table}]"]
        for setting in settings:
            lines += [f"#   {setting.help}", f"# {setting.key} = {_toml(setting.default)}"]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f'"{value}"' if isinstance(value, str) else "{}" if isinstance(value, dict) else str(value)
