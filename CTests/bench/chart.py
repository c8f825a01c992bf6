"""An SVG bar chart of the ratios: each bar is our time over bare system calls', 1 is equal."""
from xml.sax.saxutils import escape

ROW_HEIGHT, LABEL_WIDTH, PLOT_WIDTH, MARGIN = 22, 340, 420, 16
LARGEST_RATIO = 1.5  # longer bars are cut here, with their number beside them
COLOURS = {"ok": "#2e7d32", "memory": "#f9a825", "OVER": "#c62828", "-": "#607d8b"}


def _x(ratio):
    return LABEL_WIDTH + min(ratio, LARGEST_RATIO) / LARGEST_RATIO * PLOT_WIDTH


def _text(x, y, content, anchor="start"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(content)}</text>'


def _vertical(x, top, bottom, colour):
    return f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top}" y2="{bottom}" stroke="{colour}"/>'


def _bar(row, top):
    parts = [
        _text(LABEL_WIDTH - 8, top + 15, row["name"], anchor="end"),
        f'<rect x="{LABEL_WIDTH}" y="{top + 4}" width="{_x(row["ratio"]) - LABEL_WIDTH:.1f}" '
        f'height="{ROW_HEIGHT - 8}" fill="{COLOURS[row["verdict"]]}"/>',
        _text(_x(row["ratio"]) + 5, top + 15, f'{row["ratio"]:.2f}'),
    ]
    if row["ratio_limit"] > 0:
        parts.append(_vertical(_x(row["ratio_limit"]), top + 1, top + ROW_HEIGHT - 1, "black"))
    return parts


def draw(description, rows):
    bars = [row for row in rows if row["ratio"] > 0 and row["ratio_limit"] > 0]
    first_row = 56
    bottom = first_row + ROW_HEIGHT * len(bars)
    width, height = LABEL_WIDTH + PLOT_WIDTH + 80, bottom + MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        _text(MARGIN, 20, "Time of an operation, over the same by bare system calls "
              "(black mark: limit; grey line: equal)"),
        _text(MARGIN, 38, f'{description["kernel"]}; {description["processor"]}'),
        _vertical(_x(1), first_row, bottom, "#9e9e9e"),
    ]
    for index, row in enumerate(bars):
        parts += _bar(row, first_row + index * ROW_HEIGHT)
    return "\n".join(parts + ["</svg>"]) + "\n"
