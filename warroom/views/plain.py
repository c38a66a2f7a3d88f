"""Tables as plain text, for pipes and people on the command line."""

from collections.abc import Sequence

from rich.cells import cell_len, set_cell_size

from warroom.views.rows import Column, Row

GAP = "  "


def table_text(columns: Sequence[Column], rows: Sequence[Row], width: int) -> str:
    """Columns as wide as their widest cell; the last one is cut at the width."""
    texts = [[column.title for column in columns]] + [[cell.text.replace("\n", " ") for cell in row.cells] for row in rows]
    widths = [max(cell_len(row[n]) for row in texts) for n in range(len(columns))]
    lines = []
    for row in texts:
        cells = [set_cell_size(text, size) for text, size in zip(row, widths, strict=True)]
        whole = GAP.join(cells).rstrip()
        lines.append(whole if cell_len(whole) <= width else set_cell_size(whole, max(1, width - 1)).rstrip() + "…")
    return "\n".join(lines)
