"""Every key of the screen in one table; footer, help and bindings are printed from it."""

from collections.abc import Sequence
from typing import NamedTuple

from warroom.ui.boards import TABS


class Key(NamedTuple):
    """One key: what is pressed, what it does, and where it exists."""

    id: str
    keys: str
    """Textual's names, separated by commas."""
    shown: str
    """As people call it."""
    help: str
    where: str = "both"
    """``live``, ``replay`` or ``both``: a key that acts does not exist in a replay. ``board`` and ``board live``
    are keys of the response board."""
    footer: str = ""
    """Its word in the footer; empty for keys the footer leaves out."""


KEYS = (
    Key("help", "question_mark,f1", "?", "the keys", footer="keys"),
    Key(
        "prompt",
        "colon",
        ":",
        "a command: all that keys do, and goto 14:32, nodes /rack1, filter save NAME, theme NAME, layout NAME",
        footer="command",
    ),
    Key(
        "back",
        "escape",
        "Esc",
        "undo one layer: dialog, search, selection, held log, filter, zoom; never quits",
    ),
    Key(
        "close", "q", "q", "close the top layer; at the root: leave, the room goes on", "live", footer="leave"
    ),
    Key("close", "q", "q", "close the top layer; at the root: leave the replay", "replay", footer="leave"),
    Key("next_pane", "tab", "Tab", "next pane"),
    Key("previous_pane", "shift+tab", "Shift+Tab", "previous pane"),
    Key("pane(1)", "1", "1", "Health; the same digit again zooms"),
    Key("pane(2)", "2", "2", "Alerts"),
    Key("pane(3)", "3", "3", "Nodes"),
    Key("pane(4)", "4", "4", "Workloads"),
    Key("pane(5)", "5", "5", "Metrics"),
    Key("pane(6)", "6", "6", "Logs"),
    Key("pane(7)", "7", "7", "Timeline", footer="1-7 panes"),
    Key("zoom", "z", "z", "zoom the pane, and back", footer="zoom"),
    Key("overview", "0", "0", "the overview: every pane in its place; filters, cursors and scroll stay"),
    Key("preset(1)", "v", "v", "next layout: overview, triage, diagnose, command, logs, portrait"),
    Key("preset(-1)", "V", "V", "layout before"),
    Key("move(1)", "j,down", "j ↓", "move down"),
    Key("move(-1)", "k,up", "k ↑", "move up"),
    Key("across(1)", "right,right_parenthesis", "→ )", "to the right; the rest of long lines", "live"),
    Key("across(-1)", "h,left,left_parenthesis", "h ← (", "to the left", "live"),
    Key("across(1)", "right_parenthesis", ")", "to the right; the rest of long lines", "replay"),
    Key("across(-1)", "h,left_parenthesis", "h (", "to the left", "replay"),
    Key("lines", "l", "l", "Alerts, Nodes, Workloads: its log lines, when it began; elsewhere to the right"),
    Key("move(10)", "ctrl+d,pagedown", "PgDn", "move down by ten"),
    Key("move(-10)", "ctrl+u,pageup", "PgUp", "move up by ten"),
    Key("jump(0)", "g,home", "g", "to the first"),
    Key("jump(-1)", "G,end", "G", "to the last; logs and timeline follow again"),
    Key(
        "choose",
        "enter",
        "Enter",
        "open what the cursor is on: a group or block, one of it, then everything known of it",
    ),
    Key(
        "look_at", "at", "@", "Metrics, Logs and Timeline at a time, such as 14:32 or -5m; Esc follows again"
    ),
    Key("sort(1)", "greater_than_sign", ">", "Alerts, Nodes, Workloads: sort by the next column", "live"),
    Key("sort(-1)", "less_than_sign", "<", "sort by the column before", "live"),
    Key("sort(1)", "S", "S", "Alerts, Nodes, Workloads: sort by the next column", "replay"),
    Key("sort(0)", "O", "O", "sort the other way round"),
    Key("regroup", "D", "D", "Nodes: blocks by rack, by zone, by pool"),
    Key("recolour", "equals_sign", "=", "Nodes: show state, load, GPU temperature, GPU use"),
    Key("tiles(1)", "plus", "+", "Nodes: larger tiles"),
    Key("tiles(-1)", "minus", "-", "Nodes: smaller tiles"),
    Key("stamps", "t", "t", "times: UTC, local, from the start of the incident"),
    Key("clock", "K", "K", "Timeline: as known, or as it happened"),
    Key("level", "i", "i", "Logs: every level, info, warnings, errors alone"),
    Key(
        "error(-1)", "left_curly_bracket", "{", "Logs: the error before; Timeline: the critical moment before"
    ),
    Key("error(1)", "right_curly_bracket", "}", "Logs: the next error; Timeline: the next critical moment"),
    Key("mark_line", "M", "M", "Logs: mark the line under the cursor (live also Space)"),
    Key("next_mark", "apostrophe", "'", "Logs: to the next marked line"),
    Key("wrap", "w", "w", "Logs, Timeline: let long lines go on below"),
    Key(
        "filter", "slash", "/", "show only rows with: word  /re/  !x  key=value  key~re  a|b", footer="filter"
    ),
    Key("faults", "f", "f", "only what is wrong, in every pane; and everything again"),
    Key("search", "F", "F", "search the recorded log; the answer is kept as evidence"),
    Key("search_for('errors')", "e", "e", "search the incident's time: error OR exception OR fatal"),
    Key("search_for('restarts')", "o", "o", "search the incident's time: restart OR OOM OR Xid"),
    Key("search_for('pulse')", "p", "p", "search the last five minutes for heartbeats: who is alive?"),
    Key("what_changed", "W", "W", "what changed before it began, the closest first"),
    Key("copy", "c", "c", "copy what is selected or marked, else what the cursor is on, as text"),
    Key("copy_block", "C", "C", "copy it for a chat: what, from where, when, which room, in a fenced block"),
    Key("pin", "P", "P", "pin the last search, or Timeline's moment under the cursor, as evidence", "live"),
    Key(
        "board('')",
        "R",
        "R",
        "the response: findings, command, checklist, inquiry, runbooks",
        footer="response",
    ),
    Key("board('runbooks')", "B", "B", "runbooks: what there is to follow, and how far what is followed is"),
    Key("board('actions')", "Y", "Y", "actions: what waits for a second person, cancel, take back"),
    Key(
        "next_step",
        "N",
        "N",
        "go on with the step of the runbook that is followed",
        "live",
        footer="next step",
    ),
    Key("tell_others", "T", "T", "write an update to those who wait", "live"),
    Key("undo", "u", "u", "take the last action back: plan first, then confirmation", "live"),
    Key("mark", "m", "m", "put a marker on the timeline", "live", footer="mark"),
    Key("note", "a", "a", "add a note to the timeline", "live", footer="note"),
    Key("select", "space", "Space", "select the row for an action on several, and go to the next", "live"),
    Key("extend", "E", "E", "select all between the cursor and the nearest selected row", "live"),
    Key("select_all", "asterisk", "*", "select every row of the pane, or none", "live"),
    Key("select_block", "b", "b", "Nodes: select the whole rack", "live"),
    Key("unlock", "U", "U", "unlock actions; recorded", "live", footer="unlock"),
    Key("lock", "L", "L", "lock actions again; recorded", "live"),
    Key(
        "actions",
        "x",
        "x",
        "what can be done to the selection: plan first, then confirmation",
        "live",
        footer="actions",
    ),
    Key(
        "command",
        "X",
        "X",
        "the incident: declare, severity, announce, resolve, reopen, close, link",
        "live",
        footer="incident",
    ),
    Key("acknowledge", "A", "A", "acknowledge the selected alerts", "live"),
    Key("silence", "S", "S", "silence the selected alerts", "live"),
    Key(
        "mouse",
        "f2",
        "F2",
        "the mouse on or off: a click goes to a pane or a row, the wheel scrolls, nothing more",
    ),
    Key("redraw", "ctrl+l", "Ctrl+l", "paint everything anew"),
    Key("to_the_shell", "ctrl+z", "Ctrl+z", "to the shell; `fg` comes back, the room goes on meanwhile"),
    Key("play", "space", "Space", "play or pause", "replay", footer="play"),
    Key("step(1)", "full_stop", ".", "next moment of the timeline", "replay", footer="step"),
    Key("step(-1)", "comma", ",", "previous moment of the timeline", "replay"),
    Key("skip(10)", "right", "→", "10 seconds on", "replay"),
    Key("skip(-10)", "left", "←", "10 seconds back", "replay"),
    Key("skip(60)", "shift+right", "Shift+→", "a minute on", "replay"),
    Key("skip(-60)", "shift+left", "Shift+←", "a minute back", "replay"),
    Key("faster", "greater_than_sign", ">", "faster", "replay", footer="faster"),
    Key("slower", "less_than_sign", "<", "slower", "replay"),
    Key("back", "escape", "Esc", "undo one layer: the filter of the tab, then the board", "board"),
    Key("leave", "q,R", "q", "back to the room", "board"),
    Key("next_tab", "tab,right,l", "Tab →", "next tab", "board"),
    Key("previous_tab", "shift+tab,left,h", "Shift+Tab ←", "tab before", "board"),
    *(Key(f"tab({n})", str(n), str(n), f"{name}", "board") for n, name in enumerate(TABS, 1)),
    Key("move(1)", "j,down", "j ↓", "next entry", "board"),
    Key("move(-1)", "k,up", "k ↑", "entry before", "board"),
    Key("move(10)", "ctrl+d,pagedown", "PgDn", "ten entries down", "board"),
    Key("move(-10)", "ctrl+u,pageup", "PgUp", "ten entries up", "board"),
    Key("jump(0)", "g,home", "g", "to the first", "board"),
    Key("jump(-1)", "G,end", "G", "to the last", "board"),
    Key("prompt", "colon", ":", "a command: a tab, what keys do here, and all commands of the room", "board"),
    Key("filter", "slash", "/", "only entries with: word  /re/  !x  kind=value  a|b", "board"),
    Key("faults", "f", "f", "only what is wrong, here and in every pane; and everything again", "board"),
    Key("copy", "c", "c", "copy the entry as text", "board"),
    Key("copy_block", "C", "C", "copy it for a chat, in a fenced block", "board"),
    Key("pick('choose')", "enter", "Enter", "all of the entry, and what can be done to it", "board"),
    Key("pick('help')", "question_mark,f1", "?", "the keys", "board"),
    Key("pick('tick')", "space", "Space", "tick the item, take the role, finish the task", "board live"),
    Key("pick('skip')", "minus", "-", "skip the item or the step, with a reason", "board live"),
    Key("pick('step')", "N", "N", "go on with the runbook's step", "board live"),
)
"""All keys. Nothing in the cluster changes by a single one: what could change it opens its plan first."""


def keys_for(replay: bool, keys: Sequence[Key] = KEYS) -> tuple[Key, ...]:
    """The keys that exist on a live screen, or in a replay."""
    wanted = "replay" if replay else "live"
    return tuple(key for key in keys if key.where in ("both", wanted))


def speaks_of(key: Key, pane: str) -> bool:
    """Whether a key is told of a pane (``Alerts, Nodes: ...``), by the pane's title."""
    told = (clause.partition(":") for clause in key.help.split("; "))
    return any(pane in panes.split(", ") for panes, colon, _ in told if colon)


def board_keys(replay: bool, keys: Sequence[Key] = KEYS) -> tuple[Key, ...]:
    """The keys of the response board."""
    return tuple(key for key in keys if key.where == "board" or (key.where == "board live" and not replay))


def footer_text(width: int, *, replay: bool, keys: Sequence[Key] = KEYS) -> str:
    """The footer: as many of the keys worth knowing as fit, the first ones first."""
    text = ""
    there = keys_for(replay, keys)
    digits = [key.keys for key in there if key.id.startswith("pane(")] == [*"1234567"]
    for key in sorted(
        (k for k in there if k.footer and k.keys),
        key=lambda k: FOOTER.index(k.id) if k.id in FOOTER else 99,
    ):
        if key.id.startswith("pane") and not digits:
            continue
        word = key.footer if key.id.startswith("pane") else f"{key.shown.split()[0]} {key.footer}"
        if len(text) + len(word) + 2 > width:
            break
        text += ("  " if text else "") + word
    return text


FOOTER = (
    "help",
    "prompt",
    "close",
    "play",
    "step(1)",
    "faster",
    "pane(7)",
    "actions",
    "command",
    "board('')",
    "unlock",
    "filter",
    "note",
    "mark",
    "next_step",
    "zoom",
)
"""The footer's order: what is needed most stands first."""
