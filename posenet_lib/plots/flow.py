"""Flow in colours: the hue says which way a pixel goes, the saturation how far; white stands still (Baker et al. 2011).

The hues are those of Middlebury's wheel: to the right is red, down yellow, to the left blue-green, up violet. Parts of
the wheel where eyes see finer differences are longer.
"""

from collections.abc import Mapping

import numpy as np

from posenet_lib.plots.figure import Figure

_CORNERS = np.array([[1, 0, 0], [1, 1, 0], [0, 1, 0], [0, 1, 1], [0, 0, 1], [1, 0, 1], [1, 0, 0]], dtype=float)
_LENGTHS = np.array([15, 6, 4, 11, 13, 6])  # from each corner to the next: red to yellow, to green ...


def flow_colours(flow_px: np.ndarray, largest_px: float) -> np.ndarray:
    """(H, W, 2) to the right and down -> colours (H, W, 3) in 0..1; full at `largest_px`, darker beyond it."""
    angle = np.arctan2(flow_px[..., 1], flow_px[..., 0]) / (2 * np.pi) % 1.0
    corners = np.concatenate([[0.0], np.cumsum(_LENGTHS) / _LENGTHS.sum()])
    hue = np.stack([np.interp(angle, corners, _CORNERS[:, k]) for k in range(3)], axis=-1)
    length = np.hypot(flow_px[..., 0], flow_px[..., 1])[..., None] / largest_px
    return np.where(length <= 1, 1 - length * (1 - hue), 0.75 * hue)


def plot_flows(
    photo: np.ndarray,
    flows_px: Mapping[str, np.ndarray],
    masks: Mapping[str, np.ndarray],
    largest_px: float | None = None,
) -> Figure:
    """A photo (H, W, 3) and flows (H, W, 2) in one row with the key to the colours; masks (H, W) below, black where 1.

    Args:
        largest_px: length of the fullest colour; None: of the last flow's longest but one in a hundred.
    """
    if largest_px is None:
        last = list(flows_px.values())[-1]
        largest_px = float(np.quantile(np.hypot(last[..., 0], last[..., 1]), 0.99))
    columns = 2 + len(flows_px)
    figure = Figure(figsize=(2.5 * columns, 2 * 2.1), layout="constrained")
    axes = figure.subplots(2, columns, squeeze=False)
    for one in axes.flat:
        one.set_axis_off()
    y, x = np.mgrid[-1:1:61j, -1:1:61j]
    key = flow_colours(np.stack([x, y], axis=-1), 1.0)
    key[np.hypot(x, y) > 1] = 1.0
    above = {"photo": photo}
    above |= {title: flow_colours(flow, largest_px) for title, flow in flows_px.items()}
    above[f"key: {largest_px:.0f} px at the rim"] = key
    for column, (title, pixels) in enumerate(above.items()):
        axes[0, column].imshow(np.clip(pixels, 0, 1))
        axes[0, column].set_title(title, fontsize=10)
    for column, (title, mask) in enumerate(masks.items(), 1):
        axes[1, column].imshow(mask, cmap="gray_r", vmin=0, vmax=1)
        axes[1, column].set_title(title, fontsize=10)
    return figure
