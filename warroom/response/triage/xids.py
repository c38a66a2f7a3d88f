"""What the numbers mean that NVIDIA's driver gives to GPU errors (Xid), and what to do about each."""

from collections.abc import Iterable
from typing import NamedTuple

from warroom.response.triage.picture import Picture
from warroom.state.signals import Sign

HARDWARE_S = 1800
"""A hardware error is held against a node that long after it was last seen."""
APPLICATION_S = 300


class Xid(NamedTuple):
    """One class of GPU error."""

    meaning: str
    advice: str
    sure: bool = True
    """Whether one of them is enough to take the node out."""


RESET = "drain the node, then reset the GPU"
HARDWARE: dict[str, Xid] = {
    "48": Xid("double bit ECC error", RESET),
    "63": Xid(
        "row remapping or page retirement recorded", "drain when the work allows, then reset", sure=False
    ),
    "64": Xid("row remapping or page retirement failed", RESET),
    "74": Xid("NVLink error", "drain the node and look at the link", sure=False),
    "79": Xid("the GPU has fallen off the bus", "drain the node; it needs a restart or hands on it"),
    "92": Xid("high rate of single bit ECC errors", "drain when the work allows", sure=False),
    "94": Xid(
        "contained ECC error", "restart the work it hit, drain when the work allows, then reset", sure=False
    ),
    "95": Xid("uncontained ECC error", RESET),
    "119": Xid("the GPU's system processor does not answer", RESET),
    "120": Xid("the GPU's system processor failed", RESET),
}
"""Errors of the GPU itself: the node is taken out."""

APPLICATION: dict[str, Xid] = {
    "13": Xid("graphics engine exception", "look at the program; on several programs of one node at the GPU"),
    "31": Xid("memory page fault of the application", "look at the program; restart it"),
    "32": Xid("invalid or corrupted push buffer stream", "look at the program and its driver; restart it"),
    "43": Xid("the GPU stopped processing for one program", "look at the program; restart it"),
    "45": Xid("a program was ended while it used the GPU", "look at what ended it"),
}
"""Errors that a program causes: the node stays."""


def hardware_signs(picture: Picture) -> Iterable[Sign]:
    """Hardware errors of GPUs that are recent and name their node."""
    return (s for s in picture.recent("xid", HARDWARE_S) if s.detail in HARDWARE and s.node)


def application_signs(picture: Picture) -> Iterable[Sign]:
    """Errors that programs caused, lately."""
    return (s for s in picture.recent("xid", APPLICATION_S) if s.detail in APPLICATION)
