"""Logarithmic axes with plain numbers on them."""

from matplotlib.axes import Axes
from matplotlib.ticker import LogLocator


def log_scale(axes: Axes, which: str, marks: tuple[float, ...] = (1, 2, 5)) -> None:
    """Make one axis logarithmic, with numbers such as 0.5, 1 and 2 in place of powers of ten.

    Args:
        which: "x" or "y".
        marks: the numbers, up to powers of ten.
    """
    axes.set(**{f"{which}scale": "log"})
    axis = getattr(axes, f"{which}axis")
    axis.set_major_locator(LogLocator(subs=marks))
    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter("")
