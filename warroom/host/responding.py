"""Keeps the response going: records what follows from the state by itself, and grants wishes about it."""

from collections.abc import Sequence

from warroom.host.sequencer import Sequencer
from warroom.model.commands import DeclareIncident, Drafted, DraftUpdate
from warroom.model.nouns import Person
from warroom.model.response_commands import ResponseCommand, SendUpdate
from warroom.model.text import Safe
from warroom.response.book import Book
from warroom.response.updates.writing import written
from warroom.response.watchers import WATCHERS
from warroom.response.watching import Followed, Memory, Moment, Watcher
from warroom.response.wishes.granting import granted, named
from warroom.response.wishes.incident import declared, incident_of
from warroom.response.wishes.updates import next_due


class Responding:
    """The response of one room. Belongs to the host's event loop; never waits."""

    def __init__(self, sequencer: Sequencer, book: Book, *, watchers: Sequence[Watcher] = WATCHERS) -> None:
        self._sequencer = sequencer
        self._watchers = watchers
        self._looked: tuple[int, int] = (-1, -1)
        self._memory = Memory()
        self.book = book

    def look(self) -> None:
        """Record what follows; nothing is asked again before something happened or a second passed."""
        at = (self._sequencer.state.seq, self._sequencer.clock.room_ms() // 1000)
        if at == self._looked and not self._memory.busy:
            return
        for watcher in self._watchers:
            self._accept(list(watcher(self._moment())), None)
        self._looked = (self._sequencer.state.seq, at[1])

    @property
    def busy(self) -> bool:
        """Whether a look that is too long for one turn of the loop goes on."""
        return self._memory.busy

    def wish(self, command: ResponseCommand, person: Person) -> tuple[str, int]:
        """Grant a wish; the name of what came of it and where the record has it. Raises ``Refused``."""
        followed = granted(self._moment(), command, person)
        self._accept(followed, person)
        return named(followed), self._sequencer.state.seq

    def draft(self, query: DraftUpdate) -> Drafted:
        """An update by the room's templates; raises ``Refused`` without an incident."""
        moment = self._moment()
        due = next_due(
            moment, SendUpdate(query.kind, Safe(""), next_in_s=query.next_in_s), incident_of(moment.state)
        )
        templates = self.book.templates
        text = written(
            moment.state, query.kind, templates, now=moment.now, coming=str(query.coming), next_due=due
        )
        return Drafted(text, due)

    def declare(self, name: str, command: DeclareIncident, person: Person) -> int:
        """Declare the incident with that name and answer where the record has it."""
        self._accept(list(declared(self._moment(), name, command, person)), person)
        return self._sequencer.state.seq

    def _moment(self) -> Moment:
        sequencer = self._sequencer
        clock = sequencer.clock
        return Moment(sequencer.state, clock.now(), clock.room_ms(), self.book, self._memory)

    def _accept(self, followed: Sequence[Followed], person: Person | None) -> None:
        for one in followed:
            self._sequencer.accept(one.event, actor=person, time=one.time)
