"""Pictures that change: training curves after every epoch, and figures with sliders.

The curves are drawn through a display handle, so the picture is stored in the cell like any other. A picture with
sliders is a widget, because only widgets go on working in a tab that was closed and opened again; where no widgets are
shown (an exported page), its first state stands in the cell.
"""

from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
from IPython.display import DisplayHandle, display

from posenet_lib.core.wording import counted
from posenet_lib.plots import plot_history
from posenet_lib.plots.figure import figure_html
from posenet_lib.plots.stage import Picture
from posenet_lib.training.history import EpochRecord


class LiveCurves:
    """An `on_epoch` callback: draws the curves after the first epoch, and redraws the same picture after each later."""

    def __init__(self, unit: str = "m"):
        """`unit`: of the scene's positions."""
        self._unit = unit
        self._handle: DisplayHandle | None = None

    def __call__(self, history: Sequence[EpochRecord]) -> None:
        """Show the history so far."""
        last, speed = history[-1], max(record.photos_per_s for record in history)
        figure = plot_history(history, self._unit)
        minutes = counted(round(last.elapsed_s / 60, 1), "minute")
        figure.suptitle(f"after {counted(last.epoch, 'epoch')}, {minutes}, {speed:.0f} photos/s")
        if self._handle is None:
            self._handle = display(figure, display_id=True)
        else:
            self._handle.update(figure)


def slider(label: str, low: float, high: float, start: float) -> ipywidgets.Widget:
    """A labelled slider: over whole numbers if all three numbers are whole, else continuous."""
    whole = all(isinstance(value, int) for value in (low, high, start))
    kind = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
    step = {} if whole else {"step": (high - low) / 100}
    return kind(
        value=start,
        min=low,
        max=high,
        description=label,
        continuous_update=False,  # a picture takes a moment: draw it when the slider is let go
        style={"description_width": "initial"},
        layout={"width": "32em", "max_width": "calc(100% - 4px)"},  # a narrow window
        **step,
    )


def menu(label: str, options: Sequence[str]) -> ipywidgets.Widget:
    """A labelled menu that begins with the first option."""
    return ipywidgets.Dropdown(
        options=options,
        description=label,
        style={"description_width": "initial"},
        layout={"width": "20em", "max_width": "calc(100% - 4px)"},
    )


def explore(draw: Callable[..., Any], **controls: ipywidgets.Widget) -> None:
    """Show `draw(**values)` under its controls, and draw again when one of them is moved.

    Args:
        draw: takes each control's value under its name and returns a figure, or a `Picture`, which is faster.
        controls: made by `slider` or `menu`, or any ipywidgets control.
    """
    picture = ipywidgets.HTML()

    def show(_: Any = None) -> None:
        shown = draw(**{name: control.value for name, control in controls.items()})
        picture.value = shown.html if isinstance(shown, Picture) else figure_html(shown)

    show()
    for control in controls.values():
        control.observe(show, names="value")
    everything = ipywidgets.VBox([*controls.values(), picture])
    display({**everything._repr_mimebundle_(), "text/html": picture.value}, raw=True)
