"""Photos with poses as COLMAP's process gives them -> photos and poses of the workbook."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from posenet_lib.core.files import replacing
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.build.frames import JPEG_QUALITY
from posenet_lib.scenes.build.undistort import Lens, Pinhole, black_share, through_pinhole
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.readers.read_pose import Camera, ReadPose

_BLACK = 0.02  # of a photo: more is worth a word


def poses_of(photos: Sequence[dict]) -> PoseArray:
    """X_camera = R X_world + t, so that the camera's centre is -R^T t."""
    q = quaternion.canonical_sign(quaternion.normalise([photo["quaternion_wxyz"] for photo in photos]))
    translation = np.array([photo["translation"] for photo in photos], dtype=np.float64)
    return PoseArray(-np.einsum("nji,nj->ni", quaternion.to_matrix(q), translation), q)


def lens_of(photo: dict) -> Lens:
    """The camera of one photo."""
    return Lens(*photo["lens"], tuple(photo["size"]))


def write_through_pinhole(
    photos: Sequence[dict],
    images: Path,
    out: Path,
    pinhole: Pinhole,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[str]:
    """Write every photo below `out` as the pinhole would have taken it; those that are there are kept.

    Returns:
        Sentences about photos that keep black borders.
    """
    black = []
    for number, photo in enumerate(photos, start=1):
        lens, path = lens_of(photo), out / photo["name"]
        if black_share(lens, pinhole) > _BLACK:
            black.append(photo["name"])
        if not path.is_file():
            made = through_pinhole(open_photo(images / photo["name"]), lens, pinhole)
            with replacing(path) as temporary:
                made.save(temporary, "JPEG", quality=JPEG_QUALITY, subsampling=0)
        progress(number, len(photos))
    if not black:
        return []
    return [
        f"{len(black)} photos of a camera that sees less, or of another shape, have black borders, first {black[0]}: "
        "all photos of a scene are written for one camera."
    ]


def read_poses(
    photos: Sequence[dict], poses: PoseArray, folder: Path, pinhole: Pinhole, split: str = ""
) -> list[ReadPose]:
    """What `scene_writing` makes a scene of."""
    camera = Camera(pinhole.matrix, pinhole.size_px)
    return [
        ReadPose(photo["name"], folder / photo["name"], position_m, q, camera, split)
        for photo, position_m, q in zip(photos, *poses, strict=True)
    ]
