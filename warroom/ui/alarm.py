"""When something got worse: the optional bell."""

from warroom.state.slices import State
from warroom.views.bar import firing_counts

AGAIN_S = 2.0
"""A bell that rings more often says nothing more."""
LEAST = 5
"""The rank of no incident at all; SEV1 is 1."""


class Alarm:
    """Notices that the severity rose or that more alerts fire than before."""

    def __init__(self) -> None:
        self._seen = (-1, -1)
        self._known: tuple[int, int, int] | None = None
        self._rang_s = float("-inf")

    def rings(self, state: State, now_s: float) -> bool:
        """Whether to ring now; what was so when one came is no reason."""
        revisions = (state.alerts.revision, state.incident.revision)
        if revisions == self._seen:
            return False
        self._seen = revisions
        incident = state.incident.incident
        severity = int(incident.severity[-1]) if incident is not None and incident.open else LEAST
        critical, other, _ = firing_counts(state)
        before, self._known = self._known, (severity, critical, other)
        if before is None:
            return False
        worse = severity < before[0] or critical > before[1] or other > before[2]
        if not worse or now_s - self._rang_s < AGAIN_S:
            return False
        self._rang_s = now_s
        return True
