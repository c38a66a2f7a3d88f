"""Every watcher there is."""

from warroom.response.goals import watch_goals
from warroom.response.lock import watch_lock
from warroom.response.runbooks.running import watch_runs
from warroom.response.watching import Watcher

WATCHERS: tuple[Watcher, ...] = (
    watch_lock,
    watch_goals,
    watch_runs,
)
"""In the order in which they are asked; a later one sees what an earlier one said."""
