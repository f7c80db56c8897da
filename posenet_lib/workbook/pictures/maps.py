"""Cameras on a map: the scene from above, and a photo beside the place where it was taken."""

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from matplotlib.patches import Polygon

from posenet_lib.evaluation.errors import PoseErrors, pose_errors
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots.cameras import draw_outlines, ground_axes, view_directions
from posenet_lib.plots.figure import Figure
from posenet_lib.plots.stage import Picture, Stage
from posenet_lib.plots.style import PREDICTED, TEST, TRAIN
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.scene import Scene, Split
from posenet_lib.scenes.views import ground_plan, view_from

_HALF_VIEW_DEG = 34.0  # of the practice court's camera; on other scenes the wedge is a sketch


def plot_top_view(scene: Scene) -> Figure:
    """All cameras of a scene from above, on its ground plan where there is one."""
    figure = Figure(figsize=(9, 6.5), layout="constrained")
    axes = figure.add_subplot()
    _draw_map(axes, scene)
    across, up, _ = ground_axes(scene.train.poses)
    start = scene.test.poses.position_m[:, [across, up]]
    axes.plot(*start.T, "^", color=TEST, ms=4, mec="0.2", mew=0.3, label="test photos")
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1))
    axes.set_title("The scene from above")
    return figure


class PhotoOnMap:
    """Photos of a split, each beside its camera on the map: called with a photo's number, it returns the picture.

    The map is drawn once, so that a slider answers at once.
    """

    def __init__(self, scene: Scene, split: Split):
        self._split = split
        figure = Figure(figsize=(12, 4.4), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.05))
        self._photo = _Photo(left, split)
        _draw_map(right, scene)
        self._camera = _Camera(right, scene, TEST, "^", "its camera")
        right.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8)
        self._photo.show(0)
        self._stage = Stage(figure, *self._photo.artists, *self._camera.artists)

    def __call__(self, index: int) -> Picture:
        """The picture of photo number `index`."""
        self._photo.show(index)
        self._camera.move(self._split.poses, index)
        return self._stage.picture()


class PhotoBesideView:
    """Test photos, each beside the view from its predicted pose, and both cameras on the map with all errors.

    Called with a photo's number, it returns the picture. For scenes that cannot be rendered, the view is the training
    photo nearest to the prediction.

    Args:
        predicted: of the test photos, in the order of their list.
        errors: of these predictions.
    """

    def __init__(self, scene: Scene, predicted: PoseArray, errors: PoseErrors):
        self._scene, self._predicted, self._errors = scene, predicted, errors
        figure = Figure(figsize=(13.5, 5.6), layout="constrained")
        panels = figure.subplot_mosaic([["photo", "map"], ["view", "map"]], width_ratios=(1, 2.2))
        self._photo = _Photo(panels["photo"], scene.test)
        first = view_from(scene, predicted, 0, quick=True)
        self._view = _image(panels["view"], first.picture)
        self._view_title = panels["view"].set_title(first.title, fontsize=10)
        axes = panels["map"]
        _draw_map(axes, scene, alpha=0.35)
        across, up, _ = ground_axes(scene.train.poses)
        ends = [poses.position_m[:, [across, up]] for poses in (scene.test.poses, predicted)]
        links = np.stack([*ends, np.full_like(ends[0], np.nan)], axis=1).reshape(-1, 2)
        axes.plot(*links.T, "-", color="0.35", lw=0.9, label="error of each photo")
        axes.plot(*ends[0].T, "^", color=TEST, ms=4, mec="0.2", mew=0.3, label="test photos")
        self._axes_m, self._true_places = [across, up], ends[0]
        self._true = _Camera(axes, scene, TEST, "^", "this photo's camera")
        self._guess = _Camera(axes, scene, PREDICTED, "X", "where the network puts it")
        (self._link,) = axes.plot([], [], "-", color="0.1", lw=2)
        self._title = axes.set_title(f"error: 99.99 {scene.unit}, 179.9 degrees")
        axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1), fontsize=8)
        artists = (*self._photo.artists, self._view, self._view_title, *self._true.artists, *self._guess.artists)
        self._stage = Stage(figure, *artists, self._link, self._title)

    def __call__(self, index: int) -> Picture:
        """The picture of test photo number `index`."""
        return self._draw(index, self._predicted.take([index]), PoseErrors(*(part[[index]] for part in self._errors)))

    def answered(self, index: int, pose: PoseArray, photo: np.ndarray) -> Picture:
        """The same with another answer than the predicted one.

        Args:
            pose: one.
            photo: (H, W, 3) uint8, what was asked about: test photo number `index`, maybe changed.
        """
        return self._draw(index, pose, pose_errors(pose, self._scene.test.poses.take([index])), photo)

    def _draw(self, index: int, pose: PoseArray, errors: PoseErrors, photo: np.ndarray | None = None) -> Picture:
        view = view_from(self._scene, pose, quick=True)
        self._photo.show(index, photo)
        self._view.set(data=view.picture)
        self._view_title.set_text(view.title)
        self._true.move(self._scene.test.poses, index)
        self._guess.move(pose, 0)
        self._link.set_data(*np.stack([self._true_places[index], pose.position_m[0, self._axes_m]]).T)
        position_m, rotation_deg = (part[0] for part in errors)
        self._title.set_text(f"error: {position_m:.2f} {self._scene.unit}, {rotation_deg:.1f} degrees")
        return self._stage.picture()


def _draw_map(axes: Axes, scene: Scene, alpha: float = 1.0) -> None:
    across, up, names = ground_axes(scene.train.poses)
    draw_outlines(axes, ground_plan(scene))
    dots = scene.train.poses.position_m[:, [across, up]]
    axes.plot(*dots.T, ".", color=TRAIN, ms=3, alpha=alpha, label="training photos")
    axes.set_xlabel(f"{names[0]} ({scene.unit})")
    axes.set_ylabel(f"{names[1]} ({scene.unit})")
    axes.set_aspect("equal")


def _image(axes: Axes, pixels: np.ndarray) -> AxesImage:
    axes.set_axis_off()
    return axes.imshow(pixels)


class _Photo:
    """The photo of a split that is shown, under its name."""

    def __init__(self, axes: Axes, split: Split):
        self._split = split
        self._image = _image(axes, np.asarray(open_photo(split.records[0].image_path)))
        self._title = axes.set_title(f"photo 000: {split.records[0].name}", fontsize=10)

    @property
    def artists(self) -> tuple[Artist, ...]:
        return self._image, self._title

    def show(self, index: int, pixels: np.ndarray | None = None) -> None:
        record = self._split.records[index]
        self._image.set(data=np.asarray(open_photo(record.image_path)) if pixels is None else pixels)
        self._title.set_text(f"photo {index}: {record.name}")


class _Camera:
    """A marker on the map, and a wedge that opens the way the camera looks."""

    def __init__(self, axes: Axes, scene: Scene, colour: str, marker: str, label: str):
        self._axes_m = ground_axes(scene.train.poses)[:2]
        self._length_m = 0.22 * np.ptp(scene.train.poses.position_m, axis=0).max()
        self._wedge = Polygon(np.zeros((3, 2)), facecolor=colour, edgecolor="0.2", alpha=0.45, lw=0.6)
        axes.add_patch(self._wedge)
        (self._marker,) = axes.plot([], [], marker, color=colour, ms=9, mec="0.1", mew=0.8, ls="", label=label)

    @property
    def artists(self) -> tuple[Artist, ...]:
        return self._wedge, self._marker

    def move(self, poses: PoseArray, index: int) -> None:
        """To pose number `index`."""
        one = poses.take([index])
        place = one.position_m[0, list(self._axes_m)]
        ahead = view_directions(one)[0, list(self._axes_m)]
        angles = np.arctan2(ahead[1], ahead[0]) + np.radians(np.linspace(-_HALF_VIEW_DEG, _HALF_VIEW_DEG, 9))
        rim = place + self._length_m * np.stack([np.cos(angles), np.sin(angles)], axis=1)
        self._wedge.set_xy([place, *rim])
        self._marker.set_data(*place[:, None])
