"""PracticeCourt, the embedded scene: a small town court that the project renders itself, from any pose."""

from .camera import intrinsics
from .court import Outline, landmark_outlines
from .lighting import ClutterItem, Light
from .photo import render_depth, render_photo
from .render import render_scene
from .walks import WalkPose, test_poses, training_poses

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
