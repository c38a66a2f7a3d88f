"""Answers of the terminal press no key; keys, pastes, focus and resizes come through whole."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from warroom.ui.driver import WholeParser, understood
from warroom.ui.terminal_input import (
    KEY_WAIT_S,
    LONGEST_PASTE,
    PASTE_BEGINS,
    PASTE_ENDS,
    REPLY_WAIT_S,
    InputFilter,
)

ANSWERS = {
    "device attributes": "\x1b[?1;2c",
    "secondary device attributes": "\x1b[>41;370;0c",
    "tertiary device attributes": "\x1bP!|00000000\x1b\\",
    "status": "\x1b[0n",
    "a mode nobody asked for": "\x1b[4;2$y",
    "a private mode nobody asked for": "\x1b[?1049;1$y",
    "the window's size": "\x1b[8;24;80t",
    "a title with a command and Enter": "\x1b]lx\rdo\r\x1b\\",
    "an icon's title": "\x1b]Lx\r\x1b\\",
    "the foreground": "\x1b]10;rgb:ffff/ffff/ffff\x07",
    "the background": "\x1b]11;rgb:0000/0000/0000\x1b\\",
    "the clipboard": "\x1b]52;c;ZG8N\x1b\\",
    "a font": "\x1b]50;fixed\r\x07",
    "a setting": "\x1bP1$r0m\x1b\\",
    "a setting with Enter": "\x1bP1$rx\rdo\r\x1b\\",
    "a capability": "\x1bP1+r544e=787465726d\x1b\\",
    "the terminal's version": "\x1bP>|xterm(370)\x1b\\",
    "a picture": "\x1b_Gi=1;OK\x1b\\",
    "keyboard flags": "\x1b[?1u",
    "an extended cursor position": "\x1b[?7;15;1R",
    "colours of the mode": "\x1b[?997;1n",
    "eight bits": "\x9b?1;2c",
    "a string of eight bits": "\x9d11;rgb:0000/0000/0000\x9c",
    "a size of another kind": "\x1b[48;1;2t",
    "a key code that is no key": "\x1b[99~",
    "a mouse of the oldest kind": "\x1b[M q!",
    "the end of a paste that never began": PASTE_ENDS,
}

KEYS = {
    "\x1b": ["escape"],
    "\x1b\x1b[A": ["escape", "up"],
    "\x1b[A": ["up"],
    "\x1bOA": ["up"],
    "\x1b[1;5A": ["ctrl+up"],
    "\x1b[Z": ["shift+tab"],
    "\x1b[15~": ["f5"],
    "\x1bOP": ["f1"],
    "\x1b[[A": ["f1"],
    "\x1b[3$": ["shift+delete"],
    "\x1b[97;5u": ["ctrl+a"],
    "\x1b[113u": ["q"],
    "\x1ba": ["alt+a"],
    "\x1b]": ["right_square_bracket"],
    "\x1b[": ["left_square_bracket"],
    "\x1bP": ["alt+shift+p"],
    "\x03": ["ctrl+c"],
    "é": ["é"],
    "q\r": ["q", "enter"],
}


def parsed(chunks: Iterable[str], *, every_s: float = 0.01) -> list[Message]:
    """What the app is told when this is read, one chunk after the other, and then silence."""
    guard, parser, told, now = InputFilter(understood), WholeParser(), list[Message](), 0.0
    for chunk in [*chunks, ""]:
        pieces = guard.feed(chunk, now) if chunk else guard.due(now + 2 * REPLY_WAIT_S)
        for piece in pieces:
            told += [*parser.feed(piece), *parser.tick()]
        now += every_s
    return told


def pressed(*chunks: str) -> list[str]:
    """The keys among it."""
    return [message.key for message in parsed(chunks) if isinstance(message, events.Key)]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_nobody_asked_for_presses_no_key_however_it_arrives(answer: str) -> None:
    assert pressed(answer) == []
    assert pressed(*answer) == []
    assert pressed("j" + answer + "k") == ["j", "k"]


@pytest.mark.parametrize(("typed", "keys"), KEYS.items(), ids=map(repr, KEYS))
def test_a_key_is_that_key_however_it_arrives(typed: str, keys: list[str]) -> None:
    assert pressed(typed) == keys
    assert pressed(*typed) == keys


def test_the_answers_textual_asks_for_focus_and_resizes_come_through() -> None:
    told = parsed(["\x1b[?2026;2$y", "\x1b[I", "\x1b[O", "\x1b[48;24;80;480;640t", "\x1b[7;15R"])
    assert [type(message).__name__ for message in told] == [
        "TerminalSupportsSynchronizedOutput",
        "AppFocus",
        "AppBlur",
        "Resize",
        "CursorPosition",
    ]


def test_a_paste_is_one_paste_and_its_control_sequences_are_not_obeyed() -> None:
    evil = "do\r\x1b[201\x1bXdo\x9bc\x00\x1b]0;x\x07 and an end"
    for chunks in ([PASTE_BEGINS + evil + PASTE_ENDS], list(PASTE_BEGINS + evil + PASTE_ENDS)):
        (told,) = parsed(chunks)
        assert isinstance(told, events.Paste)
        assert told.text == "do\r[201Xdoc]0;x and an end"


def test_keys_after_a_paste_are_keys_again() -> None:
    assert pressed(PASTE_BEGINS + "x" + PASTE_ENDS + "q") == ["q"]


def test_a_paste_whose_end_was_lost_types_nothing_until_escape_ends_it() -> None:
    guard = InputFilter(understood)
    assert guard.feed(PASTE_BEGINS + "rm", 0.0) == [PASTE_BEGINS, "rm"]
    assert guard.due(1_000.0) == []
    assert guard.feed("q\r", 1_000.0) == ["q\r"]
    assert guard.feed("\x1b", 1_001.0) == []
    assert guard.due(1_001.0 + REPLY_WAIT_S) == [PASTE_ENDS]
    assert guard.feed("q", 1_003.0) == ["q"]


def test_an_endless_paste_is_cut() -> None:
    (told,) = parsed([PASTE_BEGINS, *["x" * 10_000] * 10, PASTE_ENDS])
    assert isinstance(told, events.Paste)
    assert len(told.text) == LONGEST_PASTE


def test_a_lone_escape_waits_no_longer_than_it_must() -> None:
    guard = InputFilter(understood)
    assert guard.feed("\x1b", 5.0) == []
    assert guard.deadline_s == 5.0 + KEY_WAIT_S
    assert guard.due(5.0 + KEY_WAIT_S) == ["\x1b"]
    assert guard.deadline_s is None


def test_the_rest_of_an_answer_that_comes_late_is_still_an_answer() -> None:
    guard = InputFilter(understood)
    assert guard.feed("\x1b]11;rgb:", 0.0) == []
    assert guard.feed("ffff/", REPLY_WAIT_S * 0.9) == []
    assert guard.feed("ffff/ffff\x1b\\", REPLY_WAIT_S * 1.8) == []
    assert guard.dropped == 1


def test_a_person_gets_out_of_an_answer_that_never_ends() -> None:
    assert pressed("\x1b]11;rgb:" + "f" * 100_000, "\x1b", "q") == ["alt+q"]
    guard = InputFilter(understood)
    guard.feed("\x1bP1$r", 0.0)
    assert guard.feed("q", 2 * REPLY_WAIT_S) == ["q"]


PIECES = st.sampled_from(
    [*ANSWERS.values(), *KEYS, "x", "\x1b[200~", "\x1b[201~", "\x1b[", ";", "1", "$", "~"]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=3)), max_size=12))
def test_nothing_that_is_read_breaks_the_input(chunks: list[str]) -> None:
    whole = parsed(["".join(chunks)])
    assert all(isinstance(message, Message) for message in whole)


# ESC [ [ is no sequence yet: the Linux console begins its function keys with it.
@given(st.from_regex(r"\x1b\[[0-?]{0,6}[ -/]{0,2}[@-Z\\-~]", fullmatch=True))
def test_no_control_sequence_is_ever_typed_out(sequence: str) -> None:
    keys = [] if sequence == PASTE_BEGINS else pressed(sequence)
    assert len(keys) <= 1


@pytest.mark.parametrize(
    "sequence", ["\x1b[0:u", "\x1b[97;1:1u", "\x1b[1;5:1A", "\x1b[9999999u", "\x1b[97;5;9999999u"]
)
def test_a_key_that_cannot_be_read_presses_nothing(sequence: str) -> None:
    """The input ended by an error, and no key was taken any more."""
    assert pressed(sequence) == []


def test_the_beginning_of_a_console_key_whose_end_was_lost_types_no_brackets() -> None:
    assert pressed("\x1b[[") == []
    assert pressed("\x1b[[", "x") == ["x"]


def test_escape_and_the_key_of_the_command_line_in_one_go_are_two_keys() -> None:
    """A person's Esc : arrives as what Alt+: sends; no other key with Alt becomes a key of its own."""
    guard = InputFilter(understood)
    assert guard.feed("\x1b:", 0.0) == ["\x1b", ":"]
    assert guard.feed("\x1b", 1.0) == []
    assert guard.feed(":", 1.0 + KEY_WAIT_S / 2) == ["\x1b", ":"]
    assert guard.feed("\x1bx", 2.0) == ["\x1bx"]
