"""Keys at once, data as much as the link bears, and a terminal that takes nothing costs nothing."""

import os
import pty
import select
import threading
import time
import tty
from collections.abc import Iterator

import pytest
from textual.geometry import Size

from tests.ui.wire.emulator import Emulator
from tests.ui.wire.random_frames import Frames
from warroom.ui.wire.link import ASK, LONGEST_S, Link
from warroom.ui.wire.wire import AWAITED_S, Wire
from warroom.ui.wire.writer import Writer

SIZE = Size(60, 20)
FAR = {"SSH_CONNECTION": "10.0.0.1 22 10.0.0.2 22"}


def opened(link: Link) -> tuple[Wire, Frames, Emulator]:
    """A wire whose first frame was shown within a tenth of a second."""
    wire, frames, terminal = Wire(link), Frames(1, *SIZE), Emulator(*SIZE)
    for update in frames.updates(1):
        wire.take(update, SIZE, "truecolor", (0, 0), 0.0)
        while said := wire.next(0.0):
            terminal.feed(said.removesuffix(ASK))
            link.answered(0.1)
    return wire, frames, terminal


def changed(wire: Wire, frames: Frames, now_s: float, *, data: bool) -> None:
    """Something is painted."""
    frames._change()
    if data:
        wire.data()
    wire.take(frames._partial(), SIZE, "truecolor", (0, 0), now_s)


def test_data_waits_until_the_terminal_has_shown_the_data_before_it() -> None:
    wire, frames, terminal = opened(Link("fast"))
    changed(wire, frames, 1.0, data=True)
    first = wire.next(1.0)
    assert first.endswith(ASK)
    changed(wire, frames, 1.2, data=True)
    assert wire.next(1.2) == ""
    assert not wire.free(1.2)
    wire.link.answered(1.3)
    second = wire.next(1.3)
    assert second.endswith(ASK)
    terminal.feed(first.removesuffix(ASK) + second.removesuffix(ASK))
    wire.link.answered(1.4)
    assert wire.free(1.4)
    assert wire.next(1.4) == ""


def test_what_a_key_changed_goes_at_once_and_alone() -> None:
    wire, frames, _ = opened(Link("fast"))
    changed(wire, frames, 1.0, data=True)
    wire.next(1.0)
    changed(wire, frames, 1.2, data=True)
    held = dict(wire._shadow.waiting)  # type: ignore[union-attr]
    wire.key(1.25)
    changed(wire, frames, 1.26, data=True)
    said = wire.next(1.26)
    assert said
    assert not said.endswith(ASK)
    assert wire._shadow is not None
    assert wire._shadow.waiting == held


def test_a_terminal_that_never_answers_is_asked_once_and_waited_for_no_more() -> None:
    link = Link("fast")
    wire, frames = Wire(link), Frames(1, *SIZE)
    for update in frames.updates(1):
        wire.take(update, SIZE, "truecolor", (0, 0), 0.0)
    assert wire.next(0.0).endswith(ASK)
    assert not wire.free(1.0)
    changed(wire, frames, 2.0, data=True)
    assert wire.next(2.0) == ""
    later = wire.next(LONGEST_S + 1)
    assert later
    assert not later.endswith(ASK)


def test_over_a_slow_link_no_more_is_under_way_than_a_key_may_wait_for() -> None:
    rate, round_trip_s = 16_000, 0.05
    link = Link("slow")
    wire, frames, terminal = Wire(link), Frames(1, *SIZE), Emulator(*SIZE)
    now_s, largest = 0.0, 0
    for number, update in enumerate(frames.updates(40)):
        wire.data()
        wire.take(update, SIZE, "truecolor", (0, 0), now_s)
        while said := wire.next(now_s):
            assert said.endswith(ASK)
            terminal.feed(said.removesuffix(ASK))
            now_s += round_trip_s + len(said.encode()) / rate
            link.answered(now_s)
            if number > 10:
                largest = max(largest, len(said.encode()))
    expected = Emulator(*SIZE)
    whole = Wire(Link("slow"))
    whole.take(frames._full(), SIZE, "truecolor", (0, 0), 0.0)
    while said := whole.next(0.0):
        expected.feed(said.removesuffix(ASK))
        whole.link.answered(0.0)
    assert terminal.shown() == expected.shown()
    # A run goes to its end: two rows' worth more than what the link is given.
    assert largest < rate * (round_trip_s + 0.05) * 1.5 + 240


@pytest.mark.parametrize(
    ("environ", "rate", "round_trip_s", "profile"),
    [
        ({}, 5_000_000, 0.0005, "fast"),
        (FAR, 5_000_000, 0.002, "fast"),
        (FAR, 200_000, 0.08, "ssh"),
        (FAR, 8_000, 0.2, "slow"),
        ({}, 8_000, 0.2, "slow"),
        (FAR, 1_000_000, 0.9, "slow"),
    ],
)
def test_the_profile_follows_what_is_measured(
    environ: dict[str, str], rate: int, round_trip_s: float, profile: str
) -> None:
    link, now_s = Link("auto", environ), 0.0
    for size in (4_000, 900, 80, 1_500, 300, 2_000, 900, 1_200):
        assert link.asks(size, now_s)
        now_s += round_trip_s + size / rate
        link.answered(now_s)
    assert link.profile.name == profile
    assert f"link {profile} (measured)" in link.words


def test_a_profile_that_was_asked_for_stays() -> None:
    link = Link("slow", FAR)
    for now in range(10):
        link.asks(5_000, now)
        link.answered(now + 0.001)
    assert link.profile.name == "slow"
    assert link.profile.colours == "16"


def test_a_link_that_was_slow_for_a_moment_stays_what_it_was() -> None:
    link, now_s = Link("auto"), 0.0
    for took_s in (0.002, 0.002, 0.9, 0.002, 0.002):
        link.asks(3_000, now_s)
        now_s += took_s
        assert not link.answered(now_s)
        now_s += 0.25
    assert link.profile.name == "fast"


def test_nobody_waits_for_a_terminal_that_takes_nothing() -> None:
    reading, writing = os.pipe()
    taken = threading.Event()
    writer = Writer(writing, taken.set)
    writer.start()
    began = time.monotonic()
    for _ in range(100):
        writer.write("x" * 10_000)
    assert time.monotonic() - began < 0.5
    assert writer.busy
    assert not taken.is_set()
    received = 0
    while received < 1_000_000:
        received += len(os.read(reading, 65_536))
    assert taken.wait(10)
    assert not writer.busy
    writer.stop()
    os.close(reading)
    os.close(writing)


@pytest.fixture
def terminal_of_ours() -> Iterator[tuple[int, int]]:
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    yield ours, theirs
    os.close(ours)
    os.close(theirs)


def test_a_frame_goes_to_a_terminal_that_has_room_for_it_without_a_change_of_threads(
    terminal_of_ours: tuple[int, int],
) -> None:
    """On a busy machine the thread that writes had its turn milliseconds after the frame was ready."""
    ours, theirs = terminal_of_ours
    # Its thread never runs.
    writer = Writer(theirs, lambda: None)
    writer.write("the frame")
    assert not writer.busy
    assert select.select([ours], [], [], 0)[0]
    assert os.read(ours, 100) == b"the frame"


def test_what_a_terminal_has_no_room_for_follows_in_its_order(terminal_of_ours: tuple[int, int]) -> None:
    ours, theirs = terminal_of_ours
    taken = threading.Event()
    writer = Writer(theirs, taken.set)
    writer.start()
    frames = [f"{number:06d}" * 2_000 for number in range(40)]
    for frame in frames:
        writer.write(frame)
    assert writer.busy
    expected, received = "".join(frames).encode(), b""
    while len(received) < len(expected):
        received += os.read(ours, 65_536)
    assert received == expected
    assert taken.wait(10)
    writer.stop()


def test_other_work_waits_for_what_a_key_changes_and_not_for_a_key_that_changes_nothing() -> None:
    wire, frames, _ = opened(Link("fast"))
    assert not wire.in_haste(1.0)
    wire.key(1.0)
    assert wire.in_haste(1.001)
    changed(wire, frames, 1.002, data=False)
    assert wire.next(1.002)
    assert not wire.in_haste(1.003)
    wire.key(2.0)
    assert wire.in_haste(2.001)
    assert not wire.in_haste(2.0 + AWAITED_S)


def test_after_a_stall_only_the_newest_screen_is_sent() -> None:
    """Frames queued up behind a link that stalled, and the screen went through all of them afterwards."""
    wire, frames, terminal = opened(Link("fast"))
    for number in range(200):
        changed(wire, frames, 1.0 + number, data=number % 2 == 0)
    said = wire.next(300.0)
    terminal.feed(said.removesuffix(ASK))
    whole = Wire()
    whole.take(frames._full(), SIZE, "truecolor", (0, 0), 0.0)
    screenful = whole.next(0.0)
    expected = Emulator(*SIZE)
    expected.feed(screenful.removesuffix(ASK))
    assert terminal.shown() == expected.shown()
    assert len(said) <= len(screenful) * 1.2
