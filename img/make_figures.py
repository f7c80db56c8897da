"""Draws the pictures that the notebooks' text uses: `python img/make_figures.py` writes img/*.png again.

README's results are of a real run: `posenet walkthrough --out DIR`, then `python img/make_figures.py DIR`.

Plain shapes and text, colours that colour-blind readers tell apart (also told apart by their labels), and a white
background, so that they read in a dark theme too.
"""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch, Polygon, Rectangle
from PIL import Image

from posenet_lib.plots import plot_runs
from posenet_lib.training.history import EpochRecord, read_history

HERE = Path(__file__).resolve().parent
ROUNDED = "round,pad=0,rounding_size=0.07"
EXAMPLE = "walk01/frame00021.jpg"
BLUE, ORANGE, GREEN, RED, GREY = "#cfe4f3", "#fbe3b3", "#cdebdf", "#f8d3bd", "#ececec"
EDGE = {BLUE: "#0072B2", ORANGE: "#B07400", GREEN: "#00795A", RED: "#B84E00", GREY: "#666666"}


def canvas(width: float, height: float) -> tuple[Figure, Axes]:
    """Axes in which one unit is an inch, y upwards."""
    figure = Figure(figsize=(width, height), facecolor="white")
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, width)
    axes.set_ylim(0, height)
    axes.set_axis_off()
    return figure, axes


def box(axes: Axes, x: float, y: float, width: float, height: float, text: str, colour: str = BLUE, size: float = 10):
    """A labelled box; x and y are its centre."""
    shape = FancyBboxPatch(
        (x - width / 2, y - height / 2), width, height,
        boxstyle=ROUNDED, facecolor=colour, edgecolor=EDGE[colour], lw=1.4,
    )  # fmt: skip
    axes.add_patch(shape)
    axes.text(x, y, text, ha="center", va="center", fontsize=size, color="black", linespacing=1.35)


def arrow(axes: Axes, start: tuple, end: tuple, colour: str = "#333333", width: float = 1.5, style: str = "-|>"):
    """An arrow between two points."""
    axes.add_patch(
        FancyArrowPatch(start, end, arrowstyle=style, mutation_scale=13, color=colour, lw=width, shrinkA=0, shrinkB=0)
    )


def note(axes: Axes, x: float, y: float, text: str, size: float = 9.5, colour: str = "#222222", **more):
    """Plain text, centred."""
    axes.text(
        x, y, text, ha=more.pop("ha", "center"), va="center", fontsize=size, color=colour, linespacing=1.35, **more
    )


def task() -> Figure:
    """Photo in, pose out."""
    figure, axes = canvas(9.6, 2.7)
    photo = Image.open(HERE.parent / "data" / "PracticeCourt" / EXAMPLE).convert("RGB").resize((320, 180))
    axes.imshow(photo, extent=(0.15, 2.64, 0.65, 2.05), aspect="auto", interpolation="lanczos")
    axes.set_xlim(0, 9.6)
    axes.set_ylim(0, 2.7)
    axes.add_patch(Rectangle((0.15, 0.65), 2.49, 1.4, fill=False, edgecolor="#444444", lw=1.4))
    note(axes, 1.4, 0.35, "one photo")
    arrow(axes, (2.75, 1.35), (3.55, 1.35))
    box(axes, 4.7, 1.35, 2.2, 1.0, "PoseNet\n(a trained network)", BLUE, 11)
    arrow(axes, (5.85, 1.35), (6.75, 1.35))
    box(axes, 8.1, 1.85, 2.5, 0.7, "position  x, y, z\nin metres", GREEN)
    box(axes, 8.1, 0.85, 2.5, 0.7, "orientation\nquaternion  w, p, q, r", ORANGE)
    note(axes, 8.1, 0.25, "the camera's pose: 3 + 4 numbers")
    return figure


def camera_pose() -> Figure:
    """World frame and camera frame."""
    figure, axes = canvas(9.0, 4.3)
    blue, red, green = "#0072B2", "#B84E00", "#00795A"
    origin = (1.3, 0.95)
    for (dx, dy), name in (((1.5, 0.0), "x"), ((0.85, 0.6), "y"), ((0.0, 1.6), "z")):
        arrow(axes, origin, (origin[0] + dx, origin[1] + dy), blue, 2)
        note(axes, origin[0] + dx * 1.12, origin[1] + dy * 1.12, name, 12, blue)
    note(axes, 1.5, 0.5, "world frame (the scene's own)", 10.5, blue)

    centre, target = (4.6, 2.2), (7.9, 3.15)
    corners = [(5.62, 3.15), (6.05, 2.7), (5.88, 1.8), (5.45, 2.25)]
    for corner in corners:
        axes.plot(*zip(centre, corner, strict=True), color="#888888", lw=1)
    axes.add_patch(Polygon(corners, facecolor="#f8d3bd", edgecolor="#444444", alpha=0.85, lw=1.2))
    note(axes, 5.98, 1.6, "photo", 9.5, "#444444")
    axes.plot(*centre, "o", color="black", ms=7)
    arrow(axes, centre, (7.0, 2.72), red, 2)
    note(axes, 7.15, 2.5, "z: where it looks", 10, red)
    arrow(axes, centre, (5.12, 1.62), red, 2)
    note(axes, 5.35, 1.45, "x", 12, red)
    arrow(axes, centre, (4.45, 1.2), red, 2)
    note(axes, 4.42, 1.02, "y", 12, red)
    note(axes, 4.85, 0.6, "camera frame: x right and y down in the photo", 10.5, red)
    axes.plot(*zip(centre, target, strict=True), ":", color=green, lw=1.4)
    axes.plot(*target, "*", color=green, ms=17)
    note(axes, 8.0, 3.5, "world point X", 10.5, green)

    axes.add_patch(
        FancyArrowPatch(origin, centre, arrowstyle="-|>", mutation_scale=13, color="black", lw=1.6, ls="--", shrinkB=5)
    )
    note(axes, 2.5, 2.2, "position x:\nthe camera centre,\nin world metres", 10)
    axes.add_patch(FancyBboxPatch((0.7, 3.45), 5.6, 0.6, boxstyle=ROUNDED, facecolor="#f4f4f4", edgecolor="#888888"))
    note(axes, 3.5, 3.75, "X in the camera's frame  =  R(q) (X - x)        q: world to camera", 11)
    return figure


def pipeline() -> Figure:
    """Resize, subtract, crop, normalise."""
    figure, axes = canvas(11.4, 2.75)
    stages = (
        ("photo", "480 x 270\nuint8, 0..255", GREY),
        ("resize", "smaller side 256\n455 x 256\nuint8, 0..255", BLUE),
        ("subtract the\nmean image", "455 x 256\nsigned float\n-255..255", ORANGE),
        ("crop", "224 x 224\nrandom: training\ncentre: test", GREEN),
        ("normalise", "3 x 224 x 224\n(v / 255 - 0.5) / 0.5\n-3..1", RED),
    )
    for index, (name, values, colour) in enumerate(stages):
        x = 1.15 + 2.28 * index
        box(axes, x, 1.75, 1.65, 0.85, name, colour, 11.5)
        note(axes, x, 0.72, values, 10)
        if index:
            arrow(axes, (x - 1.4, 1.75), (x - 0.87, 1.75))
    note(axes, 1.15 + 2.28 * 2, 2.45, "made from the training photos only", 9.5, "#7a5100")
    return figure


def inception() -> Figure:
    """Four branches, concatenated."""
    figure, axes = canvas(10.4, 4.4)
    box(axes, 5.2, 0.45, 4.2, 0.55, "input: 192 channels, 28 x 28", GREY, 11)
    columns = (
        (1.4, None, "conv 1x1\nto 64"),
        (3.95, "conv 1x1\nreduce to 96", "conv 3x3\nto 128"),
        (6.5, "conv 1x1\nreduce to 16", "conv 5x5\nto 32"),
        (9.05, "max pool 3x3\nstride 1", "conv 1x1\nprojection to 32"),
    )
    box(axes, 5.2, 3.95, 6.0, 0.55, "concatenate on channels: 64 + 128 + 32 + 32 = 256", GREEN, 11)
    for number, (x, first, second) in enumerate(columns, 1):
        start = (5.2 + (x - 5.2) * 0.42, 0.74)
        if first:
            box(axes, x, 1.6, 1.9, 0.65, first, ORANGE if "conv" in first else GREY)
            arrow(axes, start, (x, 1.25))
            arrow(axes, (x, 1.94), (x, 2.39))
        else:
            arrow(axes, start, (x, 2.39))
        box(axes, x, 2.75, 1.9, 0.68, second, BLUE)
        arrow(axes, (x, 3.1), (5.2 + (x - 5.2) * 0.65, 3.65))
        left = number <= 2  # away from the arrow
        note(axes, x - 0.9 if left else x + 0.9, 3.25, f"branch {number}", 9, "#555555", ha="left" if left else "right")
    return figure


def architecture() -> Figure:
    """The trunk and its three heads."""
    figure, axes = canvas(12.4, 4.5)
    stages = (
        ("photo\n3 x 224 x 224", GREY), ("stem\n192 x 28 x 28", BLUE), ("3a, 3b\n480 x 14 x 14", BLUE),
        ("4a\n512 x 14 x 14", BLUE), ("4b, 4c, 4d\n528 x 14 x 14", BLUE), ("4e\n832 x 7 x 7", BLUE),
        ("5a, 5b\n1024 x 7 x 7", BLUE),
    )  # fmt: skip
    xs = [0.95 + 1.73 * index for index in range(len(stages))]
    for index, (x, (text, colour)) in enumerate(zip(xs, stages, strict=True)):
        box(axes, x, 3.75, 1.4, 0.75, text, colour, 10)
        if index:
            arrow(axes, (xs[index - 1] + 0.72, 3.75), (x - 0.72, 3.75))
    heads = (
        (xs[3], "head 1 (auxiliary)", "average pool 5x5\nconv 1x1 to 128\nfc 1024", ORANGE),
        (xs[4] + 0.55, "head 2 (auxiliary)", "average pool 5x5\nconv 1x1 to 128\nfc 1024", ORANGE),
        (xs[6], "head 3 (main)", "average pool 7x7\nfc 2048", GREEN),
    )
    for x, name, layers, colour in heads:
        above = xs[4] + 0.55 if "2" in name else x
        arrow(axes, (above, 3.36), (x, 2.66))
        box(axes, x, 2.2, 1.75, 0.9, layers, colour, 10)
        arrow(axes, (x, 1.74), (x, 1.37))
        box(axes, x, 1.02, 1.75, 0.7, "position (3)\nquaternion (4)", colour, 10)
        note(axes, x, 0.4, name, 10.5)
    note(axes, 2.1, 2.2, "Trunk: GoogLeNet.\nIts three classifiers\nbecame pose regressors.", 10.5)
    note(axes, 2.1, 1.02, "Heads 1 and 2 are used\nonly in training.", 10.5)
    return figure


def start_weights() -> Figure:
    """Held-out errors from three beginnings, as recorded in data/start_weights, over a laptop's eight minutes.

    The runs were made by as many passes as fit into them; their own times are another machine's.
    """
    recorded = HERE.parent / "data" / "start_weights"
    titles = {"courts": "from other courts", "scratch": "from scratch", "imagenet": "EfficientNet, from ImageNet"}
    runs = {
        title: [_in_minutes(read_history(path), 8) for path in sorted(recorded.glob(f"{name}-*.csv"))]
        for name, title in titles.items()
    }
    figure = plot_runs(runs)
    figure.set_size_inches(8.8, 3.5)
    return figure


def _in_minutes(history: list[EpochRecord], minutes: float) -> list[EpochRecord]:
    """The same run, as if its passes had taken so long."""
    return [replace(record, elapsed_s=60 * minutes * record.epoch / history[-1].epoch) for record in history]


def filming() -> Figure:
    """Four walks from above: one that gives a map, and three that do not."""
    figure, axes = canvas(9.6, 2.9)
    titles = (
        "good: a curve, looking aside,\nends where it began",
        "bad: stands and only turns",
        "bad: straight down a corridor",
    )
    titles = (*titles, "bad: a bare wall")
    for index, title in enumerate(titles):
        left = 0.15 + 2.4 * index
        colour = GREEN if index == 0 else RED
        axes.add_patch(Rectangle((left, 0.75), 2.1, 1.95, facecolor="white", edgecolor=EDGE[colour], lw=1.6))
        note(axes, left + 1.05, 0.38, title, 9.5, EDGE[colour])
    for across in (0.45, 0.95, 1.45, 1.95):  # things with detail, along the upper wall
        axes.add_patch(Rectangle((0.15 + across - 0.12, 2.42), 0.24, 0.18, facecolor=BLUE, edgecolor=EDGE[BLUE]))
    walk = [(0.5, 1.1), (0.75, 1.55), (1.2, 1.75), (1.65, 1.55), (1.9, 1.1), (1.2, 0.95), (0.62, 1.0)]
    axes.plot(*zip(*walk, strict=True), color="#999999", lw=1.2, zorder=2)
    for x, y in walk[:5]:
        arrow(axes, (x, y), (x + 0.25 * (1.2 - x), y + 0.45), EDGE[GREEN])
        axes.plot(x, y, "o", color=EDGE[GREEN], ms=5)
    for turn in (-0.5, -0.25, 0, 0.25, 0.5):
        arrow(axes, (3.6, 1.5), (3.6 + turn, 1.5 + (0.36 - turn**2 / 2)), EDGE[RED])
    axes.plot(3.6, 1.5, "o", color=EDGE[RED], ms=6)
    for x in (5.55, 6.45):
        axes.plot((x, x), (0.85, 2.6), color="#333333", lw=3)
    for y in (0.95, 1.4, 1.85):
        arrow(axes, (6.0, y), (6.0, y + 0.38), EDGE[RED])
        axes.plot(6.0, y, "o", color=EDGE[RED], ms=5)
    axes.plot((7.5, 9.3), (2.45, 2.45), color="#333333", lw=3)
    for x in (7.75, 8.2, 8.65, 9.1):
        arrow(axes, (x, 1.45), (x, 2.3), EDGE[RED])
        axes.plot(x, 1.45, "o", color=EDGE[RED], ms=5)
    return figure


FIGURES = (task, camera_pose, pipeline, inception, architecture, start_weights, filming)


# What README.md shows of a real run: name here -> figure that `posenet walkthrough --out DIR` leaves in DIR/figures.
RESULTS = {"result": "prediction", "result_trajectory": "trajectory", "result_errors": "errors"}


def save(figure: Figure, path: Path) -> None:
    """Write a drawn figure; one of many thin lines with a palette, which takes a third of the bytes."""
    figure.savefig(path, dpi=110)
    if path.stem == start_weights.__name__:
        Image.open(path).convert("RGB").quantize(128).save(path, optimize=True)


def main() -> None:
    """Write every figure; with a walkthrough's folder as the argument, its results too."""
    for make in FIGURES:
        save(make(), HERE / f"{make.__name__}.png")
    if len(sys.argv) > 1:
        for name, figure in RESULTS.items():
            shutil.copyfile(Path(sys.argv[1]) / "figures" / f"{figure}.png", HERE / f"{name}.png")


if __name__ == "__main__":
    main()
