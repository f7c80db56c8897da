"""The camera's focal length, where a scene knows it: it says how far a pixel beside the centre looks to the side.

A scene may hold `camera-intrinsics.txt`, a 3x3 camera matrix in pixels of the photos as they are on disk (7-Scenes is
used with such a file), or a `reconstruction.nvm`, as the Cambridge Landmarks scenes do.
"""

from PIL import Image

from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.nvm import read_focal_px
from posenet_lib.scenes.resizing import SMALLER_SIDE
from posenet_lib.scenes.scene import Scene

INTRINSICS = "camera-intrinsics.txt"
RECONSTRUCTION = "reconstruction.nvm"


def resized_focal_px(scene: Scene) -> float | None:
    """Focal length in pixels of a resized photo, whose smaller side is 256; None if the scene does not say.

    Raises:
        WorkbookError: the scene's file is damaged.
    """
    if (scene.folder / INTRINSICS).is_file():
        focal_px = read_intrinsics(scene.folder / INTRINSICS)[0, 0]
    elif (scene.folder / RECONSTRUCTION).is_file():
        focal_px = read_focal_px(scene.folder / RECONSTRUCTION)
    else:
        return None
    with Image.open(scene.train.records[0].image_path) as photo:
        return float(focal_px) * SMALLER_SIDE / min(photo.size)
