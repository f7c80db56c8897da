"""Cameras in 3-D that the mouse can turn: plotly where JavaScript runs, the Matplotlib picture where it does not.

JupyterLab draws plotly's own data with the extension that plotly's package brings, without the internet. Colab has no
such extension and gets a page that fetches plotly.js. Everything else shows the still picture, and exported pages
(`workbook.notebook_page`) carry plotly.js themselves.
"""

import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots.cameras import plot_cameras
from posenet_lib.plots.figure import describe, figure_html
from posenet_lib.plots.style import TEST, TRAIN

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as PlotlyFigure

    from posenet_lib.scenes.practice_court import Outline

PLOTLY_MIME = "application/vnd.plotly.v1+json"
_HALF_VIEW = (0.67, 0.38)  # of a camera's pyramid, at distance 1: the practice court's; elsewhere a sketch


class TurnableCameras:
    """Camera centres, with pyramids that open the way some of them look.

    Args:
        train, test: the cameras.
        outlines: the ground plan with its heights.
        every: each so many-th camera gets a pyramid.
        unit: of positions.
    """

    def __init__(
        self,
        train: PoseArray,
        test: PoseArray | None = None,
        outlines: Sequence["Outline"] = (),
        *,
        every: int = 4,
        unit: str = "m",
    ):
        self._train, self._test, self._outlines, self._every, self._unit = train, test, outlines, every, unit

    def plotly(self) -> "PlotlyFigure":
        """What the mouse turns."""
        import plotly.graph_objects as go  # half a second to import, which only this picture needs

        figure = go.Figure()
        size_m = 0.05 * np.ptp(self._train.position_m, axis=0).max()
        for outline in self._outlines:
            corners, triangles = prism(outline)
            red, green, blue = (round(255 * part) for part in outline.colour)
            figure.add_trace(
                go.Mesh3d(
                    **dict(zip("xyz", corners.round(2).T, strict=True)),
                    **dict(zip("ijk", triangles.T, strict=True)),
                    color=f"rgb({red},{green},{blue})",
                    opacity=0.45,
                    flatshading=True,
                    name=outline.label,
                    hoverinfo="name",
                )
            )
        for poses, name, colour, symbol in (
            (self._train, "training", TRAIN, "circle"),
            (self._test, "test", TEST, "diamond"),
        ):
            if poses is None:
                continue
            x, y, z = poses.position_m.round(3).T
            label = f"{len(x)} {name} photos"
            marker = {"size": 2.5, "color": colour, "symbol": symbol}
            where = ", ".join(f"{axis} %{{{axis}:.2f}} {self._unit}" for axis in "xyz")
            figure.add_trace(
                go.Scatter3d(x=x, y=y, z=z, mode="markers", marker=marker, name=label, hovertemplate=where)
            )
            some = poses.take(slice(None, None, self._every))
            figure.add_trace(_line(go, pyramids(some, size_m).T, colour))
        axes = {f"{axis}axis_title": f"{axis} ({self._unit})" for axis in "xyz"}
        figure.update_layout(
            height=480,
            margin={"l": 0, "r": 0, "t": 30, "b": 0},
            title={"text": "Cameras and where they look", "font_size": 13},
            legend={"x": 0, "y": 0.95, "itemsizing": "constant"},
            scene={"aspectmode": "data", "camera_eye": {"x": -0.3, "y": -1.5, "z": 1.0}, **axes},
        )
        return figure

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, object]:
        still = plot_cameras(self._train, self._test, every=self._every, unit=self._unit)
        words, picture = describe(still), figure_html(still)
        if "google.colab" in sys.modules:
            turned = self.plotly().to_html(full_html=False, include_plotlyjs="cdn")
            return {"text/plain": words, "text/html": f"{turned}<noscript>{picture}</noscript>"}
        turned = json.loads(self.plotly().to_json())
        return {
            PLOTLY_MIME: {**turned, "config": {"responsive": True, "displaylogo": False}},
            "text/plain": words,
            "text/html": picture,
        }


def pyramids(poses: PoseArray, size_m: float) -> np.ndarray:
    """The edges of each camera's pyramid as one line, (M, 3) in the world; NaN between the cameras."""
    across, down = _HALF_VIEW
    corners = size_m * np.array([(-across, -down, 1), (across, -down, 1), (across, down, 1), (-across, down, 1)])
    tip, missing = np.zeros(3), np.full(3, np.nan)
    first, second, third, fourth = corners
    path = np.stack([first, tip, second, third, tip, fourth, first, second, third, fourth, missing])
    turned = path @ quaternion.to_matrix(poses.quaternion_wxyz)  # camera to world: the transposed rotation
    return (turned + poses.position_m[:, None]).reshape(-1, 3)


def prism(outline: "Outline") -> tuple[np.ndarray, np.ndarray]:
    """A thing of the ground plan with its height: corners (2 K, 3), and triangles of its sides and top (M, 3)."""
    count = len(outline.corners_m)
    low = np.column_stack([outline.corners_m, np.full(count, outline.z_low_m)])
    high = np.column_stack([outline.corners_m, np.full(count, outline.z_high_m)])
    here, there = np.arange(count), (np.arange(count) + 1) % count
    sides = [np.stack([here, there, here + count], axis=1), np.stack([there, there + count, here + count], axis=1)]
    top = np.stack([np.full(count, count), here + count, there + count], axis=1)
    return np.concatenate([low, high]), np.concatenate([*sides, top])


def _line(go, points: Sequence[np.ndarray], colour: str):
    """A thin line without a place in the legend; it ends at NaN and goes on behind it."""
    x, y, z = (np.where(np.isnan(part), None, np.round(np.asarray(part, dtype=float), 3)) for part in points)
    line = {"color": colour, "width": 1.5}
    return go.Scatter3d(x=x, y=y, z=z, mode="lines", line=line, showlegend=False, hoverinfo="skip", connectgaps=False)
