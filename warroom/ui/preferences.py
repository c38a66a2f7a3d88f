"""What a person set for the screen beforehand, and what of it could not be done."""

from pathlib import Path
from typing import NamedTuple

from warroom.config import Config
from warroom.ui.keymap import remapped
from warroom.ui.keys import KEYS, Key


class Preferences(NamedTuple):
    """The settings of the screen besides its looks and its link."""

    keys: tuple[Key, ...] = KEYS
    refused: tuple[str, ...] = ()
    """A sentence for each setting that is not in force."""
    kept: Path | None = None
    """The file of what is kept from one screen to the next."""


def preferences(config: Config | None, kept: Path) -> Preferences:
    """What the config asks for; what of it is wrong keeps nobody out of a room."""
    if config is None:
        return Preferences(kept=kept)
    keys = remapped(config.keys)
    return Preferences(keys.keys, keys.refused, kept)
