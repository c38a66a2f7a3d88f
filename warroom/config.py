"""Settings: where things lie, and what the config file says, each value with its origin."""

import difflib
import math
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec

from warroom.config_file import ConfigFile, Raw, line_numbers, raw_values
from warroom.errors import WarroomError


class Places(msgspec.Struct, frozen=True):
    """Where this user's things lie."""

    config_file: Path
    incidents: Path
    rooms: Path
    logs: Path
    keys: Path
    themes: Path

    @property
    def typed(self) -> Path:
        """What was typed on the screen before: command lines, filters, filters saved by name."""
        return self.rooms.parent / "typed.json"


FOLDERS = (
    ("config_file", "XDG_CONFIG_HOME", ".config", "config.toml"),
    ("incidents", "XDG_DATA_HOME", ".local/share", "incidents"),
    ("rooms", "XDG_STATE_HOME", ".local/state", "rooms"),
    ("logs", "XDG_STATE_HOME", ".local/state", "logs"),
    ("keys", "XDG_DATA_HOME", ".local/share", "keys"),
    ("themes", "XDG_CONFIG_HOME", ".config", "themes"),
)
"""A field of ``Places``, the variable that moves it, its folder in the home, its name inside ``warroom``."""


def places(environ: Mapping[str, str]) -> Places:
    """All in ``WARROOM_HOME`` when that is set, else the folders of the XDG base directory specification."""
    if home := environ.get("WARROOM_HOME"):
        root = Path(home).absolute()
        return Places(**{field: root / name for field, _, _, name in FOLDERS})
    user = Path(environ.get("HOME") or Path.home())
    found: dict[str, Path] = {}
    for field, variable, usual, name in FOLDERS:
        base = Path(environ[variable]) if _set(environ, variable) else user / usual
        found[field] = base / "warroom" / name
    return Places(**found)


def _set(environ: Mapping[str, str], variable: str) -> bool:
    # The XDG specification says that a relative path is invalid and to be ignored.
    return Path(environ.get(variable, "")).is_absolute()


class Setting(msgspec.Struct, frozen=True):
    """One setting as the config file, ``config show`` and the docs know it."""

    table: str
    key: str
    default: Any
    help: str


RISKS = "notice, reversible, disruptive, dangerous"

SETTINGS: tuple[Setting, ...] = (
    Setting("room", "group", "", "operating-system group that may enter rooms; empty: only their owner"),
    Setting("policy", "write_minutes", 60.0, "an unlocked room locks again after that many minutes"),
    Setting("policy", "approval_minutes", 10.0, "a request for a second person is void after that many"),
    Setting("policy", "challenge", ["dangerous"], "risks that want a typed word: " + RISKS),
    Setting("policy", "second_person", [], "risks that another operating-system user must agree to"),
    Setting(
        "policy",
        "override",
        [],
        "who may do without, in an emergency: users, group:NAME; empty: who may do it",
    ),
    Setting(
        "policy",
        "may",
        [],
        "tables [[policy.may]]: who, do (actions or *), up_to (a risk); empty: everyone, all",
    ),
    Setting("log", "debug", False, "write a debug log of the host"),
    Setting("ui", "link", "auto", "what may be sent to the terminal: auto, fast, ssh, slow"),
    Setting("ui", "theme", "", "a theme by name or file, see `warroom themes list`; empty: by the terminal"),
    Setting("ui", "ascii", "auto", "signs and frames in ASCII: auto (by the locale), yes or no"),
    Setting("ui", "mouse", False, "begin with the mouse; over SSH F2 turns it on"),
    Setting("ui", "bell", False, "ring the terminal's bell when severity or alerts rise"),
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
        Setting("prometheus", "token", "", "env:NAME, file:PATH or command:WORDS that print a bearer token"),
        Setting("prometheus", "interval_s", 5.0, "seconds between looks"),
        Setting("prometheus", "queries", {}, "indicator = query, instead of the built-in one"),
    ),
    "alertmanager": (
        Setting("alertmanager", "url", "", "e.g. http://127.0.0.1:9093"),
        Setting(
            "alertmanager", "token", "", "env:NAME, file:PATH or command:WORDS that print a bearer token"
        ),
        Setting("alertmanager", "interval_s", 3.0, "seconds between looks"),
    ),
    "logfile": (
        Setting("logfile", "path", "", "a log file on this machine, followed through rotation"),
        Setting("logfile", "node", "", "whose lines they are, where one node wrote all of them"),
        Setting("logfile", "workload", "", "or one workload"),
        Setting("logfile", "interval_s", 1.0, "seconds between looks"),
    ),
}
"""The sources a cluster can be put together from: table name -> its settings."""

OTHER_TABLES = ("cluster", "update", "keys", "layout")
"""Tables whose inner names are one's own, or are known to the screen alone."""

SECRET = re.compile(r"(env|file|command):.*\S")
CLUSTER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


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
    updates: dict[str, tuple[dict[str, Any], str]] = {}
    """The ``[update.NAME]`` tables as they stand there, each with its file and line."""
    keys: dict[str, Raw] = {}
    """What ``[keys]`` says, as it stands there."""
    layouts: dict[str, Raw] = {}
    """The ``[layout.NAME]`` tables, as they stand there."""

    def get(self, table: str, key: str) -> Any:
        """The value of a setting of ``SETTINGS``."""
        return next(v.value for v in self.values if v.name == f"{table}.{key}")

    def origin(self, table: str, key: str) -> str:
        """Where that value comes from: file and line, or ``default``."""
        return next(v.origin for v in self.values if v.name == f"{table}.{key}")


def load_config(where: Places, environ: Mapping[str, str]) -> Config:
    """The configuration; a missing file means defaults. Raises ``WarroomError`` naming file, line and key.

    ``environ`` tells where the folders of ``where`` come from.
    """
    path = where.config_file
    tables: dict[str, Any] = {}
    text = ""
    try:
        text = path.read_text("utf-8")
        tables = tomllib.loads(text)
    except FileNotFoundError:
        pass
    except tomllib.TOMLDecodeError as wrong:
        raise WarroomError(f"the config {path} is not valid TOML: {wrong}") from wrong
    except UnicodeDecodeError as wrong:
        raise WarroomError(f"the config {path} is not text in UTF-8 (byte {wrong.start})") from wrong
    except OSError as wrong:
        raise WarroomError(f"cannot read the config {path}: {wrong.strerror}") from wrong
    config = _read(tables, ConfigFile(path, line_numbers(text)))
    return msgspec.structs.replace(config, values=(*_folders(where, environ), *config.values))


def _folders(where: Places, environ: Mapping[str, str]) -> list[Value]:
    origins = {variable: variable if _set(environ, variable) else "default" for _, variable, _, _ in FOLDERS}
    if environ.get("WARROOM_HOME"):
        origins = dict.fromkeys(origins, "WARROOM_HOME")
    return [Value(f"places.{field}", str(getattr(where, field)), origins[v]) for field, v, _, _ in FOLDERS]


def _read(tables: dict[str, Any], file: ConfigFile) -> Config:
    known = list(dict.fromkeys(s.table for s in SETTINGS))
    for name, given in tables.items():
        if name not in known and name not in OTHER_TABLES:
            raise _unknown(file.at(name), name, [*known, *OTHER_TABLES], "table")
        if not isinstance(given, dict):
            raise WarroomError(f"{file.at(name)}: {name} must be a table, [{name}]")
    values: list[Value] = []
    for table in known:
        values += _table(tables.get(table, {}), [s for s in SETTINGS if s.table == table], file, (table,))
    clusters: dict[str, ClusterConfig] = {}
    for name, given in tables.get("cluster", {}).items():
        clusters[name], found = _cluster(name, given, file)
        values += found
    updates = {name: (given, file.at("update", name)) for name, given in tables.get("update", {}).items()}
    for name, (given, at) in updates.items():
        if not isinstance(given, dict):
            raise WarroomError(f"{at}: update.{name} must be a table, [update.{name}]")
        values += [
            Value(f"update.{name}.{key}", value, file.at("update", name, key)) for key, value in given.items()
        ]
    own = {table: raw_values(tables.get(table, {}), file, table) for table in ("keys", "layout")}
    values += [Value(raw.name, raw.value, raw.origin) for some in own.values() for raw in some.values()]
    return Config(tuple(values), clusters, updates, own["keys"], own["layout"])


def _cluster(name: str, given: Any, file: ConfigFile) -> tuple[ClusterConfig, list[Value]]:
    if not CLUSTER_NAME.fullmatch(name):
        at = file.at("cluster", name)
        raise WarroomError(
            f"{at}: a cluster's name is made of letters, digits, '.', '_' and '-', not {name!a}"
        )
    where = f"cluster.{name}"
    if not isinstance(given, dict) or not given:
        tables = ", ".join(f"[{where}.{t}]" for t in CLUSTER_TABLES)
        raise WarroomError(f"{file.at('cluster', name)}: {where} needs at least one of {tables}")
    sources: dict[str, dict[str, Any]] = {}
    values: list[Value] = []
    for table, settings in given.items():
        at = file.at("cluster", name, table)
        if table not in CLUSTER_TABLES:
            raise _unknown(at, table, list(CLUSTER_TABLES), f"source of {where}")
        if not isinstance(settings, dict):
            raise WarroomError(f"{at}: {where}.{table} must be a table")
        found = _table(settings, list(CLUSTER_TABLES[table]), file, ("cluster", name, table))
        sources[table] = {
            setting.key: v.value for setting, v in zip(CLUSTER_TABLES[table], found, strict=True)
        }
        first = CLUSTER_TABLES[table][0].key
        if not sources[table][first]:
            raise WarroomError(f"{at}: {where}.{table} needs {first}")
        values += found
    return ClusterConfig(name, sources), values


def _table(
    given: dict[str, Any], rows: list[Setting], file: ConfigFile, table: tuple[str, ...]
) -> list[Value]:
    where = ".".join(table)
    for key in given:
        if key not in {s.key for s in rows}:
            raise _unknown(file.at(*table, key), key, [s.key for s in rows], f"key in [{where}]")
    values: list[Value] = []
    for setting in rows:
        at = file.at(*table, setting.key)
        name = f"{where}.{setting.key}"
        checked = _checked(given.get(setting.key, setting.default), setting, f"{at}: {name}")
        values.append(Value(name, checked, at if setting.key in given else "default"))
    return values


def _checked(value: Any, setting: Setting, at: str) -> Any:
    wanted = type(setting.default)
    if wanted is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, wanted):
        raise WarroomError(f"{at} must be {_kind(wanted)}, not {_kind(type(value))}")
    if wanted is float and not 0 < value < math.inf:
        raise WarroomError(f"{at} must be more than 0")
    if wanted is list and not all(isinstance(inner, str | dict) for inner in value):
        raise WarroomError(f"{at} must hold nothing but text or tables")
    if wanted is dict and not all(isinstance(inner, str) for inner in value.values()):
        raise WarroomError(f"{at} must hold nothing but text")
    if setting.key == "token" and value and not SECRET.fullmatch(value):
        raise WarroomError(
            f"{at} is a secret and must not stand in the file; write env:NAME, file:PATH or command:WORDS"
        )
    if setting.key == "url" and value:
        _check_url(value, at)
    return value


def _check_url(url: str, at: str) -> None:
    try:
        parts = urlsplit(url)
        known, host, secret = parts.scheme in ("http", "https"), parts.hostname, "@" in parts.netloc
    except ValueError:
        known, host, secret = False, None, False
    if secret:
        raise WarroomError(f"{at} must not hold a user or a password; write the secret as token = env:NAME")
    if not known or not host:
        raise WarroomError(f"{at} must be an address that begins with http:// or https://")


def _kind(wanted: type) -> str:
    kinds = {
        str: "text",
        bool: "true or false",
        float: "a number",
        int: "a number",
        dict: "a table",
        list: "a list",
    }
    return kinds.get(wanted, wanted.__name__)


def _unknown(at: str, name: str, known: list[str], what: str) -> WarroomError:
    near = difflib.get_close_matches(name, known, 1)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    shown = name if name.isprintable() else ascii(name)
    return WarroomError(f"{at}: unknown {what}: {shown}; {hint}")


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
    lines += [
        "",
        "# Keys of your own, by the ids that `warroom keys` lists: a key or a list of keys.",
        "# [keys]",
        '# filter = ["/", "ctrl+f"]',
        '# lock = "" # no key; :lock does it',
        "",
        "# Layouts of your own, for v and :layout NAME: the panes of each row, with shares of its width if you like.",
        "# [layout.night]",
        '# rows = ["alerts:7 nodes:5", "logs"]',
        "# heights = [16, 20] # shares of the rows",
        "",
        "# Where updates go.",
        "# [update.NAME]",
        '# kind = "slack"   # slack or json (web hooks), file, alert',
        '# url = "env:NAME" # env:NAME, file:PATH, command:WORDS, or the address itself where it is no secret',
        '# token = ""       # env:NAME, file:PATH or command:WORDS of a bearer token, where the hook wants one',
        '# path = ""        # of a file',
        "# idempotent = false # json: the hook takes the same Idempotency-Key as one update, so a doubt is tried again",
    ]
    return "\n".join(lines) + "\n"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    return f'"{value}"' if isinstance(value, str) else "{}" if isinstance(value, dict) else str(value)
