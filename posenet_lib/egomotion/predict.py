"""Depth of single photo files."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.egomotion.checkpoint import EgomotionCheckpoint
from posenet_lib.egomotion.losses.video import UNIT
from posenet_lib.egomotion.networks.depth import LARGEST_SHARE
from posenet_lib.scenes.depth_file import write_depth
from posenet_lib.scenes.photos import open_photo


def predict_photos(checkpoint: EgomotionCheckpoint, photos: Sequence[Path], out: Path) -> Iterator[str]:
    """Write `NAME.depth.png` (16-bit, millimetres) and `NAME.nearness.png` (white is near); says one line a photo.

    The camera's field of view is taken to be the training photos'. Without a stereo baseline the depths have no unit:
    the median of each is written as 1 m.

    Raises:
        WorkbookError: a photo cannot be read, or two have one name.
    """
    names = [photo.stem for photo in photos]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise WorkbookError(f"photos of one name would overwrite each other's depth: {', '.join(twice)}")
    network, config = checkpoint.build()["depth"], checkpoint.config
    for photo, name in zip(photos, names, strict=True):
        small = open_photo(photo).resize((config.width, config.height), Image.Resampling.BILINEAR)
        pixels = torch.from_numpy(np.array(small)).permute(2, 0, 1)[None].float() / 255.0
        with torch.no_grad():
            disparity = network(pixels)[0][0, 0].numpy()
        depth = checkpoint.width_per_depth * (checkpoint.baseline_m or UNIT) / np.maximum(disparity, 1e-4)
        if not checkpoint.baseline_m:
            depth = depth / np.median(depth)
        write_depth(out / f"{name}.depth.png", depth)
        with replacing(out / f"{name}.nearness.png") as temporary:
            shade = np.rint(255 * disparity / max(float(disparity.max()), 1e-3 * LARGEST_SHARE)).astype(np.uint8)
            Image.fromarray(shade).save(temporary, "PNG")
        unit = f"median {np.median(depth):.1f} m" if checkpoint.baseline_m else "up to scale"
        yield f"{photo}: {out / name}.depth.png, {unit}"
