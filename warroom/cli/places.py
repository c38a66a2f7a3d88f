"""Where this user's rooms, incidents and settings are."""

import os

from warroom.config import Config, Places, load_config, places


def here() -> Places:
    """The places of this environment."""
    return places(os.environ)


def settings() -> Config:
    """The configuration of this environment; raises ``WarroomError``."""
    return load_config(here(), os.environ)
