"""A real network for notebook 00: a trunk that learned other courts, with a head that is fitted and not trained.

The trunk comes with the workbook (`--pretrained courts`) and stays as it is. What it says about each training photo is
computed once and kept; from there to the poses, the head is least squares. So a student can ask a network about photos
in the first minutes of the workbook, long before one is trained.

What the head reads was chosen on held-out training walks (two of twelve at a time, median errors): the whole photo, all
three kinds of features, means over its quarters (1.05 m, 5.0 degrees). The deepest kind alone came to 1.29 m and 6.3
degrees, and that of the centre crop, as PoseNet has it, to 1.70 m and 8.6 degrees.
"""

import hashlib
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

from posenet_lib.core.files import replacing
from posenet_lib.core.progress import progress_bar
from posenet_lib.core.workspace import cache_dir
from posenet_lib.data.transforms import normalise, subtract_mean
from posenet_lib.evaluation.baselines import nearest_photos
from posenet_lib.evaluation.errors import PoseErrors, pose_errors, summarise
from posenet_lib.fast import for_prediction
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.models.posenet import PoseNet
from posenet_lib.plots.stage import Picture
from posenet_lib.scenes.photo_store import ImageStore
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.resizing import resize_smaller_side
from posenet_lib.scenes.scene import Scene
from posenet_lib.training.closed_form import LinearHead, fit_head
from posenet_lib.weights.formats import BATCH_NORM
from posenet_lib.weights.pretrained import COURTS, load_pretrained, pretrained_file
from posenet_lib.workbook.first_look import FirstLook
from posenet_lib.workbook.pictures import PhotoBesideView

_FORMAT = 1  # of the file of features; another number makes old ones worthless
_BATCH = 16  # photos
_GRID = 2  # each kind of features is a mean over each quarter of the photo

# What can be done to a photo before the network sees it: (H, W, 3) uint8 -> the same.
CHANGES: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "as it is": lambda photo: photo,
    "half as bright": lambda photo: photo // 2,
    "left half covered": lambda photo: _covered(photo, slice(None, photo.shape[1] // 2)),
    "right half covered": lambda photo: _covered(photo, slice(photo.shape[1] // 2, None)),
    "mirrored": lambda photo: np.ascontiguousarray(photo[:, ::-1]),
}


@dataclass(frozen=True, eq=False)
class LiveNetwork:
    """A network that can be asked about photos of the practice court, and how good it is beside others."""

    scene: Scene
    trunk: nn.Module
    mean_image: Tensor  # [H, W, 3] of the training photos, 0..255
    head: LinearHead
    predicted: PoseArray  # of the test photos
    errors: dict[str, PoseErrors]  # by what answered them
    told: str  # how long it took

    def ask(self, photo: Image.Image) -> PoseArray:
        """The pose of one photo, computed now."""
        pixels = np.array(resize_smaller_side(photo, min(self.mean_image.shape[:2])))[None]
        return self.head(_features(self.trunk, pixels, self.mean_image))

    def __str__(self) -> str:
        width = max(map(len, self.errors)) + 1
        lines = [f"{name + ':':{width}} {summarise(errors)}" for name, errors in self.errors.items()]
        return "\n".join([self.told, *lines])


def live_network(look: FirstLook) -> LiveNetwork:
    """Fit a head for the first look's scene to what the shipped trunk says about its training photos.

    Raises:
        WorkbookError: the trunk or a photo is missing.
    """
    scene, began = look.scene, time.perf_counter()
    stores = scene.train.open_store(), scene.test.open_store()
    model = PoseNet(trunk=BATCH_NORM)
    load_pretrained(model, COURTS)
    trunk = for_prediction(model.trunk)
    mean_image = torch.from_numpy(stores[0].pixels.mean(axis=0, dtype=np.float32))
    train, test = _stored_features(trunk, stores, mean_image)
    computed = time.perf_counter()
    head = fit_head(train, scene.train.poses, scene.train.sequences).head
    fitted = time.perf_counter()
    predicted = head(test)
    alike, known = nearest_photos(*stores), scene.train.poses
    copied = known.take(alike)
    errors = {
        "a trunk of other courts, a fitted head": pose_errors(predicted, scene.test.poses),
        "the trained network, as recorded": look.errors,
        "pose of the most similar photo": pose_errors(copied, scene.test.poses),
    }
    told = f"the trunk's features of {sum(map(len, stores))} photos: {computed - began:.1f} s; the head: "
    return LiveNetwork(scene, trunk, mean_image, head, predicted, errors, f"{told}{fitted - computed:.1f} s")


class PhotoAsked:
    """Test photos, each beside the view from the pose that a network answers now: called, it returns the picture."""

    def __init__(self, network: LiveNetwork):
        self._network = network
        own = next(iter(network.errors.values()))
        self._view = PhotoBesideView(network.scene, network.predicted, own)

    def __call__(self, index: int, change: str = "as it is") -> Picture:
        """Ask about test photo number `index`, after one of `CHANGES`."""
        return self._view.answered(index, self.pose(index, change), self._photo(index, change))

    def pose(self, index: int, change: str = "as it is") -> PoseArray:
        """The answer alone."""
        return self._network.ask(Image.fromarray(self._photo(index, change)))

    def _photo(self, index: int, change: str) -> np.ndarray:
        return CHANGES[change](np.asarray(open_photo(self._network.scene.test.records[index].image_path)))


def _covered(photo: np.ndarray, columns: slice) -> np.ndarray:
    photo = photo.copy()
    photo[:, columns] = 128
    return photo


@torch.inference_mode()
def _features(trunk: nn.Module, photos: np.ndarray, mean_image: Tensor) -> np.ndarray:
    """(B, H, W, 3) uint8 -> (B, F): the whole photos at half their size, which is how large the trunk knows things."""
    images = normalise(subtract_mean(torch.from_numpy(photos), mean_image))
    half = images.shape[-2] // 2, images.shape[-1] // 2
    images = nn.functional.interpolate(images, size=half, mode="bilinear", antialias=True)
    kinds = trunk(images.contiguous(memory_format=torch.channels_last))
    pooled = [nn.functional.adaptive_avg_pool2d(kind, _GRID).flatten(1) for kind in kinds]
    return torch.cat(pooled, dim=1).numpy()


def _stored_features(
    trunk: nn.Module, stores: tuple[ImageStore, ImageStore], mean_image: Tensor
) -> tuple[np.ndarray, np.ndarray]:
    """Features of training and test photos: from the cache, or computed and put there."""
    path, key = cache_dir() / "live_network" / "features.npz", _key(stores)
    try:
        with np.load(path) as file:
            if str(file["key"]) == key:
                return file["train"], file["test"]
    except (OSError, EOFError, KeyError, ValueError, zipfile.BadZipFile):
        pass  # none yet, or a broken one
    bar = progress_bar(desc="Features, once", total=sum(map(len, stores)), unit="photo", leave=False)
    with bar:
        train, test = (_all_features(trunk, store, mean_image, bar.update) for store in stores)
    try:
        with replacing(path) as temporary, temporary.open("wb") as file:
            np.savez(file, key=key, train=train, test=test)
    except OSError:
        pass  # a cache that cannot be written costs time only
    return train, test


def _all_features(
    trunk: nn.Module, store: ImageStore, mean_image: Tensor, progress: Callable[[int], object]
) -> np.ndarray:
    parts = []
    for start in range(0, len(store), _BATCH):
        photos = np.stack([store[index] for index in range(start, min(start + _BATCH, len(store)))])
        parts.append(_features(trunk, photos, mean_image))
        progress(len(photos))
    return np.concatenate(parts)


def _key(stores: tuple[ImageStore, ImageStore]) -> str:
    """Changes with the weights and with the photos: the stores' file names do."""
    weights = pretrained_file(COURTS, BATCH_NORM).read_bytes()
    files = [Path(store.pixels.filename).name for store in stores]
    return hashlib.sha256(repr([_FORMAT, files]).encode() + weights).hexdigest()
