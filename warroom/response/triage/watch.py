"""Asks the rules each second; raises, updates and withdraws findings, patiently, so that nothing flaps."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from warroom.events.triage import FindingRaised, FindingsMeasured, FindingUpdated, FindingWithdrawn
from warroom.model.nouns import Severity
from warroom.model.response import Confidence, Fact, Finding, Targets
from warroom.model.text import Safe
from warroom.response.triage.endings import ending, is_settled
from warroom.response.triage.own_judging import own_finding
from warroom.response.triage.picture import Kept, Picture
from warroom.response.triage.rules.network import partition
from warroom.response.triage.table import RULES
from warroom.response.watching import Followed, Memory, Moment
from warroom.state.findings import Standing
from warroom.state.still import still

LOOK_MS = 1_000
"""Rules are asked once in that time, however much is observed."""
NODES_A_LOOK = 1_500
"""A second between two looks for so many nodes: looking must cost less than what is looked at."""
RAISE_MS = 1_000
"""A finding must hold from one look to the next before it is raised."""
UPDATE_MS = 3_000
"""A change of a finding must last that long."""
BETWEEN_MS = 10_000
"""Between two updates of one finding; what is worse than before does not wait for it."""
MEASURE_MS = 10_000
"""The figures of all standing findings are taken together, at most once in that time, when they changed."""
AGED_MS = 30_000
"""... and where they are what they were: once in that time, so that they say of when they are."""
WITHDRAW_MS = 30_000
"""A finding that comes back within that time was never gone."""


PREPARED: tuple[Callable[[Picture], object], ...] = (
    lambda p: (p.occupied, p.gone),
    lambda p: p.down,
    lambda p: (p.down_names, p.surely_down, p.open_nodes, p.unready),
    lambda p: (p.broken, partition(p)),
)
"""What rules ask for when nodes or workloads are in trouble and takes long on a large cluster, in parts."""
PAUSED_AFTER = ("network",)


class Essence(NamedTuple):
    """What makes a finding another one than before."""

    title: Safe
    confidence: Confidence
    severity: Severity | None
    targets: Targets


class Patience:
    """How long things hold. Belongs to who asks; when it is lost, all waiting begins anew."""

    def __init__(self) -> None:
        self.kept = Kept()
        self.look: Look | None = None
        """One that is not over yet."""
        self.looked_ms: int | None = None
        self.held: dict[str, int] = {}
        """Finding that is not raised yet -> room time since which it holds."""
        self.changed: dict[str, tuple[Essence, int]] = {}
        """Standing finding -> what it turned into, and since when."""
        self.updated: dict[str, int] = {}
        self.measured_ms: int | None = None
        self.gone: dict[str, int] = {}
        """Standing finding -> room time since which it does not hold."""

    def since(self, times: dict[str, int], key: str, room_ms: int) -> int:
        """Milliseconds since this began, which may be now."""
        return room_ms - times.setdefault(key, room_ms)


class Look:
    """One round of the rules, all at one moment. On a large cluster it is done in parts, a part each time."""

    def __init__(self, moment: Moment, kept: Kept, *, in_parts: bool) -> None:
        self.in_parts = in_parts
        # Parts of a look must see the same cluster, whatever is observed between them.
        at = moment._replace(state=still(moment.state)) if in_parts else moment
        self.picture = Picture(at, kept)
        self.found: dict[str, tuple[Finding, int]] = {}
        self._parts = _parts(at, self.picture, self.found)

    def go_on(self) -> bool:
        """Do the next part, or all there is; whether the look is over."""
        return all(not self.in_parts for _ in self._parts)


def _parts(moment: Moment, picture: Picture, found: dict[str, tuple[Finding, int]]) -> Iterator[None]:
    """What the rules come to, by key, with how long it must hold in milliseconds; a pause after each part."""
    if not moment.state.cluster.listed and not moment.state.sources.sources:
        return
    troubled = bool(picture.listed.down or picture.listed.troubled)
    yield
    for prepare in PREPARED if troubled else ():
        prepare(picture)
        yield
    for rule in RULES:
        found.update({f.key: (f, RAISE_MS) for f in rule.judge(picture)})
        if rule.id in PAUSED_AFTER:
            yield
    for own in moment.book.own_rules:
        one = own_finding(own, picture)
        if one is not None:
            found[one.key] = (one, max(RAISE_MS, int(own.hold_s * 1000)))


def findings(moment: Moment, picture: Picture) -> dict[str, tuple[Finding, int]]:
    """What the rules come to at this moment, by key, with how long it must hold in milliseconds."""
    found: dict[str, tuple[Finding, int]] = {}
    for _ in _parts(moment, picture, found):
        pass
    return found


def watch_triage(moment: Moment) -> Iterable[Followed]:
    """Raise, update and withdraw findings."""
    memory = moment.memory or Memory()
    patience = memory.of(Patience)
    look = patience.look or _begun(moment, patience)
    if look is None:
        return
    patience.look, memory.busy = (None, False) if look.go_on() else (look, True)
    if not memory.busy:
        yield from _concluded(moment, patience, look)


def _begun(moment: Moment, patience: Patience) -> Look | None:
    """A new look, unless the one before was just now."""
    nodes = len(moment.state.cluster.nodes)
    pause = LOOK_MS * max(1, nodes // NODES_A_LOOK)
    if patience.looked_ms is not None and 0 <= moment.room_ms - patience.looked_ms < pause:
        return None
    patience.looked_ms = moment.room_ms
    return Look(moment, patience.kept, in_parts=moment.memory is not None and nodes >= NODES_A_LOOK)


def _concluded(moment: Moment, patience: Patience, look: Look) -> Iterator[Followed]:
    """What a look that is over says that was not said, and what no longer holds."""
    picture, found = look.picture, look.found
    standing = moment.state.findings.standing
    for key in [k for k in patience.held if k not in found or k in standing]:
        del patience.held[key]
    for key, (finding, hold_ms) in found.items():
        known = standing.get(key)
        patience.gone.pop(key, None)
        if known is None:
            if patience.since(patience.held, key, moment.room_ms) >= hold_ms:
                yield Followed(FindingRaised(finding))
        else:
            yield from _updated(patience, known.finding, finding, moment.room_ms)
    yield from _measured(patience, standing, found, moment.room_ms)
    yield from _withdrawn(patience, picture, found)


def _measured(
    patience: Patience,
    standing: Mapping[str, Standing],
    found: Mapping[str, tuple[Finding, int]],
    room_ms: int,
) -> Iterator[Followed]:
    """What the standing findings rest on by now, in one event, calmly: sentences that flicker are not read."""
    pause = AGED_MS if patience.measured_ms is None else room_ms - patience.measured_ms
    if 0 <= pause < MEASURE_MS:
        return
    fresh = {
        key: finding.facts
        for key, (finding, _) in found.items()
        if key in standing and finding.facts != standing[key].finding.facts
    }
    told = any(_texts(facts) != _texts(standing[key].finding.facts) for key, facts in fresh.items())
    if told or (fresh and not 0 <= pause < AGED_MS):
        patience.measured_ms = room_ms
        yield Followed(FindingsMeasured(fresh))


def _texts(facts: Iterable[Fact]) -> list[Safe]:
    return [one.text for one in facts]


def _updated(patience: Patience, old: Finding, new: Finding, room_ms: int) -> Iterator[Followed]:
    essence = essence_of(new)
    if essence == essence_of(old):
        patience.changed.pop(new.key, None)
        return
    before = patience.changed.get(new.key)
    if before is None or before[0] != essence:
        patience.changed[new.key] = (essence, room_ms)
        return
    last = patience.updated.get(new.key)
    waited = last is None or room_ms - last >= BETWEEN_MS or _is_worse(old, new)
    if room_ms - before[1] >= UPDATE_MS and waited:
        patience.updated[new.key] = room_ms
        patience.changed.pop(new.key, None)
        yield Followed(FindingUpdated(new))


def essence_of(finding: Finding) -> Essence:
    """What of a finding people act on; facts and their figures change all the time."""
    return Essence(finding.title, finding.confidence, finding.severity, finding.targets)


def _is_worse(old: Finding, new: Finding) -> bool:
    return new.severity is not None and (old.severity is None or new.severity < old.severity)


def _withdrawn(
    patience: Patience, picture: Picture, found: dict[str, tuple[Finding, int]]
) -> Iterator[Followed]:
    standing = picture.state.findings.standing
    for key in [k for k in patience.gone if k not in standing]:
        del patience.gone[key]
    for key in [k for k in standing if k not in found]:
        held = patience.since(patience.gone, key, picture.room_ms)
        if held < WITHDRAW_MS and not is_settled(picture, standing[key].finding):
            continue
        patience.gone.pop(key, None)
        patience.updated.pop(key, None)
        now = [finding for finding, _ in found.values()]
        reason, refuted = ending(picture, standing[key].finding, now)
        yield Followed(FindingWithdrawn(key, reason, refuted))
