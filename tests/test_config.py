"""Settings: where things lie, what the file says, and what is said when it is wrong."""

import tomllib
from pathlib import Path

import pytest

from warroom.config import (
    CLUSTER_TABLES,
    SETTINGS,
    Config,
    commented_default,
    line_numbers,
    load_config,
    places,
)
from warroom.errors import WarroomError


def config_of(folder: Path, text: str) -> Config:
    environ = {"WARROOM_HOME": str(folder)}
    (folder / "config.toml").write_text(text, encoding="utf-8")
    return load_config(places(environ), environ)


def complaint(folder: Path, text: str) -> str:
    """The sentence for a config that is wrong, without the folder's name."""
    with pytest.raises(WarroomError) as wrong:
        config_of(folder, text)
    sentence = str(wrong.value)
    assert "\n" not in sentence
    return sentence.replace(f"{folder}/", "")


def origin(config: Config, name: str) -> str:
    return next(v.origin for v in config.values if v.name == name)


SLURM = '[cluster.hpc.slurm]\nurl = "http://127.0.0.1:6820"\n'


def test_warroom_home_moves_everything_into_one_folder() -> None:
    here = places({"WARROOM_HOME": "/srv/room", "XDG_DATA_HOME": "/elsewhere", "HOME": "/home/alice"})
    assert here.config_file == Path("/srv/room/config.toml")
    every = (here.incidents, here.rooms, here.logs, here.keys, here.themes)
    assert all(folder.parent == Path("/srv/room") for folder in every)


def test_without_it_the_xdg_folders_are_used() -> None:
    here = places({"HOME": "/home/alice", "XDG_DATA_HOME": "/data", "XDG_STATE_HOME": "/state"})
    assert here.config_file == Path("/home/alice/.config/warroom/config.toml")
    assert here.incidents == Path("/data/warroom/incidents")
    assert here.rooms == Path("/state/warroom/rooms")
    assert here.logs == Path("/state/warroom/logs")


def test_a_relative_xdg_folder_is_ignored_as_its_specification_asks() -> None:
    assert places({"HOME": "/home/alice", "XDG_DATA_HOME": "data"}) == places({"HOME": "/home/alice"})


def test_a_missing_file_means_defaults(tmp_path: Path) -> None:
    config = load_config(places({"WARROOM_HOME": str(tmp_path)}), {})
    assert (config.get("room", "group"), config.get("log", "debug"), config.clusters) == ("", False, {})
    assert origin(config, "room.group") == "default"


def test_each_value_names_the_line_it_comes_from(tmp_path: Path) -> None:
    config = config_of(tmp_path, '# mine\n[room]\ngroup = "sre"\n\n[log]\n')
    assert config.get("room", "group") == "sre"
    assert origin(config, "room.group") == f"{tmp_path}/config.toml:3"
    assert origin(config, "log.debug") == "default"


def test_folders_name_the_variable_that_moved_them(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")}
    config = load_config(places(environ), environ)
    assert origin(config, "places.incidents") == "XDG_DATA_HOME"
    assert origin(config, "places.rooms") == "default"
    assert origin(config_of(tmp_path, ""), "places.rooms") == "WARROOM_HOME"


def test_a_cluster_is_complete_with_the_defaults_of_its_sources(tmp_path: Path) -> None:
    config = config_of(tmp_path, SLURM + 'interval_s = 4\ntoken = "env:SLURM_JWT"\n')
    slurm = config.clusters["hpc"].sources["slurm"]
    assert slurm == {
        "url": "http://127.0.0.1:6820",
        "user": "",
        "token": "env:SLURM_JWT",
        "conf": "",
        "interval_s": 4.0,
    }


def test_a_key_that_two_tables_share_is_reported_at_its_own_line(tmp_path: Path) -> None:
    """The second wrong interval was reported at the line of the first, right one."""
    text = (
        SLURM
        + 'interval_s = 2.0\n[cluster.hpc.prometheus]\nurl = "http://127.0.0.1:9090"\ninterval_s = "often"\n'
    )
    sentence = complaint(tmp_path, text)
    assert sentence == "config.toml:6: cluster.hpc.prometheus.interval_s must be a number, not text"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('[room]\ngruop = "sre"\n', "config.toml:2: unknown key in [room]: gruop; did you mean group?"),
        ("[rom]\n", "config.toml:1: unknown table: rom; did you mean room?"),
        (
            "[zzz]\n",
            "config.toml:1: unknown table: zzz; known: room, policy, log, ui, cluster, update, keys, layout",
        ),
        ("\nroom = 3\n", "config.toml:2: room must be a table, [room]"),
        ("[room]\ngroup = 3\n", "config.toml:2: room.group must be text, not a number"),
        ('[log]\ndebug = "yes"\n', "config.toml:2: log.debug must be true or false, not text"),
        ('room.group = ["a"]\n', "config.toml:1: room.group must be text, not a list"),
        (
            '[cluster.hpc.slrum]\nurl = "http://a"\n',
            "config.toml:1: unknown source of cluster.hpc: slrum; did you mean slurm?",
        ),
        ("[cluster.hpc.slurm]\n", "config.toml:1: cluster.hpc.slurm needs url"),
        ('[cluster.hpc.logfile]\nnode = "a"\n', "config.toml:1: cluster.hpc.logfile needs path"),
        ("[cluster]\nhpc = 3\n", None),
        ("[cluster.hpc]\n", None),
        ("[cluster.hpc]\nslurm = 3\n", "config.toml:2: cluster.hpc.slurm must be a table"),
        (SLURM + "interval_s = 0\n", "config.toml:3: cluster.hpc.slurm.interval_s must be more than 0"),
        (SLURM + "interval_s = nan\n", "config.toml:3: cluster.hpc.slurm.interval_s must be more than 0"),
        (SLURM + "interval_s = inf\n", "config.toml:3: cluster.hpc.slurm.interval_s must be more than 0"),
        (SLURM + "interval_s = true\n", None),
        (
            '[cluster.hpc.slurm]\nurl = "127.0.0.1:6820"\n',
            "config.toml:2: cluster.hpc.slurm.url must be an address that begins with http:// or https://",
        ),
        ('[cluster."../x".slurm]\nurl = "http://a"\n', None),
        ('[cluster.p.prometheus]\nurl = "http://a"\n[cluster.p.prometheus.queries]\np99 = 3\n', None),
    ],
)
def test_what_is_wrong_is_named_with_file_line_and_key(
    tmp_path: Path, text: str, sentence: str | None
) -> None:
    said = complaint(tmp_path, text)
    assert said.startswith("config.toml:")
    if sentence is not None:
        assert said == sentence


def test_broken_toml_is_one_sentence_with_its_line(tmp_path: Path) -> None:
    assert "config.toml is not valid TOML" in complaint(tmp_path, "[room\n")
    assert "line 2" in complaint(tmp_path, "[room]\ngroup = \n")


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_bytes(b'[room]\ngroup = "\xff"\n')
    with pytest.raises(WarroomError, match="not text in UTF-8"):
        load_config(places({"WARROOM_HOME": str(tmp_path)}), {})


def test_a_config_that_cannot_be_read_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(WarroomError, match=r"cannot read the config .*config\.toml: Is a directory"):
        load_config(places({"WARROOM_HOME": str(tmp_path)}), {})


@pytest.mark.parametrize("literal", ["eyJhbGciOi.secret", "env:", "command: ", "ENV:X", "http://x"])
def test_a_token_in_the_file_is_refused_and_not_repeated(tmp_path: Path, literal: str) -> None:
    sentence = complaint(tmp_path, SLURM + f'token = "{literal}"\n')
    assert sentence.startswith("config.toml:3: cluster.hpc.slurm.token is a secret")
    assert "env:NAME, file:PATH or command:WORDS" in sentence
    assert "secret and must not" in sentence
    assert "eyJ" not in sentence


@pytest.mark.parametrize("url", ["http://u:hunter2@host:9090", "http://hunter2@host"])
def test_a_password_inside_an_address_is_refused_and_not_repeated(tmp_path: Path, url: str) -> None:
    """``config show`` printed it, and so did every error about that server."""
    sentence = complaint(tmp_path, f'[cluster.c.prometheus]\nurl = "{url}"\n')
    assert sentence.startswith("config.toml:2: cluster.c.prometheus.url must not hold a user or a password")
    assert "hunter2" not in sentence


def test_where_a_secret_is_kept_may_be_shown(tmp_path: Path) -> None:
    config = config_of(tmp_path, SLURM + 'token = "file:/etc/warroom/jwt"\n')
    assert next(v.value for v in config.values if v.name.endswith("token")) == "file:/etc/warroom/jwt"


def test_an_escape_in_a_key_does_not_reach_the_terminal(tmp_path: Path) -> None:
    assert "\x1b" not in complaint(tmp_path, '[room]\n"\\u001b[2J" = 1\n')
    assert "\x1b" not in complaint(tmp_path, '[cluster."\\u001b[2J".slurm]\nurl = "http://a"\n')


def test_lines_are_found_for_tables_quoted_dotted_and_nested_keys() -> None:
    text = 'room.group = "x"\n["cluster".a.slurm]\n"url" = "=[#"\n# url = 1\n[cluster.b]\nslurm = { url = "u" }\n'
    found = line_numbers(text)
    assert found[("room", "group")] == 1
    assert found[("cluster", "a")] == found[("cluster", "a", "slurm")] == 2
    assert found[("cluster", "a", "slurm", "url")] == 3
    assert found[("cluster", "b", "slurm")] == 6


def test_the_commented_file_is_all_defaults(tmp_path: Path) -> None:
    config = config_of(tmp_path, commented_default())
    assert config.clusters == {}
    assert {v.origin for v in config.values if not v.name.startswith("places.")} == {"default"}


def test_uncommenting_the_commented_file_gives_every_setting_its_default() -> None:
    lines = [line.removeprefix("# ") for line in commented_default().splitlines()]
    settings = [line for line in lines if line.startswith("[") or " = " in line.split("  ", 1)[0]]
    tables = tomllib.loads("\n".join(line for line in settings if not line.startswith("  ")))
    assert {s.key: tables[s.table][s.key] for s in SETTINGS} == {s.key: s.default for s in SETTINGS}
    for name, rows in CLUSTER_TABLES.items():
        assert tables["cluster"]["NAME"][name] == {s.key: s.default for s in rows}


def test_every_setting_is_explained_in_the_commented_file() -> None:
    text = commented_default()
    for setting in (*SETTINGS, *(s for rows in CLUSTER_TABLES.values() for s in rows)):
        assert setting.help
        assert setting.help in text
