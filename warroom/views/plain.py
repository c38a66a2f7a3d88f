"""Tables as plain text, for pipes and people on the command line."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from warroom.views.rows import Column, Row

GAP = "  "


def table_text(columns: Sequence[Column], rows: Sequence[Row], width: int) -> str:
    """Columns as wide as their widest cell; a line is cut at the width."""
    texts = [[column.title for column in columns]]
    texts += [[cell.text.replace("\n", " ") for cell in row.cells] for row in rows]
    sizes = [max(cell_len(row[n]) for row in texts) for n in range(len(columns))]
    lines = []
    for row in texts:
        cells = [_sized(t, size, c.align) for t, size, c in zip(row, sizes, columns, strict=True)]
        whole = GAP.join(cells).rstrip()
        lines.append(
            whole if cell_len(whole) <= width else set_cell_size(whole, max(1, width - 1)).rstrip() + "…"
        )
    return "\n".join(lines)


def _sized(text: str, size: int, align: str) -> str:
    gap = " " * (size - cell_len(text))
    return gap + text if align == "right" else text + gap
