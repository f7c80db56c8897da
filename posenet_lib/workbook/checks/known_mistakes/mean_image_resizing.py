"""Other ways for a photo to get its size, each wrong on purpose; told apart on photos that have to be resized."""

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from PIL import Image

from posenet_lib.scenes.resizing import resize_smaller_side, resized_size
from posenet_lib.workbook.checks.known_mistakes.mistake import Fit, simplest

_ROUNDING = 0.6  # Pillow rounds its result to whole numbers, other resizers do not
_ADVICE = "Use bilinear, as `resize_smaller_side` does."
_NEAREST = f"The photo was resized with nearest-neighbour. {_ADVICE}"
_OTHER = f"The photo was resized with another filter than bilinear. {_ADVICE}"
_SKIPPED = (
    "The photo was made smaller without antialiasing, as `interpolate` and OpenCV do: pixels are skipped. Use "
    "`resize_smaller_side`, or ask for antialiasing."
)
_CROPPED = "The photo was cropped, not resized. The mean image shows the whole photo."
_SQUARE = "The photo was resized to a square first, then stretched. Resize once, to the final size."
_BORDER = "The photo has an empty border. Keep its aspect: only its smaller side becomes smaller_side, without padding."
_Size = tuple[int, int]  # width, height


def resizing_probes() -> list[tuple[Image.Image, int]]:
    """Photos to be resized, with their smaller_side: two become smaller, one larger."""
    return [(_photo(131, 77), 40), (_photo(61, 94), 33), (_photo(20, 15), 24)]


def _photo(width: int, height: int) -> Image.Image:
    """Blocks with noise: smooth enough to look like a photo, rough enough to tell the filters apart."""
    rng = np.random.default_rng(5)
    blocks = rng.integers(30, 200, (-(-height // 8), -(-width // 8), 3), dtype=np.uint8)
    rough = blocks.repeat(8, axis=0).repeat(8, axis=1)[:height, :width]
    return Image.fromarray(rough + rng.integers(0, 50, (height, width, 3), dtype=np.uint8))


def resized_rightly() -> list[np.ndarray]:
    """What the probes should become."""
    return [np.asarray(resize_smaller_side(*probe), dtype=np.float64) for probe in resizing_probes()]


def resize_cause(image_of: Callable[[Image.Image, int], np.ndarray]) -> str | None:
    """The one mistake that reproduces the images of single photos; None if there is none, or if two do."""
    images = [np.asarray(image_of(*probe), dtype=np.float64) for probe in resizing_probes()]
    if any(image.shape != right.shape for image, right in zip(images, resized_rightly(), strict=True)):
        return None
    return _BORDER if all(_has_border(image) for image in images) else simplest(_fits(images))


def _fits(images: Sequence[np.ndarray]) -> Iterator[Fit]:
    probes = [(photo, resized_size(photo.size, side)) for photo, side in resizing_probes()]
    for text, resized in WAYS:
        made = [np.asarray(resized(photo, size), dtype=np.float64) for photo, size in probes]
        if all(np.abs(image - other).max() <= _ROUNDING for image, other in zip(images, made, strict=True)):
            yield Fit(text, 1)


def _has_border(image: np.ndarray) -> bool:
    rows = np.ptp(image[0]) == 0 and np.ptp(image[-1]) == 0
    columns = np.ptp(image[:, 0]) == 0 and np.ptp(image[:, -1]) == 0
    return bool((rows or columns) and np.ptp(image) > 0)


def _filtered(kind: Image.Resampling) -> Callable[[Image.Image, _Size], Image.Image]:
    return lambda photo, size: photo.resize(size, kind)


def _strided(photo: Image.Image, size: _Size) -> np.ndarray:
    pixels = np.asarray(photo)
    rows, columns = (np.arange(new) * old // new for new, old in zip(size[::-1], pixels.shape, strict=False))
    return pixels[rows][:, columns]


def _cropped(horizontal: float, vertical: float) -> Callable[[Image.Image, _Size], Image.Image]:
    def crop(photo: Image.Image, size: _Size) -> Image.Image:
        left = math.floor(horizontal * (photo.width - size[0]))
        top = math.floor(vertical * (photo.height - size[1]))
        return photo.crop((left, top, left + size[0], top + size[1]))

    return crop


def _through_square(photo: Image.Image, size: _Size) -> Image.Image:
    square = photo.resize((min(size), min(size)), Image.Resampling.BILINEAR)
    return square.resize(size, Image.Resampling.BILINEAR)


def _zoomed(share: float) -> Callable[[Image.Image, _Size], Image.Image]:
    """Cuts this share off at each side, then resizes."""

    def zoom(photo: Image.Image, size: _Size) -> Image.Image:
        left, top = int(share * photo.width), int(share * photo.height)
        inner = photo.crop((left, top, photo.width - left, photo.height - top))
        return inner.resize(size, Image.Resampling.BILINEAR)

    return zoom


def _by_half(photo: Image.Image, size: _Size) -> Image.Image:
    half = photo.resize((max(size[0] // 2, 1), max(size[1] // 2, 1)), Image.Resampling.BILINEAR)
    return half.resize(size, Image.Resampling.BILINEAR)


def _corners_aligned(photo: Image.Image, size: _Size) -> np.ndarray:
    """As `interpolate(..., align_corners=True)`; (H, W, 3)."""
    return _without_antialiasing(photo, size, lambda new, old: np.arange(new) * (old - 1) / max(new - 1, 1))


def _centres(new: int, old: int) -> np.ndarray:
    return ((np.arange(new) + 0.5) * old / new - 0.5).clip(0, old - 1)


def _without_antialiasing(
    photo: Image.Image, size: _Size, places: Callable[[int, int], np.ndarray] = _centres
) -> np.ndarray:
    """Bilinear between the nearest pixels only, however far apart the new ones are; (H, W, 3)."""
    pixels = np.asarray(photo, dtype=np.float64)
    for axis, new in enumerate(size[::-1]):
        old = pixels.shape[axis]
        place = places(new, old)
        before = place.astype(int)
        share = np.expand_dims(place - before, (1, 2) if axis == 0 else (0, 2))
        after = np.minimum(before + 1, old - 1)
        pixels = (1 - share) * pixels.take(before, axis) + share * pixels.take(after, axis)
    return pixels


_KINDS = Image.Resampling
WAYS: tuple[tuple[str, Callable[[Image.Image, _Size], Image.Image | np.ndarray]], ...] = (
    (_NEAREST, _filtered(_KINDS.NEAREST)),
    (_NEAREST, _strided),
    (f"The photo was resized with bicubic, which is Pillow's default. {_ADVICE}", _filtered(_KINDS.BICUBIC)),
    *((_OTHER, _filtered(kind)) for kind in (_KINDS.LANCZOS, _KINDS.BOX, _KINDS.HAMMING)),
    (_SKIPPED, _without_antialiasing),
    (_SKIPPED, _corners_aligned),
    *((_CROPPED, _cropped(x, y)) for x in (0, 0.5, 1) for y in (0, 0.5, 1)),
    *((_CROPPED, _zoomed(share)) for share in (1 / 16, 0.05, 0.1, 1 / 8, 0.2, 0.25)),
    ("The photo was resized more than once, which blurs it. Resize once, to the final size.", _by_half),
    (_SQUARE, _through_square),
)
