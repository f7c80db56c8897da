"""Checks of `photometric_error`: photos of one colour, stripes and single pixels, whose SSIM one works out on paper."""

from collections.abc import Callable

import torch
from torch import Tensor

from posenet_lib.workbook.checks.maps_results import compare_maps, require_map
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[[Tensor, Tensor], Tensor]
_C1, _C2 = 0.01**2, 0.03**2
_NO_MEANS = (
    "Variance is mean(x^2) - mean(x)^2, covariance mean(x y) - mean(x) mean(y): the products of means are missing."
)


def _call(answer: Answer, first: Tensor, second: Tensor) -> Tensor:
    with torch.enable_grad():
        got = answer(first.clone(), second.clone())
    return require_map(got, (len(first), 1, *first.shape[2:]), "pixel of each photo").detach()


def _flat(value: float, channels: int = 3) -> Tensor:
    return torch.full((1, channels, 6, 8), value)


def _inside(values: Tensor) -> Tensor:
    """Without the border, which a check of its own looks at."""
    return values[:, :, 1:-1, 1:-1]


def _luminance(a: float, b: float) -> float:
    """SSIM of two photos of one colour: their variances are 0, so only the means are left."""
    return (2 * a * b + _C1) / (a * a + b * b + _C1)


def _combined(ssim: Tensor | float, difference: Tensor | float) -> Tensor:
    return torch.as_tensor(0.85 * (1 - torch.as_tensor(ssim)) / 2 + 0.15 * torch.as_tensor(difference)).float()


def _mixing_mistakes(ssim: Tensor, difference: Tensor) -> dict[str, Tensor]:
    """What usual mistakes make of the right SSIM and the right difference."""
    return {
        "SSIM is 1 where photos are the same; an error is 0 there. Use (1 - SSIM) / 2.": 0.85 * ssim
        + 0.15 * difference,
        "The 2 is missing: (1 - SSIM) / 2, which lies in 0..1 as the difference does.": 0.85 * (1 - ssim).clamp(0, 1)
        + 0.15 * difference,
        "You clamp before you halve: the order is (1 - SSIM) / 2, then clamp.": 0.85 * (1 - ssim).clamp(0, 1) / 2
        + 0.15 * difference,
        "The weights are exchanged: 0.85 belongs to SSIM, 0.15 to the difference.": 0.15 * (1 - ssim) / 2
        + 0.85 * difference,
        "The difference is missing: add 0.15 |first - second|.": 0.85 * (1 - ssim) / 2,
        "The SSIM part is missing.": 0.15 * difference,
        "The difference is squared; the formula has its absolute value.": 0.85 * (1 - ssim) / 2 + 0.15 * difference**2,
        "The channels are added up; take their mean.": 3 * (0.85 * (1 - ssim) / 2 + 0.15 * difference),
        "The two parts have no weights: 0.85 and 0.15.": (1 - ssim) / 2 + difference,
    }


def _shape(answer: Answer) -> None:
    _call(answer, torch.rand(2, 3, 6, 8), torch.rand(2, 3, 6, 8))


def _same(answer: Answer) -> None:
    photo = torch.rand(2, 3, 6, 8, generator=torch.Generator().manual_seed(3))
    got = _call(answer, photo, photo)
    if got.abs().max() > 1e-4:
        cause = "A photo against itself must have error 0 everywhere."
        if (got - 0.85).abs().max() < 1e-3:
            cause = "A photo against itself has SSIM 1: the error is (1 - SSIM) / 2, so 0."
        raise Wrong(cause, f"Yours reaches {float(got.abs().max()):.4f}.")


def _colours(answer: Answer) -> None:
    for a, b in ((0.2, 0.8), (0.5, 0.4), (0.0, 1.0)):
        ssim, difference = torch.tensor(_luminance(a, b)), torch.tensor(abs(a - b))
        mistakes = _mixing_mistakes(ssim, difference)
        c1 = (0.01 * 255) ** 2
        wrong = (2 * a * b + c1) / (a * a + b * b + c1)
        mistakes["C1 and C2 are those of photos in 0..255; these are in 0..1: 0.01^2 and 0.03^2."] = _combined(
            wrong, abs(a - b)
        )
        c1 = 0.01
        wrong = (2 * a * b + c1) / (a * a + b * b + c1)
        mistakes["C1 is 0.01 squared, and C2 0.03 squared."] = _combined(wrong, abs(a - b))
        squares = (2 * a * b + _C1) * (2 * a * b + _C2) / ((a * a + b * b + _C1) * (a * a + b * b + _C2))
        mistakes[_NO_MEANS] = _combined(squares, abs(a - b))
        detail = f"Photos of one colour, {a:g} and {b:g}."
        compare_maps(_inside(_call(answer, _flat(a), _flat(b))), _combined(ssim, difference), mistakes, detail, 1e-4)


def _stripes(answer: Answer) -> None:
    """Columns 0.3, 0.5, 0.7, 0.3, ...: each 3x3 window holds each value three times."""
    columns = torch.tensor([0.3, 0.5, 0.7, 0.3, 0.5, 0.7, 0.3, 0.5, 0.7])
    first = columns.expand(1, 3, 6, 9).contiguous()
    second = 1.0 - first
    variance = (0.2**2 + 0 + 0.2**2) / 3
    difference = _inside((first - second).abs().mean(dim=1, keepdim=True))
    contrast = (-2 * variance + _C2) / (2 * variance + _C2)
    mistakes = _mixing_mistakes(torch.tensor(contrast), difference)
    big = 0.5**2 + variance
    no_means = (2 * (0.25 - variance) + _C2) / (2 * big + _C2)
    mistakes[_NO_MEANS] = _combined(no_means, difference)
    sample = variance * 9 / 8
    mistakes["Variances are plain means over the 9 pixels: do not divide by 8."] = _combined(
        (-2 * sample + _C2) / (2 * sample + _C2), difference
    )
    detail = "Stripes 0.3, 0.5, 0.7 against 1 minus them: equal means, equal variances, opposite covariance."
    compare_maps(_inside(_call(answer, first, second)), _combined(contrast, difference), mistakes, detail, 2e-4)


def _local(answer: Answer) -> None:
    first, second = _flat(0.5), _flat(0.5)
    second[:, :, 3, 4] = 0.8
    got = _call(answer, first, second)[0, 0]
    touched = got.abs() > 1e-5
    window = torch.zeros_like(touched)
    window[2:5, 3:6] = True
    if not torch.equal(touched, window):
        size = tuple(int(touched.any(dim=k).sum()) for k in (1, 0))
        raise Wrong(
            "One changed pixel must change the error in the 3x3 pixels around it, and nowhere else: the windows have "
            "3x3 pixels, one around each pixel.",
            f"Yours changes in {size[0]} x {size[1]} pixels.",
        )


def _border(answer: Answer) -> None:
    got = _call(answer, _flat(0.2), _flat(0.8))[0, 0]
    if not torch.allclose(got, got[3, 4].expand_as(got), atol=1e-4):
        raise Wrong(
            'At the border the photo is continued by reflection (`F.pad(..., mode="reflect")`); zeros are a dark '
            "frame.",
            f"Photos of one colour: {float(got[3, 4]):.4f} in the middle, {float(got[0, 0]):.4f} in the corner.",
        )
    first = torch.zeros(1, 3, 6, 8)
    first[:, :, :, 1] = 0.05  # reflection shows column 1 once more at the left of column 0; replication does not
    got = _call(answer, first, torch.zeros_like(first))[0, 0, 3, 0]
    mean, square = 2 * 0.05 / 3, 2 * 0.05**2 / 3
    ssim = _C1 * _C2 / ((mean**2 + _C1) * (square - mean**2 + _C2))
    if abs(float(got) - float(_combined(ssim, 0.0))) > 1e-3:
        raise Wrong('At the border the photo is continued by reflection: `F.pad(photo, (1, 1, 1, 1), mode="reflect")`.')


def _channels(answer: Answer) -> None:
    first, second = _flat(0.4), _flat(0.4)
    second[:, 1] = 0.7
    expected = _combined(_luminance(0.4, 0.7), 0.3) / 3
    mistakes = {"The channels are added up; take their mean.": 3 * expected,
                "Only the first channel counts.": torch.tensor(0.0)}  # fmt: skip
    compare_maps(_call(answer, first, second), expected, mistakes, "One of three channels differs: 0.4 and 0.7.", 1e-4)


def _gradient(answer: Answer) -> None:
    first = torch.full((1, 3, 6, 8), 0.5, requires_grad=True)
    with torch.enable_grad():
        got = answer(first, torch.full((1, 3, 6, 8), 0.5))
        if got.grad_fn is None:
            raise Wrong("The result has no grad_fn. Stay in torch: no NumPy, `.detach()`, `.item()`.")
        got.sum().backward()
    if first.grad is None or not torch.isfinite(first.grad).all():
        raise Wrong("The gradient is missing or not finite where both photos are the same. Is there a root?")


SUB_CHECKS = (
    SubCheck("one error for each pixel", _shape),
    SubCheck("a photo against itself", _same),
    SubCheck("photos of one colour", _colours),
    SubCheck("one changed pixel", _local),
    SubCheck("stripes: variance and covariance", _stripes),
    SubCheck("the border", _border),
    SubCheck("the channels' mean", _channels),
    SubCheck("gradient", _gradient),
)
