"""Predicted uncertainty against true error."""

from collections.abc import Mapping

from posenet_lib.evaluation.calibration import Calibration
from posenet_lib.evaluation.errors import PoseErrors
from posenet_lib.geometry.poses import PoseSigma
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.style import BLUE, GREY, VERMILION


def plot_calibration(
    errors: PoseErrors, sigma: PoseSigma, groups: Mapping[str, Calibration], unit: str = "m"
) -> Figure:
    """Error against predicted sigma, photo by photo and in groups; on the dashed line sigma would be right.

    Args:
        groups: a `Calibration` for "position_m" and one for "rotation_deg".
        unit: of positions.
    """
    figure = Figure(figsize=(10, 4.5), layout="constrained")
    panels = (("position_m", "position", unit), ("rotation_deg", "rotation", "degrees"))
    for axes, (quantity, title, shown_in) in zip(figure.subplots(1, 2), panels, strict=True):
        found = groups[quantity]
        axes.plot(getattr(sigma, quantity), getattr(errors, quantity), ".", color=GREY, alpha=0.6, label="one photo")
        axes.plot(
            found.sigma, found.error, "o-", color=VERMILION, label=f"groups of about {found.count[0]}, root mean square"
        )
        limit = 1.05 * max(getattr(sigma, quantity).max(), getattr(errors, quantity).max())
        axes.plot([0, limit], [0, limit], "--", color=BLUE, lw=1, label="sigma = error")
        axes.set_xlim(0, 1.1 * getattr(sigma, quantity).max() or 1)
        axes.set_ylim(0, limit or 1)
        axes.set_xlabel(f"predicted sigma ({shown_in})")
        axes.set_ylabel(f"{title} error ({shown_in})")
        axes.set_title(f"{title.capitalize()}: rank correlation {found.rank_correlation:.2f}")
        axes.grid(alpha=0.25)
    figure.legend(*figure.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return figure
