"""Puts the sources of a configured cluster together: one adapter a table of the config."""

import getpass
from collections.abc import Mapping

import msgspec

from warroom.clock import Clock
from warroom.host.ports import Source
from warroom.sources.alertmanager.adapter import AlertmanagerAlerts
from warroom.sources.logfile.adapter import LogFile
from warroom.sources.prometheus.adapter import PrometheusMetrics
from warroom.sources.settings import LogfileSettings, PrometheusSettings, SlurmSettings, settings_of
from warroom.sources.slurm.adapter import SlurmCluster


def assemble(tables: Mapping[str, Mapping[str, object]], clock: Clock) -> list[Source]:
    """The sources of the tables ``slurm``, ``prometheus``, ``alertmanager``, ``logfile``; raises ``WarroomError``."""
    sources: list[Source] = []
    for kind, table in tables.items():
        settings = settings_of(kind, table)
        if isinstance(settings, SlurmSettings):
            user = settings.user or getpass.getuser()
            sources.append(SlurmCluster(msgspec.structs.replace(settings, user=user), clock=clock))
        elif isinstance(settings, PrometheusSettings):
            sources.append(PrometheusMetrics(settings, clock=clock))
        elif isinstance(settings, LogfileSettings):
            sources.append(LogFile(settings, clock=clock))
        else:
            sources.append(AlertmanagerAlerts(settings, clock=clock))
    return sources
