"""Which file has which verb, so that one command loads nothing of the others."""

from collections.abc import Mapping
from importlib import import_module

from warroom.cli.verb import Verb

FILES: Mapping[str, tuple[str, ...]] = {
    "rooms": ("demo", "open", "attach", "rooms", "stop", "scenarios", "_host"),
    "watching": ("watch",),
    "pairing": ("pair",),
    "terminal": ("reset-terminal",),
    "incident": ("incident", "note", "marker"),
    "team": ("role", "brief", "clocks"),
    "checklist": ("checklist",),
    "inquiry": ("hypothesis", "decide", "object", "pin", "task", "review"),
    "runbook": ("finding", "runbook"),
    "update": ("update",),
    "looking": ("cluster-status", "node-list", "workload-list", "workload-get", "alert-list"),
    "searching": ("workload-logs", "metrics-query", "logs-search", "what-changed", "timeline"),
    "acting": (
        *("node-cordon", "node-uncordon", "node-drain", "workload-stop", "workload-submit"),
        *("workload-scale", "alert-create", "alert-silence", "alert-ack"),
    ),
    "approving": ("approve", "refuse", "override", "cancel", "undo"),
    "records": ("incidents", "replay", "export", "verify"),
    "settings": ("init", "config"),
    "keys": ("keys",),
    "themes": ("themes",),
}
"""In the order help shows them."""

NAMES = tuple(name for names in FILES.values() for name in names)


def verbs_of(file: str) -> tuple[Verb, ...]:
    """The verbs in one file."""
    found: tuple[Verb, ...] = import_module(f"warroom.cli.{file}").VERBS
    return found


def every_verb() -> tuple[Verb, ...]:
    """Every command there is."""
    return tuple(verb for file in FILES for verb in verbs_of(file))


def beside(name: str) -> tuple[Verb, ...]:
    """The verbs in the file of that one; every verb where there is none of that name."""
    file = next((file for file, names in FILES.items() if name in names), None)
    return verbs_of(file) if file is not None else every_verb()
