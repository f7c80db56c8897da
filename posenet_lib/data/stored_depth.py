"""Depths of a scene's training photos, computed once and kept beside their store."""

import contextlib
import hashlib
import os
from pathlib import Path

import numpy as np

from posenet_lib.core.files import replacing
from posenet_lib.data.depth_from_neighbours import depth_from_neighbours
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.photo_store import ImageStore, place_beside_photos

_FORMAT = 2  # raise it when the same photos would get other depths


def stored_depth(store: ImageStore, poses: PoseArray, focal_px: float, *, show_progress: bool = True) -> np.ndarray:
    """As `depth_from_neighbours`, (N, h, w); with other poses or another camera, made anew."""
    photos = Path(store.pixels.filename)
    known = np.concatenate([np.ravel(poses.position_m), np.ravel(poses.quaternion_wxyz), [focal_px, _FORMAT]])
    key = hashlib.sha256(known.tobytes() + store.rows.tobytes()).hexdigest()[:12]
    path = photos.with_name(f"{photos.stem}-depth-{key}.npy")  # goes when the photos' store is superseded
    if not path.is_file() and not os.access(photos.parent, os.W_OK):  # another user's
        path = place_beside_photos(photos.parent.parent, path.name)
    with contextlib.suppress(OSError, ValueError, EOFError):  # there is none, or it was cut off: it is only a copy
        known_m = np.load(path)
        if known_m.ndim == 3 and len(known_m) == len(store):
            return known_m
    depth_m = depth_from_neighbours(store, poses, focal_px, show_progress=show_progress)
    for other in path.parent.glob(f"{photos.stem}-depth-*.npy"):
        with contextlib.suppress(OSError):  # Windows: another process reads it
            other.unlink()
    # A full disk: then they are computed again next time.
    with contextlib.suppress(OSError), replacing(path) as temporary, temporary.open("wb") as file:
        np.save(file, depth_m)
    return depth_m
