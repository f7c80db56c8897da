"""Photos of a scene in the order in which they were taken, small, all in memory; with depth where it is known."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.camera import Camera, scene_camera
from posenet_lib.egomotion.motion import source_from_target
from posenet_lib.egomotion.warp import resized_camera
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.depth_file import read_depth
from posenet_lib.scenes.photo_names import place_of
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.scene import Scene, Split


@dataclass(frozen=True)
class Frames:
    """N photos of several walks, walk by walk in the order of time."""

    names: list[str]
    photos: Tensor  # [N, 3, H, W] uint8
    camera: Camera  # of photos of this size
    poses: PoseArray
    walk: np.ndarray  # (N,) which walk a photo belongs to: 0, 1, ...
    folder: Path  # the scene's

    def __len__(self) -> int:
        return len(self.names)

    def number(self, name: str) -> int:
        """Which photo has this name: `walk01/frame00001.png`.

        Raises:
            WorkbookError: none has it.
        """
        if name not in self.names:
            raise WorkbookError(f"no photo {name!r} among {len(self)} photos, {self.names[0]} to {self.names[-1]}")
        return self.names.index(name)

    def floats(self, which: Tensor | np.ndarray | list[int]) -> Tensor:
        """Photos [B, 3, H, W] as numbers from 0 to 1."""
        return self.photos[torch.as_tensor(which)].float() / 255.0

    def neighbours(self, step: int) -> np.ndarray:
        """(M, 3) photo numbers: the target, the photo `step` before and the one `step` after, all of one walk."""
        middle = np.arange(step, len(self) - step)
        inside = (self.walk[middle - step] == self.walk[middle]) & (self.walk[middle + step] == self.walk[middle])
        return np.stack([middle, middle - step, middle + step], axis=1)[inside]

    def followers(self, step: int) -> np.ndarray:
        """(M, 2) photo numbers: a photo and the one `step` after it, of one walk."""
        first = np.arange(len(self) - step)
        return np.stack([first, first + step], axis=1)[self.walk[first] == self.walk[first + step]]

    @property
    def held_out(self) -> np.ndarray:
        """(N,) bool: the photos of the last walk of several, which no network learns from."""
        return (self.walk == self.walk.max()) & (self.walk.max() > 0)

    def motion(self, target: np.ndarray, source: np.ndarray) -> Tensor:
        """True motions `source_from_target`, [B, 4, 4]."""
        return torch.from_numpy(source_from_target(self.poses, target, source)).float()

    def world_up(self, index: int) -> Tensor:
        """[3], the world's third axis as a camera sees it: its dot product with a point says how high that lies."""
        return torch.from_numpy(quaternion.to_matrix(self.poses.quaternion_wxyz[index])[:, 2]).float()

    def beside(self, kind: str, suffix: str = ".png") -> list[Path]:
        """For each photo, where a file that belongs to it would be: `walk01.depth/frame00001.png` for "depth"."""
        places = []
        for name in self.names:
            walk, _, file = name.rpartition("/")
            places.append(self.folder / f"{walk}.{kind}" / (file.rpartition(".")[0] + suffix))
        return places

    def having(self, *kinds: str) -> np.ndarray:
        """Numbers of the photos that have all of these files beside them ("depth", "right")."""
        lists = [self.beside(kind) for kind in kinds]
        return np.array([k for k in range(len(self)) if all(one[k].is_file() for one in lists)], dtype=np.int64)

    def only(self, which: np.ndarray) -> "Frames":
        """Some of the photos; they are neighbours no longer."""
        poses = self.poses.take(which)
        names = [self.names[k] for k in which]
        return Frames(names, self.photos[torch.as_tensor(which)], self.camera, poses, self.walk[which], self.folder)


def read_frames(
    scene: Scene, split: Split, width: int, height: int, progress: Callable[[int, int], None] | None = None
) -> Frames:
    """Read and shrink a split's photos, which the list may name in any order.

    Raises:
        WorkbookError: a photo cannot be read, or the photos have no camera matrix.
    """
    order = sorted(range(len(split)), key=lambda k: (split.sequences[k], place_of(split.records[k].name)[1]))
    records = [split.records[k] for k in order]
    photos = torch.empty(len(records), 3, height, width, dtype=torch.uint8)
    for number, record in enumerate(records):
        photos[number] = torch.from_numpy(_shrunk(open_photo(record.image_path), width, height)).permute(2, 0, 1)
        if progress is not None:
            progress(number + 1, len(records))
    poses = split.poses.take(order)
    walk = _walks([place_of(record.name) for record in records])
    names = [record.name for record in records]
    return Frames(names, photos, resized_camera(scene_camera(scene), width, height), poses, walk, split.folder)


def read_beside(frames: Frames, which: np.ndarray, kind: str) -> Tensor:
    """Photos that stand beside photos, as "right" ones do: [B, 3, H, W] uint8."""
    height, width = frames.photos.shape[2:]
    paths = frames.beside(kind)
    photos = [_shrunk(open_photo(paths[k]), width, height) for k in which]
    return torch.from_numpy(np.stack(photos)).permute(0, 3, 1, 2).contiguous()


def read_depths(frames: Frames, which: np.ndarray) -> Tensor:
    """True depths [B, 1, H, W] in metres, inf for sky: of the pixel nearest to each centre, so that none is a mean."""
    height, width = frames.photos.shape[2:]
    paths, depths = frames.beside("depth"), []
    for k in which:
        depth = read_depth(paths[k])
        rows = ((np.arange(height) + 0.5) * depth.shape[0] / height).astype(int)
        columns = ((np.arange(width) + 0.5) * depth.shape[1] / width).astype(int)
        depths.append(depth[rows][:, columns])
    if not depths:
        raise WorkbookError(f"{frames.folder}: no depth beside the photos (WALK.depth/FRAME.png)")
    return torch.from_numpy(np.stack(depths))[:, None]


def read_baseline_m(frames: Frames) -> float:
    """From the left camera to the right one.

    Raises:
        WorkbookError: the scene's `baseline.txt` is missing or holds no positive number.
    """
    path = frames.folder / "baseline.txt"
    try:
        metres = float(path.read_text(encoding="utf-8"))
        if not 0 < metres < np.inf:
            raise ValueError
    except (OSError, ValueError):
        raise WorkbookError(f"{path}: one positive number is needed, metres between the two cameras") from None
    return metres


def _walks(places: list[tuple[str, int]]) -> np.ndarray:
    """(N,) 0, 1, ... for photos (folder, number) in order: another walk begins with a folder, and after a gap.

    A gap is a step of more than twice the folder's usual one: a list may hold blocks of a sequence.
    """
    walk, steps = np.zeros(len(places), dtype=np.int64), {}
    for (folder, number), (following, next_number) in pairwise(places):
        if folder == following:
            steps.setdefault(folder, []).append(next_number - number)
    usual = {folder: float(np.median(some)) for folder, some in steps.items()}
    for k, ((folder, number), (following, next_number)) in enumerate(pairwise(places), 1):
        walk[k] = walk[k - 1] + (folder != following or next_number - number > 2 * usual[folder])
    return walk


def _shrunk(photo: Image.Image, width: int, height: int) -> np.ndarray:
    return np.array(
        photo.resize((width, height), Image.Resampling.BILINEAR) if photo.size != (width, height) else photo
    )
