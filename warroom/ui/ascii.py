"""What the signs of the screen become where there is nothing but ASCII."""

from rich.cells import cell_len

_SIGNS = (
    ("▁▂▃▄▅▆▇█▀▌▐░▒▓", "_.-~=+*#^>|.:#"),
    ("│┃┆─━┌┐└┘┏┓┗┛├┤┬┴┼╷╵", "|#:-=++++####+++++||"),
    ("…·—–→←↑↓▲▼▶▸◀⏸⇄↵", "~.--><^v!V>><==/"),
    ("●○◌◇◆◎◷▪▣▤✖✔✎⚑⌕⊘∅×", "oo?+*@~.#=X+%P/-0x"),
    ("◈⊙☑☐☒▷»›╌◔⚠▫◦≥≤±µ°", "%@xo->>>-c!.o><~uo"),
)
PLAIN = {ord(sign): plain for signs, plains in _SIGNS for sign, plain in zip(signs, plains, strict=True)}
"""What our own signs become on a terminal that shows ASCII alone."""


def in_ascii(text: str) -> str:
    """The text as wide as it is, in what a terminal of ASCII has."""
    return "".join(char if char.isascii() else PLAIN.get(ord(char)) or _spelled(char) for char in text)


def _spelled(char: str) -> str:
    """A character of somebody's text on a terminal without it, in as many cells as it takes."""
    code = ord(char)
    # The pictures of control characters, as ^[ and its kind are one cell too wide.
    if 0x2400 <= code <= 0x2421:
        return "^"
    if 0x2800 < code <= 0x28FF:
        return "*"  # the dots of a plot
    return "?" * cell_len(char)
