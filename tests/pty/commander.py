"""What an incident commander does at the screen, with keys alone."""

import re
import time

from tests.driver.terminal import Terminal

MOST_ENTRIES = 25
STEP_S = 60.0
TITLES = re.compile(r"┏━ (.*?) ━")
OPEN = r"Enter next|↑ ↓ scroll|Enter goes on"
"""What the foot of a dialog says: a menu, lines to read, a form."""


def open_room(screen: Terminal) -> None:
    screen.wait_for(r"REC ●")
    screen.keys("U")
    screen.wait_for("UNLOCKED")


def take(screen: Terminal, words: str) -> None:
    """Take the choice of a menu that begins so."""
    screen.wait_for(r"↑ ↓ choose")
    for _ in range(MOST_ENTRIES):
        if re.search(f"▶ {words}", screen.screen()):
            screen.keys("Enter")
            screen.wait_without(f"▶ {words}")
            return
        chosen = re.search(r"▶ [^┃│]*", screen.screen())
        screen.keys("Down")
        if chosen is not None:
            # On a busy machine a picture taken too early shows the choice before, and the right one is passed by.
            screen.wait_without(re.escape(chosen[0]))
    raise AssertionError(screen.screen())


def reply(screen: Terminal, question: str, text: str = "") -> None:
    """Answer a form; without a text with what stands there already."""
    screen.wait_for(question)
    if text:
        screen.type(text)
    screen.keys("Enter")
    screen.wait_without(question)


def agree(screen: Terminal, *, seen: str = "") -> None:
    """Type the word that a plan asks for, once it is armed."""
    shown = screen.wait_for(r"type (\S+) and Enter to do")
    assert seen in shown
    word = re.search(r"type (\S+) and Enter to do", shown)
    assert word is not None
    for _ in range(20):
        screen.type(word[1])
        screen.keys("Enter")
        try:
            screen.wait_without(r"and Enter to do|nothing was done\. Type", seconds=1)
        except AssertionError:
            continue
        return
    raise AssertionError(screen.screen())


def drawn(screen: Terminal, pattern: str) -> str:
    """The screen with that on it once its frames stay as they are: a picture may be taken in the middle of drawing."""
    before, shown = "", screen.wait_for(pattern)
    for _ in range(MOST_ENTRIES):
        if before and TITLES.findall(before) == TITLES.findall(shown):
            break
        time.sleep(0.15)
        before, shown = shown, screen.wait_for(pattern)
    return shown


def entry(screen: Terminal, title: str) -> str:
    """Go down from entry to entry until the one opens whose dialog has that title; what it says.

    What is worse than before goes up while somebody reads: at the end of the list it begins at the top again.
    """
    seen: list[list[str]] = []
    for _ in range(MOST_ENTRIES):
        screen.keys("Enter")
        shown = drawn(screen, OPEN)
        if re.search(f"┏━ {title} ━", shown):
            return shown
        seen.append(TITLES.findall(shown))
        screen.keys("Escape")
        screen.wait_without(OPEN)
        # A key may be lost while a dialog closes: only what comes three times is the last entry.
        at_end = len(seen) > 2 and seen[-1] == seen[-2] == seen[-3]
        screen.keys("g" if at_end else "j")
    raise AssertionError(f"no {title} among {seen}\n{screen.screen()}")


def finding(screen: Terminal, title: str, key: str) -> str:
    """Open a finding in Health."""
    if not re.search("HEALTH|━ 1 Health", screen.screen()):
        screen.keys("1")
    screen.wait_for(title)
    screen.keys("g")
    return entry(screen, key)


def declare(screen: Terminal) -> None:
    """Declare with what the finding suggests; the dialog of the finding is open."""
    take(screen, "declare an incident")
    reply(screen, "then the title")
    screen.wait_for(r"SEV\d 00:0")


def start_runbook(screen: Terminal) -> None:
    """Start the runbook of the finding whose dialog is open."""
    take(screen, "start the runbook")
    screen.wait_for(r"5 RUNBOOKS")
    screen.keys("Escape")
    screen.wait_for(r"▷ R\d")


def present_step(screen: Terminal, run: str) -> re.Match[str] | None:
    """Number, count and kind of the step a run is at; None once it is over."""
    place = f"▷ {run} \\S+ (\\d+)/(\\d+) (\\w+)"
    try:
        return re.search(place, screen.wait_for(place, seconds=15))
    except AssertionError:
        return None


def go_on(screen: Terminal, run: str, *, answers: str) -> None:
    """Go on with a run, whatever its steps are, until it waits for the figures or is over."""
    while (place := present_step(screen, run)) is not None and place[3] != "wait":
        screen.keys("N")
        if place[3] == "look":
            reply(screen, "Enter ends the step")
        elif place[3] == "answer":
            reply(screen, "Enter ends the step", answers)
        else:
            agree(screen)
        screen.wait_without(f"▷ {run} \\S+ {place[1]}/", seconds=STEP_S)


def write_down(screen: Terminal, cause: str) -> None:
    """What the checklist asks for besides: looks, cause, task, review, those who wait."""
    screen.keys("2")
    screen.keys("1")
    screen.wait_for("HEALTH|━ 1 Health")
    screen.keys("a")
    reply(screen, "A note begins", f"root cause: {cause}")
    screen.keys("R")
    screen.wait_for("1-7 tabs")
    screen.keys("4")
    screen.wait_for("4 INQUIRY")
    entry(screen, "create a follow-up task")
    reply(screen, "what is to be done", "alert on it before users feel it @ana +14d")
    screen.wait_for("T1 open")
    entry(screen, "schedule the review")
    reply(screen, "when, then where", "+2d room 4")
    screen.wait_for(r"post-mortem review +\d{4}-")
    screen.keys("Escape")
    screen.wait_without("1-7 tabs")
    screen.keys("X")
    take(screen, "announce")
    reply(screen, "name, severity", "mitigated info service is restored")
    agree(screen)
    screen.wait_for(r"create alert mitigated.*: effect seen|A\d+: effect seen")


def resolve(screen: Terminal) -> None:
    screen.keys("X")
    take(screen, "resolve the incident")
    reply(screen, "one sentence", "mitigated, cause known")
    screen.wait_for("RESOLVED")


def board(screen: Terminal, tab: int, name: str) -> str:
    screen.keys("R")
    screen.wait_for("1-7 tabs")
    screen.keys(str(tab))
    return screen.wait_for(f"{tab} {name}")
