"""Every watcher there is."""

from warroom.response.checklist import watch_checklist
from warroom.response.clocks import watch_clocks
from warroom.response.goals import watch_goals
from warroom.response.lock import watch_lock
from warroom.response.milestones import watch_milestones
from warroom.response.runbooks.running import watch_runs
from warroom.response.triage.watch import watch_triage
from warroom.response.watching import Watcher

WATCHERS: tuple[Watcher, ...] = (
    watch_lock,
    watch_triage,
    watch_goals,
    watch_runs,
    watch_milestones,
    watch_checklist,
    watch_clocks,
)
"""In the order in which they are asked; a later one sees what an earlier one said."""
