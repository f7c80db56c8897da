"""The cameras of a source, made to fit the photos on disk: their size, and how a viewer turns them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.scenes.readers.photo_files import Header, photo_header
from posenet_lib.scenes.readers.read_pose import Camera, ReadPose

_SAME_SHAPE = 0.02  # how far width/height may differ between a photo and what its camera is for: rounding
_SAME_FOCAL = 0.01  # photos of one lens, each calibrated by itself, differ by less

# EXIF orientation -> how the camera turns when a viewer turns the pixels: rows are the new axes in the old ones.
_TURNS = {
    3: np.array([[-1.0, 0, 0], [0, -1, 0], [0, 0, 1]]),  # half a turn
    6: np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]),  # a quarter to the right
    8: np.array([[0.0, 1, 0], [-1, 0, 0], [0, 0, 1]]),  # a quarter to the left
}


def fit_to_photos(poses: Sequence[ReadPose]) -> tuple[list[ReadPose], list[str]]:
    """Poses and cameras for the photos as the workbook shows them: upright, in their own size.

    A tool may have read the pixels as they are stored, while viewers turn them as EXIF says. Where the size that the
    tool gives for its camera shows which it was, pose and camera are turned too.

    Raises:
        WorkbookError: a camera is for photos of another shape (cropped, or of another camera).
    """
    fitted, turned, mirrored, unknown, broken, rescaled = [], [], [], [], [], []
    for pose in poses:
        header = photo_header(pose.image_path)
        if header is None:
            broken.append(pose.name)
            fitted.append(replace(pose, camera=None))
            continue
        if header.orientation in (2, 4, 5, 7):
            mirrored.append(pose.name)
        elif header.orientation != 1:
            if _read_as_stored(pose.camera, header):
                pose = _turn(pose, header)
                turned.append(pose.name)
            elif pose.camera is None or pose.camera.size_px is None or header.orientation == 3:
                unknown.append(pose.name)
        upright = header.upright_px
        if pose.camera and pose.camera.size_px not in (None, upright):
            pose = replace(pose, camera=_rescale(pose, upright))
            rescaled.append(pose.name)
        fitted.append(pose)
    notes = [
        _count(rescaled, "photo has another size than its camera; the camera was scaled to it"),
        _count(turned, "photo is turned by its EXIF orientation; pose and camera were turned with it"),
        _count(mirrored, "photo is mirrored by its EXIF orientation, so no pose can fit; save it anew without"),
        _count(unknown, "photo is turned by its EXIF orientation; the pose is taken to be that of the upright photo"),
        _count(broken, "file cannot be opened as a photo"),
    ]
    return fitted, [note for note in notes if note]


def one_camera(poses: Sequence[ReadPose]) -> tuple[np.ndarray | None, list[str]]:
    """The matrix (3, 3) in pixels that fits all photos, or None; and what there is to say.

    `fit_to_photos` comes first. A scene has one `camera-intrinsics.txt`, so photos of several sizes have none.
    """
    headers = {pose.name: photo_header(pose.image_path) for pose in poses}
    sizes = Counter(header.upright_px for header in headers.values() if header)
    notes = []
    if len(sizes) > 1:
        shown = ", ".join(f"{width}x{height} ({count})" for (width, height), count in sizes.most_common(4))
        notes.append(f"The photos have {len(sizes)} sizes: {shown}.")
    cameras = [pose.camera for pose in poses if pose.camera]
    notes += [
        f"The lens distortion ({words}) is not used here: rays away from the centre are off by it. "
        "Undistorted photos and their cameras avoid that."
        for words in list(dict.fromkeys(camera.distortion for camera in cameras if camera.distortion))[:1]
    ]
    if not cameras:
        notes.append("The source gives no camera: no camera-intrinsics.txt was written (data/datasets/README.md).")
        return None, notes
    if len(sizes) > 1:
        notes.append("One camera cannot fit them all: no camera-intrinsics.txt was written.")
        return None, notes
    matrices = np.array([camera.matrix for camera in cameras])
    median = np.median(matrices, axis=0)
    spread = float(np.abs(matrices[:, 0, 0] / median[0, 0] - 1).max())
    if spread > _SAME_FOCAL:
        notes.append(
            f"The cameras' focal lengths differ by up to {100 * spread:.1f} percent; camera-intrinsics.txt holds "
            f"their median, {median[0, 0]:.1f} px."
        )
    return median, notes


def checked(camera: Camera, where: str) -> Camera:
    """The camera, if it can be one.

    Raises:
        WorkbookError: a focal length or a size is not above 0, or a number is not finite.
    """
    m = camera.matrix
    if not np.isfinite(m).all() or m[0, 0] <= 0 or m[1, 1] <= 0 or (camera.size_px and min(camera.size_px) < 1):
        raise WorkbookError(
            f"{where}: a camera with the focal lengths {m[0, 0]:g} and {m[1, 1]:g} px, the centre {m[0, 2]:g}, "
            f"{m[1, 2]:g} and the size {camera.size_px}; focal lengths and sizes above 0 are needed"
        )
    return camera


def _read_as_stored(camera: Camera | None, header: Header) -> bool:
    if camera is None or camera.size_px is None or header.orientation not in (6, 8):
        return False
    (width, height), (stored_width, stored_height) = camera.size_px, header.size_px
    return stored_width != stored_height and _alike(width / height, stored_width / stored_height)


def _turn(pose: ReadPose, header: Header) -> ReadPose:
    turn = _TURNS[header.orientation]
    rotation = turn @ quaternion.to_matrix(pose.quaternion_wxyz) if not pose.lost else None
    camera = pose.camera
    (width, height), m = camera.size_px, camera.matrix
    centre = (height - m[1, 2], m[0, 2]) if header.orientation == 6 else (m[1, 2], width - m[0, 2])
    matrix = np.array([[m[1, 1], 0, centre[0]], [0, m[0, 0], centre[1]], [0, 0, 1]])
    return replace(
        pose,
        quaternion_wxyz=pose.quaternion_wxyz if rotation is None else quaternion.from_matrix(rotation),
        camera=replace(camera, matrix=matrix, size_px=(height, width)),
    )


def _rescale(pose: ReadPose, size_px: tuple[int, int]) -> Camera:
    (width, height), camera = pose.camera.size_px, pose.camera
    if not _alike(width / height, size_px[0] / size_px[1]):
        raise WorkbookError(
            f"{pose.image_path}: is {size_px[0]}x{size_px[1]}, but its camera is for photos of {width}x{height}; "
            "a photo of another shape was cropped or is of another camera: give the photos that the poses were "
            "made from (--photos DIR)"
        )
    scale = np.diag([size_px[0] / width, size_px[1] / height, 1.0])
    return replace(camera, matrix=scale @ camera.matrix, size_px=size_px)


def _alike(first: float, second: float) -> bool:
    return abs(first / second - 1) < _SAME_SHAPE


def _count(names: list[str], what: str) -> str:
    if not names:
        return ""
    return f"{len(names)} x: {what}; first {names[0]}."
