"""Keeps the response going: records what follows from the state by itself, and grants wishes about it."""

from collections.abc import Sequence

from warroom.host.sequencer import Sequencer
from warroom.model.nouns import Person
from warroom.model.response_commands import ResponseCommand
from warroom.response.book import Book
from warroom.response.watchers import WATCHERS
from warroom.response.watching import Followed, Moment, Watcher
from warroom.response.wishes.granting import granted


class Responding:
    """The response of one room. Belongs to the host's event loop; never waits."""

    def __init__(self, sequencer: Sequencer, book: Book, *, watchers: Sequence[Watcher] = WATCHERS) -> None:
        self._sequencer = sequencer
        self._watchers = watchers
        self._looked: tuple[int, int] = (-1, -1)
        self.book = book

    def look(self) -> None:
        """Record what follows; nothing is asked again before something happened or a second passed."""
        at = (self._sequencer.state.seq, self._sequencer.clock.room_ms() // 1000)
        if at == self._looked:
            return
        for watcher in self._watchers:
            self._accept(list(watcher(self._moment())), None)
        self._looked = (self._sequencer.state.seq, at[1])

    def wish(self, command: ResponseCommand, person: Person) -> int:
        """Grant a wish and answer where the record has it; raises ``Refused``."""
        self._accept(granted(self._moment(), command, person), person)
        return self._sequencer.state.seq

    def _moment(self) -> Moment:
        sequencer = self._sequencer
        return Moment(sequencer.state, sequencer.clock.now(), sequencer.clock.room_ms(), self.book)

    def _accept(self, followed: Sequence[Followed], person: Person | None) -> None:
        for one in followed:
            self._sequencer.accept(one.event, actor=person, time=one.time)
