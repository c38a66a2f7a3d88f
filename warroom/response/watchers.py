"""Every watcher there is."""

from warroom.response.goals import watch_goals
from warroom.response.lock import watch_lock
from warroom.response.watching import Watcher

WATCHERS: tuple[Watcher, ...] = (
    watch_lock,
    watch_goals,
)
"""In the order in which they are asked; a later one sees what an earlier one said."""
