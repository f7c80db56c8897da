"""What a pose looks like: rendered where the scene can be, else the training photo taken nearest to it."""

from typing import NamedTuple

import numpy as np

from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.practice_court import Outline, landmark_outlines, render_photo
from posenet_lib.scenes.scene import Scene


class View(NamedTuple):
    """A picture and what it is."""

    picture: np.ndarray  # (H, W, 3) uint8
    title: str


def view_from(scene: Scene, pose: PoseArray, index: int = 0, *, quick: bool = False) -> View:
    """The view from pose number `index`: put beside the photo, it shows at a glance how good a prediction is.

    Args:
        quick: one ray a pixel, for pictures that follow a slider: edges are rougher.
    """
    supersample = 1 if quick else 2
    position_m, quaternion_wxyz = pose.position_m[index], pose.quaternion_wxyz[index]
    if scene.court_seed is not None:
        picture = render_photo(position_m, quaternion_wxyz, court_seed=scene.court_seed, supersample=supersample)
        return View(picture, "the view from the predicted pose")
    distance = np.linalg.norm(scene.train.poses.position_m - position_m, axis=1)
    nearest = int(distance.argmin())
    photo = np.asarray(open_photo(scene.train.records[nearest].image_path))
    return View(photo, f"the training photo nearest to it ({distance[nearest]:.2f} {scene.unit} away)")


def ground_plan(scene: Scene) -> list[Outline]:
    """What stands in the scene, from above (`label`, `corners_m`, `colour`), for plots; empty where nobody knows."""
    if scene.court_seed is None:
        return []
    return landmark_outlines(scene.court_seed)
