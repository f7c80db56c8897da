"""PracticeCourt, the embedded scene: a small town court that the project renders itself, from any pose."""

from posenet_lib.scenes.practice_court.camera import intrinsics
from posenet_lib.scenes.practice_court.court import Outline
from posenet_lib.scenes.practice_court.lighting import ClutterItem, Light
from posenet_lib.scenes.practice_court.photo import render_depth, render_photo
from posenet_lib.scenes.practice_court.plan import landmark_outlines
from posenet_lib.scenes.practice_court.render import render_scene
from posenet_lib.scenes.practice_court.walks import WalkPose, test_poses, training_poses

__all__ = [
    "ClutterItem",
    "Light",
    "Outline",
    "WalkPose",
    "intrinsics",
    "landmark_outlines",
    "render_depth",
    "render_photo",
    "render_scene",
    "test_poses",
    "training_poses",
]
