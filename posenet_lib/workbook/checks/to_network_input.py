"""Checks of the practice `to_network_input`: values, sign, corners, shape and number format."""

import contextlib
from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from posenet_lib.data.transforms import CROP, Corner, centre_corner
from posenet_lib.workbook.checks.known_layers import compare_values, require_tensor
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[[Tensor, Tensor, Corner], Tensor]
_GENERIC = "The shape is right, the values are not. Work out one pixel on paper: subtract, divide, shift."
_MEAN_WHOLE = "The mean image is not cropped. Crop it at the same corner as the photo (or subtract it before you crop)."
_PHOTO_WHOLE = "The photo is not cropped. Crop it at `corner`, as the mean image."
_SHAPES = {
    (CROP, CROP, 3): "The channels come last. PyTorch wants them first: `permute` or `movedim`.",
    (1, 3, CROP, CROP): "The result has an axis for a batch. One photo gives three axes: [3, 224, 224].",
}


def _photo(height: int, width: int, low: int = 0, high: int = 256) -> tuple[Tensor, Tensor]:
    """A photo of noise, and a mean image."""
    generator = torch.Generator().manual_seed(height)
    photo = torch.randint(low, high, (height, width, 3), generator=generator, dtype=torch.uint8)
    return photo, torch.rand(height, width, 3, generator=generator) * 255


def _cut(image: Tensor, corner: Corner) -> Tensor:
    return image[corner.top : corner.top + CROP, corner.left : corner.left + CROP]


def _normalised(difference: Tensor) -> Tensor:
    return difference / 127.5 - 1


def _mistakes(photo: Tensor, mean: Tensor, corner: Corner) -> Iterator[tuple[str, Tensor]]:
    """What typical mistakes give."""
    height, width = photo.shape[:2]
    a, m = _cut(photo, corner).float(), _cut(mean, corner)
    right = _normalised(a - m).permute(2, 0, 1)
    wrapped = _cut(photo, corner) - m.to(torch.uint8)
    middle = centre_corner(height, width)
    other = Corner(corner.left, corner.top)
    differences = {
        "The difference is unsigned: below zero it starts again at 255. Convert the photo to float first.": wrapped,
        "Differences below zero became 0. Keep the sign.": (a - m).clamp(min=0),
        "The sign of the difference is lost. Keep it: darker than the mean is negative.": (a - m).abs(),
        "It is the mean image minus the photo. Subtract the mean image from the photo.": m - a,
        "The mean image is not subtracted.": a,
        "The mean image is always cropped in its middle. It is cropped where the photo is.": a - _cut(mean, middle),
        "The mean image is always cropped at its first pixel. It is cropped where the photo is.": a
        - mean[:CROP, :CROP],
        "The crop is always the middle one. Use `corner`.": _cut(photo, middle).float() - _cut(mean, middle),
        "The crop always begins at the first pixel. Use `corner`.": photo[:CROP, :CROP].float() - mean[:CROP, :CROP],
        "One mean colour is subtracted. The mean image has a value for each pixel.": a - mean.mean(dim=(0, 1)),
        "The photo is divided by 255 and the mean image is not. Both are in 0..255.": 255 * (a / 255 - m),
    }
    for text, difference in differences.items():
        yield text, _normalised(difference.float()).permute(2, 0, 1)
    if other.top <= height - CROP and other.left <= width - CROP:
        swapped = _normalised(_cut(photo, other).float() - _cut(mean, other))
        yield "top and left are exchanged: rows come first.", swapped.permute(2, 0, 1)
    yield "The values are not divided by 255.", ((a - m - 0.5) / 0.5).permute(2, 0, 1)
    yield "The normalising is missing: (v / 255 - 0.5) / 0.5.", (a - m).permute(2, 0, 1)
    yield "The values are only divided by 255. Then comes (... - 0.5) / 0.5.", ((a - m) / 255).permute(2, 0, 1)
    yield "0.5 is not subtracted before the division by 0.5.", ((a - m) / 255 / 0.5).permute(2, 0, 1)
    yield "After 0.5 is subtracted, divide by 0.5.", ((a - m) / 255 - 0.5).permute(2, 0, 1)
    yield "Rows and columns are exchanged: `permute(2, 0, 1)` keeps their order.", right.transpose(1, 2)
    reshaped = _normalised(a - m).reshape(3, CROP, CROP)
    yield "`reshape` does not move the channels, it mixes the pixels. Use `permute` or `movedim`.", reshaped
    yield "The channels are in the order blue, green, red.", right.flip(0)
    yield "The picture is upside down.", right.flip(1)


def _compare(answer: Answer, height: int, width: int, corner: Corner, low: int = 0, high: int = 256) -> None:
    photo, mean = _photo(height, width, low, high)
    got = require_tensor(answer(photo.clone(), mean.clone(), corner), "The result", (3, CROP, CROP), _SHAPES)
    wanted = _normalised(_cut(photo, corner).float() - _cut(mean, corner)).permute(2, 0, 1)
    compare_values(got, wanted, lambda: _mistakes(photo, mean, corner), _GENERIC)


def _sizes(answer: Answer) -> None:
    for height, width, both in ((224, 224, 0), (256, 341, 10), (313, 231, 7)):
        got = answer(*_photo(height, width), Corner(both, both))
        require_tensor(got, "The result", (3, CROP, CROP), _SHAPES)


def _explain(answer: Answer, error: BaseException) -> str:
    """Which of the two images is not cropped: the error is gone once that one is cropped beforehand."""
    photo, mean, corner = *_photo(256, 341), Corner(11, 23)

    def works(photo: Tensor, mean: Tensor) -> bool:
        with contextlib.suppress(Exception):
            return torch.as_tensor(answer(photo.clone(), mean.clone(), corner)).numel() == 3 * CROP**2
        return False

    crops = {_MEAN_WHOLE: (photo, _cut(mean, corner)), _PHOTO_WHOLE: (_cut(photo, corner), mean)}
    texts = [text for text, given in crops.items() if works(*given)]
    return texts[0] if len(texts) == 1 and not works(photo, mean) else ""


def _inside(answer: Answer) -> None:
    _compare(answer, 256, 341, Corner(11, 23))


def _signed(answer: Answer) -> None:
    _compare(answer, 240, 250, Corner(5, 9), 0, 60)


def _corners(answer: Answer) -> None:
    for height, width in ((255, 343), (301, 227)):
        _compare(answer, height, width, Corner(0, 0))
        _compare(answer, height, width, Corner(height - CROP, width - CROP))


def _dtype(answer: Answer) -> None:
    got = answer(*_photo(230, 240), Corner(1, 2))
    if got.dtype != torch.float32:
        raise Wrong(f"The result is {got.dtype}; the network wants torch.float32.")


def _unchanged(answer: Answer) -> None:
    photo, mean = _photo(230, 240)
    before = photo.clone(), mean.clone()
    answer(photo, mean, Corner(1, 2))
    for name, old, new in zip(("photo", "mean image"), before, (photo, mean), strict=True):
        if not torch.equal(old, new):
            raise Wrong(f"Your code changed the {name} that it was given. Make new tensors: `a = a - b`, not `a -= b`.")


_SUB_CHECKS = (
    SubCheck(
        "shape for photos of several sizes",
        _sizes,
        "photo and mean image are [H, W, 3], corner has top and left.",
    ),
    SubCheck("values of a crop inside", _inside),
    SubCheck("values of a photo darker than the mean", _signed),
    SubCheck("values at the first and the last corner", _corners),
    SubCheck("the result is float32", _dtype),
    SubCheck("photo and mean image stay as they were", _unchanged),
)
SUB_CHECKS = tuple(sub_check._replace(explain=_explain) for sub_check in _SUB_CHECKS)
