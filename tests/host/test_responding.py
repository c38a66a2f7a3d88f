"""The response of a room: what follows from the state is asked when something happened, and while a look goes on."""

from collections.abc import Iterable

from warroom.host.responding import Responding
from warroom.host.sequencer import Sequencer
from warroom.response.book import Book
from warroom.response.watching import Followed, Moment
from warroom.testing.leaping_clock import LeapingClock
from warroom.testing.memory_recorder import MemoryRecorder


class Slow:
    """A watcher whose work takes some turns."""

    def __init__(self, turns: int) -> None:
        self.turns = turns
        self.asked = 0

    def __call__(self, moment: Moment) -> Iterable[Followed]:
        assert moment.memory is not None
        self.asked += 1
        moment.memory.busy = self.asked < self.turns
        return ()


def test_nothing_is_asked_again_while_nothing_happens_unless_a_look_goes_on() -> None:
    once, long = Slow(1), Slow(4)
    for slow in (once, long):
        responding = Responding(Sequencer(LeapingClock(), MemoryRecorder()), Book(), watchers=(slow,))
        for _ in range(10):
            responding.look()
        assert not responding.busy
    assert (once.asked, long.asked) == (1, 4)
