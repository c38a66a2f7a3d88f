"""Which members of a pane pass its filter: looked at once each, again only when they or the filter change."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import Generic, TypeVar

from warroom.views.changed import replaced
from warroom.views.filtering import EVERYTHING, Filter, Subject, checker

K = TypeVar("K")
V = TypeVar("V")

SLICE = 3_000
"""Members looked at in one go: some milliseconds of work."""


class Matching(Generic[K, V]):
    """The keys of the members that pass. The members are frozen, so identity tells which are new."""

    def __init__(self, subject: Callable[[V], Subject]) -> None:
        self.keys: set[K] = set()
        self.revision = 0
        """Grows with each change of ``keys``."""
        self.unfinished = False
        """Whether there are members that were not looked at yet: ``update`` again goes on with them."""
        self.unknown_keys: frozenset[str] = frozenset()
        """What the filter asks for and no member has: most likely a slip of the pen."""
        self._subject = subject
        self._wanted = EVERYTHING
        self._test = checker(EVERYTHING)
        self._known: dict[K, V] = {}

    def update(self, members: Mapping[K, V], wanted: Filter) -> None:
        """Take over what changed, at most so much of it as holds nobody up."""
        if wanted != self._wanted:
            self._begin(wanted)
        if not wanted:
            return
        seen = 0
        for key, _, member in islice(replaced(self._known, members), SLICE):
            seen += 1
            if member is None:
                del self._known[key]
            else:
                self._known[key] = member
            self._judge(key, member)
        self.unfinished = seen == SLICE

    def _begin(self, wanted: Filter) -> None:
        self._wanted, self._test = wanted, checker(wanted)
        self._known, self.keys = {}, set()
        self.unknown_keys = wanted.keys
        self.unfinished = False
        self.revision += 1

    def _judge(self, key: K, member: V | None) -> None:
        passes = False
        if member is not None:
            subject = self._subject(member)
            if self.unknown_keys:
                self.unknown_keys -= subject.fields.keys()
            passes = self._test(subject)
        if passes is not (key in self.keys):
            (self.keys.add if passes else self.keys.discard)(key)
            self.revision += 1
