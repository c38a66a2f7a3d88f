"""From a config's tables to the sources of a cluster."""

import getpass

import pytest

from warroom.config import CLUSTER_TABLES
from warroom.errors import WarroomError
from warroom.host.ports import Actuator, LogReader, MetricReader
from warroom.model.secret import SecretPlace, SecretSource
from warroom.sources.assembly import assemble
from warroom.sources.settings import KINDS, AlertmanagerSettings, SlurmSettings, settings_of
from warroom.testing.leaping_clock import LeapingClock

URL = {"url": "http://127.0.0.1:1"}


def test_each_table_is_a_source_with_its_roles() -> None:
    sources = assemble({"slurm": URL, "prometheus": URL, "alertmanager": URL}, LeapingClock())
    assert [(s.name, s.announce().roles) for s in sources] == [
        ("slurm", ("cluster", "logs")),
        ("prometheus", ("metrics",)),
        ("alertmanager", ("alerts",)),
    ]
    slurm, prometheus, alertmanager = sources
    assert isinstance(slurm, Actuator)
    assert isinstance(slurm, LogReader)
    assert isinstance(prometheus, MetricReader)
    assert not isinstance(prometheus, Actuator)
    assert isinstance(alertmanager, Actuator)


async def test_the_user_of_a_token_is_who_runs_the_room_unless_it_is_said() -> None:
    (slurm,) = assemble({"slurm": URL}, LeapingClock())
    assert (await slurm._rest._headers())["X-SLURM-USER-NAME"] == getpass.getuser()  # type: ignore[attr-defined]


def test_every_setting_of_the_config_is_one_the_source_knows() -> None:
    assert set(CLUSTER_TABLES) == set(KINDS)
    for kind, table in CLUSTER_TABLES.items():
        fields = set(KINDS[kind].__struct_fields__)
        assert {setting.key for setting in table} <= fields
        defaults = {setting.key: setting.default for setting in table if setting.key not in ("url", "token")}
        needed = {"path": "/var/log/app.log"} if kind == "logfile" else URL
        assert settings_of(kind, {**defaults, **needed})


def test_a_token_is_a_place_and_never_its_value() -> None:
    settings = settings_of("alertmanager", {**URL, "token": "env:AM_TOKEN"})
    assert isinstance(settings, AlertmanagerSettings)
    assert settings.token == SecretSource(SecretPlace.ENV, "AM_TOKEN")
    with pytest.raises(WarroomError) as refused:
        settings_of("alertmanager", {**URL, "token": "abcdef123456"})
    assert "abcdef123456" not in str(refused.value)
    assert "env:NAME" in str(refused.value)


@pytest.mark.parametrize(
    ("kind", "table", "why"),
    [
        ("mesos", URL, "no source of the kind mesos; known: slurm"),
        ("slurm", {}, "cluster table slurm: .*url"),
        ("slurm", {**URL, "interval_s": "often"}, "cluster table slurm: .*interval_s"),
        ("slurm", {"url": "http://me:secret@h"}, "url must not hold a password"),
        ("slurm", {**URL, "user": "jürg\n"}, "user must be a plain name"),
    ],
)
def test_what_cannot_be_read_names_table_and_key(kind: str, table: dict[str, object], why: str) -> None:
    with pytest.raises(WarroomError, match=why):
        settings_of(kind, table)


def test_an_empty_user_is_no_error() -> None:
    settings = settings_of("slurm", {**URL, "user": ""})
    assert isinstance(settings, SlurmSettings)
    assert settings.user == ""
