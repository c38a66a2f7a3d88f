"""What the versions of Slurm's REST interface do differently; the newest that both sides know is spoken."""

import re

import msgspec


class Version(msgspec.Struct, frozen=True):
    """One version of the interface, and how it wants to be spoken to."""

    name: str
    words: bool = True
    """Environment and lists as lists of text, node counts as text (from 0.0.39); else objects and numbers."""
    script_in_job: bool = True
    """The script belongs into the job's description (from 0.0.40); else beside it."""
    changes_nodes: bool = True
    """``POST /node/NAME`` changes a node (from 0.0.39); else scontrol must."""
    gres: str = "gres/gpu:"
    """How GPUs per node are written; empty where they have a field ``gres`` of their own."""
    tried: bool = False
    """Whether it was run against a real server; the others are written from the published schemas."""


VERSIONS: tuple[Version, ...] = (
    Version("v0.0.45"),
    Version("v0.0.44"),
    Version("v0.0.43"),
    Version("v0.0.42"),
    Version("v0.0.41"),
    Version("v0.0.40"),
    Version("v0.0.39", script_in_job=False, gres="gres:gpu:"),
    Version("v0.0.38", words=False, script_in_job=False, changes_nodes=False, gres="", tried=True),
    Version("v0.0.37", words=False, script_in_job=False, changes_nodes=False, gres=""),
    Version("v0.0.36", words=False, script_in_job=False, changes_nodes=False, gres=""),
)
"""Newest first."""

IN_URL = re.compile(r"/slurm/(v\d+\.\d+\.\d+)/?$")


def split_url(url: str) -> tuple[str, str]:
    """The server's address and the version the URL asks for; an empty one when it leaves the choice to us."""
    found = IN_URL.search(url)
    return (url[: found.start()], found[1]) if found else (url.rstrip("/").removesuffix("/slurm"), "")


def version_named(name: str) -> Version | None:
    """The version of that name."""
    return next((version for version in VERSIONS if version.name == name), None)
