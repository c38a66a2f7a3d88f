"""Which event showed the worst figure of a spell: the state keeps the figure alone."""

from datetime import datetime
from typing import NamedTuple

from warroom.errors import Unreadable
from warroom.events.codec import decode_event
from warroom.events.envelope import Envelope
from warroom.events.metrics import SeriesSampled
from warroom.state.slices import State
from warroom.state.spells import Spell, SpellKind


class Shown(NamedTuple):
    """A figure, when it was measured, and the event that brought it."""

    value: float
    time: datetime
    seq: int


class WorstReader:
    """Follows the spells of indicators sample by sample."""

    def __init__(self) -> None:
        self._open: dict[str, Spell] = {}
        self._shown: dict[tuple[str, datetime], Shown] = {}

    def take(self, envelope: Envelope, state: State) -> None:
        """Read the samples of one look; ``state`` is the fold with it."""
        spells = state.spells.open
        if not self._open and not spells:
            return
        for key, spell in spells.items():
            if spell.kind is SpellKind.INDICATOR and self._open.get(key) != spell:
                self._open[key] = spell
                self._find(spell, envelope)
        for key in [key for key in self._open if key not in spells]:
            del self._open[key]

    def _find(self, spell: Spell, envelope: Envelope) -> None:
        try:
            event = decode_event(envelope)
        except Unreadable:
            return
        if not isinstance(event, SeriesSampled):
            return
        for sample in event.samples:
            whole = sample.metric == spell.name and not sample.labels and sample.time >= spell.start
            if whole and sample.value is not None and sample.value == spell.worst:
                self._shown[spell.name, spell.start] = Shown(sample.value, sample.time, envelope.seq)
                return

    def of(self, spell: Spell) -> Shown | None:
        """Where the record shows the spell's worst figure; None where it does not."""
        shown = self._shown.get((spell.name, spell.start))
        return shown if shown is not None and shown.value == spell.worst else None
