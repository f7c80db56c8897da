"""Where photos were taken in a map that stays as it is: structure-based localization.

Features of a photo are matched with the map's points directly (Sattler, Leibe and Kobbelt, ICCV 2011), the pose comes
from such pairs by LO-RANSAC (Chum et al., DAGM 2003), and then from all points that the pose says are in view.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pycolmap

from posenet_lib.scenes.build.colmap.direct_matches import PointMap, direct_matches, matches_in_view

MIN_INLIERS = 20  # pairs that agree with a pose; random ones rarely reach a dozen
MIN_SHARE = 0.05  # of all pairs
_MAX_ERROR_PX = 8.0
_GUIDED_PX = 4.0
_AS_WELL = 1.05  # of the misfit: what freedom alone gains
_FOR_A_CAMERA = 20  # photos of a group that its camera is found from
_FOCAL_RANGE = (0.4, 4.0)  # of the longer side: 103 to 14 degrees of view


class _Found(NamedTuple):
    """A pose, and how many pairs it rests on."""

    camera: pycolmap.Camera
    cam_from_world: pycolmap.Rigid3d
    inliers: int
    pairs: int
    places: np.ndarray  # (inliers, 2) features that agree with the pose
    points: np.ndarray  # (inliers, 3) and their points


def localize(
    points: str,
    database: str,
    photos: Sequence[Sequence],
    seed: int,
    camera: dict | None = None,
    usual: dict | None = None,
    *,
    progress: Callable[[int, int], None],
) -> list[dict]:
    """The pose of each photo.

    Args:
        points: `points.npz` of the map.
        database: with the photos' features.
        photos: (name, camera's word, focal length in pixels or None) each. Photos of one camera share its focal length
            and distortion, which are those of its best photos where nobody gives them.
        camera: `model` and `params` of all photos, where they are known.
        usual: `lens` and `size` of the camera that took the map's photos: a group of that size that it fits nearly as
            well as any other was taken by it.

    Returns:
        for each photo its `name`, `quaternion_wxyz` and `translation` (world to camera) or None, `inliers`, `pairs`,
        `reason` where there is no pose, and its camera: `lens` f, cx, cy, k and `size`.
    """
    known = PointMap.read(points)
    groups: dict[str, list] = {}
    for photo in photos:
        groups.setdefault(photo[1], []).append(photo)
    results, done = {}, 0
    with pycolmap.Database.open(database) as opened:
        for group in groups.values():
            features = {}
            for name, _, _ in group:
                image = opened.read_image_with_name(name)
                places = opened.read_keypoints(image.image_id)[:, :2].astype(np.float64)
                features[name] = places, opened.read_descriptors(image.image_id).data
                start = opened.read_camera(image.camera_id)
            if camera:
                start.model, start.params = getattr(pycolmap.CameraModelId, camera["model"]), camera["params"]
            found, matches = {}, {}
            for name, (places, descriptors) in features.items():
                matches[name] = direct_matches(descriptors, known)
                found[name] = _pose(places, *matches[name], known, start, seed, free=not camera)
                done += 1
                progress(done, 2 * len(photos))
            shared = start if camera else _shared(start, found, usual)
            for name, (places, descriptors) in features.items():
                again = _pose(places, *matches[name], known, shared, seed, free=False)
                results[name] = _refined(name, places, descriptors, known, shared, again)
                done += 1
                progress(done, 2 * len(photos))
    return [results[name] for name, _, _ in photos]


def _pose(
    places: np.ndarray,
    which: np.ndarray,
    point: np.ndarray,
    known: PointMap,
    camera: pycolmap.Camera,
    seed: int,
    free: bool,
) -> _Found | int:
    """A pose from matched pairs, or how many there were. `free`: focal length and distortion are looked for, too."""
    if len(which) < MIN_INLIERS:
        return len(which)
    camera = pycolmap.Camera(camera.todict())
    free_focal = free and not camera.has_prior_focal_length
    estimation = pycolmap.AbsolutePoseEstimationOptions(estimate_focal_length=free_focal)
    estimation.ransac.max_error = _MAX_ERROR_PX
    estimation.ransac.random_seed = seed
    refinement = pycolmap.AbsolutePoseRefinementOptions(refine_focal_length=free, refine_extra_params=free)
    got = pycolmap.estimate_and_refine_absolute_pose(places[which], known.xyz[point], camera, estimation, refinement)
    if got is None:
        return len(which)
    good = np.asarray(got["inlier_mask"]).ravel()
    seen, points = places[which][good], known.xyz[point][good]
    return _Found(camera, got["cam_from_world"], int(got["num_inliers"]), len(which), seen, points)


def _shared(start: pycolmap.Camera, found: dict[str, _Found | int], usual: dict | None) -> pycolmap.Camera:
    """The camera of a group: the one focal length and distortion that fit all its photos together best.

    A single photo of a wall tells little of either: farther away with a longer lens, it looks the same.
    """
    low, high = (share * max(start.width, start.height) for share in _FOCAL_RANGE)
    good = [one for one in found.values() if isinstance(one, _Found) and low < one.camera.params[0] < high]
    good = sorted((one for one in good if one.inliers >= MIN_INLIERS), key=lambda one: -one.inliers)[:_FOR_A_CAMERA]
    if not good:
        return start
    params = np.median([one.camera.params for one in good], axis=0)
    for index, step in ((0, 0.1 * params[0]), (-1, 0.05), (0, 0.02 * params[0]), (-1, 0.01), (0, 0.005 * params[0])):
        offsets = np.linspace(-step, step, 9)
        tries = np.tile(params, (len(offsets), 1))
        tries[:, index] += offsets
        params = tries[int(np.argmin([_misfit(start, one, good) for one in tries]))]
    same_size = usual is not None and usual["size"] == [start.width, start.height]
    if same_size and _misfit(start, usual["lens"], good) < _AS_WELL * _misfit(start, params, good):
        params = usual["lens"]
    return _with_params(start, params)


def _misfit(start: pycolmap.Camera, params: Sequence[float], photos: Sequence[_Found]) -> float:
    """Sum of the squared reprojection errors, bounded, with the pose of each photo that suits the camera best."""
    camera, total = _with_params(start, params), 0.0
    for one in photos:
        every = np.ones((len(one.places), 1), dtype=bool)
        got = pycolmap.refine_absolute_pose(one.cam_from_world, one.places, one.points, every, camera)
        pose = got["cam_from_world"] if got else one.cam_from_world
        off = camera.img_from_cam(one.points @ pose.rotation.matrix().T + pose.translation) - one.places
        total += float(np.minimum((off**2).sum(axis=1), _MAX_ERROR_PX**2).sum())
    return total


def _with_params(camera: pycolmap.Camera, params: Sequence[float]) -> pycolmap.Camera:
    changed = pycolmap.Camera(camera.todict())
    changed.params = [float(value) for value in params]
    return changed


def _refined(
    name: str,
    places: np.ndarray,
    descriptors: np.ndarray,
    known: PointMap,
    camera: pycolmap.Camera,
    found: _Found | int,
) -> dict:
    """The pose from all points that it says are in view."""
    about = {"name": name, "lens": list(camera.params), "size": [camera.width, camera.height]}
    pairs = found if isinstance(found, int) else found.pairs
    inliers = 0 if isinstance(found, int) else found.inliers
    if inliers < max(MIN_INLIERS, MIN_SHARE * pairs):
        reason = f"only {inliers} of {pairs} matched features agree on one pose ({MIN_INLIERS} are needed)"
        reason = _few(pairs, len(places)) if pairs < MIN_INLIERS else reason
        nothing = {"quaternion_wxyz": None, "translation": None}
        return {**about, **nothing, "inliers": inliers, "pairs": pairs, "reason": reason}
    pose = found.cam_from_world
    for _ in range(2):
        in_camera = known.xyz @ pose.rotation.matrix().T + pose.translation
        seen = np.full((len(in_camera), 2), np.nan)
        ahead = in_camera[:, 2] > 1e-6
        seen[ahead] = camera.img_from_cam(in_camera[ahead])
        which, point = matches_in_view(places, descriptors, seen, known, (camera.width, camera.height), _GUIDED_PX)
        if len(which) < inliers / 2:
            break
        got = pycolmap.refine_absolute_pose(
            pose, places[which], known.xyz[point], np.ones((len(which), 1), dtype=bool), camera
        )
        if got is None:
            break
        pose, inliers = got["cam_from_world"], max(inliers, len(which))
    x, y, z, w = pose.rotation.quat
    return {
        **about,
        "quaternion_wxyz": [w, x, y, z],
        "translation": list(pose.translation),
        "inliers": inliers,
        "pairs": pairs,
        "reason": "",
    }


def _few(pairs: int, features: int) -> str:
    if features < 2 * MIN_INLIERS:
        return f"it has only {features} features: it is blurred, dark or shows bare surfaces"
    return f"only {pairs} of its {features} features look like a point of the map ({MIN_INLIERS} are needed)"
