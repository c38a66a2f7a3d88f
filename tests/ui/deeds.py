"""What each key of the tables is seen to do; a key of ``warroom.ui.keys`` without an entry fails a test."""

from tests.ui.pressing import Check, Deed
from warroom.model.commands import AddMarker, Command, LockRoom, UnlockRoom
from warroom.ui.layout import PANES


def shows(*words: str) -> Check:
    """It puts words on the screen."""
    return lambda was, now: all(w not in was.text and w in now.text for w in words)


def hides(words: str) -> Check:
    """It takes words off the screen."""
    return lambda was, now: words in was.text and words not in now.text


def opens(dialog: str, *words: str) -> Check:
    """A dialog opens over the room, or over the board."""
    return lambda was, now: was.dialog != now.dialog == dialog and shows(*words)(was, now)


def reads(words: str) -> Check:
    """All of an entry is shown, and where something can be done to it, what."""
    return lambda was, now: now.dialog in ("Menu", "Reading") and words in now.text


def closes() -> Check:
    """The dialog is gone, and nothing was sent."""
    return lambda was, now: bool(was.dialog) and not now.dialog and not now.sent


def to_pane(name: str) -> Check:
    """The pane gets the keys."""
    return lambda was, now: was.pane != now.pane == name


def to_row(key: str) -> Check:
    """The cursor goes to that row."""
    return lambda was, now: was.cursor != now.cursor == key


def to_tab(name: str) -> Check:
    """The board goes to that tab."""
    return lambda was, now: was.tab != now.tab == name


def to_entry(key: str) -> Check:
    """The cursor of the board goes to that entry."""
    return lambda was, now: was.entry != now.entry == key


def to_layout(name: str) -> Check:
    """The panes are arranged like that."""
    return lambda was, now: was.layout != now.layout == name


def copies(*words: str) -> Check:
    """A text with these words goes out of the program, and the screen says so."""
    return lambda was, now: (
        not was.copied and all(w in now.copied for w in words) and "copied 1 row" in now.text
    )


def by_moments(some: int) -> Check:
    """The cursor of the timeline goes on by so many moments."""
    return lambda was, now: now.moment - was.moment == some


def by_ms(some: int) -> Check:
    """The playhead goes on by so much."""
    return lambda was, now: now.room_ms - was.room_ms == some


def selects(*rows: str) -> Check:
    """These rows are selected, and no others."""
    return lambda was, now: was.selected != now.selected == set(rows)


def sends(command: Command) -> Check:
    """This one command goes to the room."""
    return lambda was, now: not was.sent and now.sent == (command,)


LOOKS: dict[str, Deed] = {
    "help": Deed("3", opens("Reading", "in Nodes", "everywhere")),
    "prompt": Deed("", opens("Prompt")),
    "back": Deed("3 z", lambda was, now: was.zoomed and not now.zoomed),
    "next_pane": Deed("3", to_pane("workloads")),
    "previous_pane": Deed("3", to_pane("alerts")),
    **{f"pane({n})": Deed("2" if n != 2 else "3", to_pane(name)) for n, name in enumerate(PANES, 1)},
    "overview": Deed("v", to_layout("overview")),
    "preset(1)": Deed("", to_layout("triage")),
    "preset(-1)": Deed("v v", to_layout("triage")),
    "zoom": Deed("3", lambda was, now: not was.zoomed and now.zoomed and "2 Alerts" not in now.text),
    "move(1)": Deed("3 g", to_row("gpu-02")),
    "move(-1)": Deed("3 G", to_row("gpu-07")),
    "across(1)": Deed("6", shows("try=3/3")),
    "across(-1)": Deed("6 right_parenthesis", hides("try=3/3")),
    "lines": Deed("3 g", lambda was, now: to_pane("logs")(was, now) and "the lines of gpu-01" in now.text),
    "move(10)": Deed("7 g", by_moments(10)),
    "move(-10)": Deed("7 G", by_moments(-10)),
    "jump(0)": Deed("3 G", to_row("gpu-01")),
    "jump(-1)": Deed("3 g", to_row("gpu-08")),
    "choose": Deed("3 g", opens("Reading", "no heartbeat since the switch of rack 1 went away")),
    "look_at": Deed("", opens("Form", "look at a time")),
    "sort(1)": Deed("2", shows("sorted")),
    "sort(0)": Deed("2", lambda was, now: was.backward != now.backward and shows("sorted")(was, now)),
    "regroup": Deed("3", shows("nodes by rack")),
    "recolour": Deed("3", shows("nodes by load")),
    "tiles(1)": Deed("3 minus minus", shows("named tiles")),
    "tiles(-1)": Deed("3 minus", shows("a wide cell a node")),
    "stamps": Deed("6", shows("times in local time")),
    "clock": Deed("7", shows("as it happened")),
    "level": Deed("6", shows("log lines from info on")),
    "error(-1)": Deed("7 G", lambda was, now: now.moment < was.moment),
    "error(1)": Deed("7 g", lambda was, now: now.moment > was.moment),
    "mark_line": Deed("6 k", shows("⚑")),
    "next_mark": Deed("6 k M G", hides("6 Logs  follow")),
    "wrap": Deed("6", shows("┃=3/3")),
    "filter": Deed("3", opens("Prompt", "key=value")),
    "faults": Deed("3", hides("gpu-08  3/4")),
    "search": Deed("", opens("Form", "search the log")),
    "search_for('errors')": Deed("", to_pane("logs")),
    "search_for('restarts')": Deed("", to_pane("logs")),
    "search_for('pulse')": Deed("", to_pane("logs")),
    "what_changed": Deed("", opens("Reading", "what changed")),
    "copy": Deed("3 g", lambda was, now: copies("gpu-01")(was, now) and "```" not in now.copied),
    "copy_block": Deed("3 g", copies("gpu-01", "```", "Nodes", "sample")),
    "board('')": Deed("", to_tab("command")),
    "board('runbooks')": Deed("", to_tab("runbooks")),
    "board('actions')": Deed("", to_tab("actions")),
    "mouse": Deed("", shows("mouse on: a click goes there")),
    "redraw": Deed("", lambda was, now: now.forgotten > was.forgotten),
    "to_the_shell": Deed("", shows("no shell waits below this screen")),
}
LIVE: dict[str, Deed] = {
    **LOOKS,
    "close": Deed("", opens("Form", "leave the war room?")),
    "sort(-1)": Deed("2", shows("sorted")),
    "pin": Deed("7 G", opens("Form", "pin as evidence")),
    "next_step": Deed("", opens("Form", "R1 step 2 of 4")),
    "tell_others": Deed("", opens("Menu", "update")),
    "undo": Deed("", opens("Confirm", "uncordon gpu-05")),
    "mark": Deed("", sends(AddMarker())),
    "note": Deed("", opens("Form", "lesson:")),
    "select": Deed("3 g", lambda was, now: selects("gpu-01")(was, now) and to_row("gpu-02")(was, now)),
    "extend": Deed("3 g space j j", selects("gpu-01", "gpu-02", "gpu-03", "gpu-04")),
    "select_all": Deed("3", selects(*(f"gpu-0{n}" for n in range(1, 9)))),
    "select_block": Deed("3 g", selects(*(f"gpu-0{n}" for n in range(1, 5)))),
    "unlock": Deed("", sends(UnlockRoom())),
    "lock": Deed("", sends(LockRoom())),
    "actions": Deed("3 g", opens("Menu", "cordon")),
    "command": Deed("", opens("Menu", "change the severity", "resolve the incident")),
    "acknowledge": Deed("2 g", opens("Form", "acknowledge")),
    "silence": Deed("2 g", opens("Form", "silence")),
}
REPLAY: dict[str, Deed] = {
    **LOOKS,
    "close": Deed("", lambda was, now: now.over and not was.over),
    "play": Deed("left left", lambda was, now: now.playing and not was.playing),
    "step(1)": Deed("left", lambda was, now: now.room_ms > was.room_ms),
    "step(-1)": Deed("", lambda was, now: now.room_ms < was.room_ms),
    "skip(10)": Deed("left left", by_ms(10_000)),
    "skip(-10)": Deed("", by_ms(-10_000)),
    "skip(60)": Deed("shift+left", lambda was, now: now.room_ms - was.room_ms > 10_000),
    "skip(-60)": Deed("", lambda was, now: was.room_ms - now.room_ms > 10_000),
    "faster": Deed("", lambda was, now: now.speed == 2 * was.speed),
    "slower": Deed("", lambda was, now: now.speed == was.speed / 2),
}
TABS_BY_DIGIT = ("findings", "command", "checklist", "inquiry", "runbooks", "actions", "updates")
BOARD: dict[str, Deed] = {
    "back": Deed("R", closes()),
    "leave": Deed("R", closes()),
    "prompt": Deed("R", opens("Prompt", "Tab lists them")),
    "filter": Deed("R", opens("Prompt", "key=value")),
    "faults": Deed("R 3", shows("faults")),
    "copy": Deed("R 3 g", lambda was, now: was.copied != now.copied and "```" not in now.copied),
    "copy_block": Deed("R 3 g", lambda was, now: "response checklist" in now.copied),
    "next_tab": Deed("R 3", to_tab("inquiry")),
    "previous_tab": Deed("R 3", to_tab("command")),
    **{
        f"tab({n})": Deed("R 2" if n != 2 else "R 3", to_tab(name)) for n, name in enumerate(TABS_BY_DIGIT, 1)
    },
    "move(1)": Deed("R 3 g", to_entry("item:cluster-status")),
    "move(-1)": Deed("R 3 G", to_entry("item:alerts")),
    "move(10)": Deed("R 3 g", to_entry("item:hand")),
    "move(-10)": Deed("R 3 G", to_entry("item:no-false-alarm")),
    "jump(0)": Deed("R 3 G", to_entry("item:no-false-alarm")),
    "jump(-1)": Deed("R 3 g", to_entry("item:hand")),
    "pick('choose')": Deed("R 3 G", reads("Ask the building about power")),
    "pick('help')": Deed("R", opens("Reading", "keys of the response")),
}
LIVE_BOARD: dict[str, Deed] = {
    **BOARD,
    "pick('tick')": Deed("R 3 G", opens("Form", "by which evidence?")),
    "pick('skip')": Deed("R 3 G", opens("Form", "why does it not apply?")),
    "pick('step')": Deed("B g", opens("Form", "R1 step 2 of 4")),
}
