"""What a person does with a dialog: choose, answer, confirm."""

from tests.driver.terminal import Terminal
from warroom.ui.screens.dialogs import UNARMED

TRIES = 20


def choose(screen: Terminal, words: str, *, downs: int = 0) -> None:
    """Open the actions of the selection and take the choice so many rows down."""
    screen.keys("x")
    screen.wait_for("↑ ↓ choose")
    for _ in range(downs):
        screen.keys("Down")
    screen.wait_for(f"▶ {words}")
    screen.keys("Enter")


def answer(screen: Terminal, question: str, text: str, *, instead_of: int = 0) -> None:
    """Type a line into a form; first take away so many characters that stand there."""
    screen.wait_for(question)
    if instead_of:
        screen.keys(*["BSpace"] * instead_of)
    screen.type(text)
    screen.keys("Enter")


def confirm(screen: Terminal, word: str = "do") -> str:
    """Type the word a plan asks for, once it counts, and again for a plan that is shown anew; the first as shown."""
    asked = f"type {word} and Enter"
    shown = screen.wait_for(asked)
    for _ in range(TRIES):
        screen.type(word)
        screen.keys("Enter")
        if UNARMED not in screen.wait_without(asked):
            return shown
        screen.wait_for(asked)
    raise AssertionError(screen.screen())
