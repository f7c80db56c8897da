"""A Matplotlib figure that shows itself in a notebook with a description for readers who cannot see it."""

import base64
import html
import io
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure as MatplotlibFigure


class Figure(MatplotlibFigure):
    """Like Matplotlib's; in a notebook it becomes an image whose alternative text names what it shows."""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/plain": describe(self), "text/html": figure_html(self)}


def figure_html(figure: MatplotlibFigure) -> str:
    """A figure as one `<img>`, with its description."""
    png = io.BytesIO()
    figure.savefig(png, format="png", bbox_inches="tight")
    return image_html(png.getvalue(), "png", describe(figure))


def image_html(data: bytes, kind: str, description: str) -> str:
    """An image file ("png" or "jpeg") as one `<img>`, no wider than its place."""
    source = f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
    style = "max-width: 100%; height: auto"
    return f'<img alt="{html.escape(description)}" style="{style}" src="{source}">'


def describe(figure: MatplotlibFigure) -> str:
    """What a figure shows, in words: its titles, axes, lines and points. Numbers are in the text around it."""
    parts = [_describe_axes(axes) for axes in figure.axes if axes.get_label() != "<colorbar>"]
    legend = [text.get_text() for one in figure.legends for text in one.get_texts()]
    title = figure.get_suptitle()
    words = [title] if title else []
    words += [part for part in parts if part]
    if legend and not any(axes.get_legend() for axes in figure.axes):
        words.append(f"showing {', '.join(legend)}")
    notes = [line for line in (getattr(figure, "get_supxlabel", str)() or "").splitlines() if line.strip()]
    words += [" ".join(line.split()) for line in notes]
    return f"Figure: {'; '.join(words)}." if words else "Figure."


def _describe_axes(axes: Axes) -> str:
    title = " ".join(axes.get_title().split())
    named = [axes.get_xlabel(), axes.get_ylabel()]
    if hasattr(axes, "get_zlabel"):
        named.append(axes.get_zlabel())
    labels = [" ".join(label.split()) for label in named if label and axes.axison]
    legend = axes.get_legend()
    lines = [text.get_text() for text in legend.get_texts()] if legend else []
    words = [title] if title else ["picture" if axes.images else "plot"]
    if labels:
        words.append(f"axes {', '.join(labels)}")
    if lines:
        words.append(f"showing {', '.join(lines)}")
    return ", ".join(words) if title or labels or lines else ""
