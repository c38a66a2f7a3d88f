"""What a person set for the screen beforehand, and what of it could not be done."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from warroom.config import Config
from warroom.ui.keymap import remapped
from warroom.ui.keys import KEYS, Key
from warroom.ui.layout import Presets
from warroom.ui.own_layouts import own_layouts
from warroom.ui.presets import PRESETS


class Preferences(NamedTuple):
    """The settings of the screen besides its looks and its link."""

    keys: tuple[Key, ...] = KEYS
    refused: tuple[str, ...] = ()
    """A sentence for each setting that is not in force."""
    presets: Presets = PRESETS
    """The layouts there are to choose from, besides the overview."""
    mouse: bool = False
    """Whether the screen begins with the mouse."""
    kept: Path | None = None
    """The file of what is kept from one screen to the next."""


def preferences(config: Config | None, environ: Mapping[str, str], kept: Path) -> Preferences:
    """What the config asks for; what of it is wrong keeps nobody out of a room."""
    if config is None:
        return Preferences(kept=kept)
    keys = remapped(config.keys)
    mouse = mouse_wanted(bool(config.get("ui", "mouse")), environ)
    layouts = own_layouts(config.layouts)
    return Preferences(keys.keys, (*keys.refused, *layouts.refused), layouts.presets, mouse, kept)


def mouse_wanted(setting: bool, environ: Mapping[str, str]) -> bool:
    """Whether a screen begins with the mouse: never over SSH, where a terminal's own selecting is needed most."""
    return setting and not (environ.get("SSH_CONNECTION") or environ.get("SSH_TTY"))
