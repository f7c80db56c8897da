"""Checks of `inverse_warp`: motions whose result is known by hand, on photos whose colours are the pixels' own places.

In such a photo the value at a place *is* the place, so what the answer returns says where it has looked, and a typical
mistake can be told by where it looks instead.
"""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from posenet_lib.egomotion.camera import Camera, pixel_centres
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[[Tensor, Tensor, Tensor, Camera], tuple[Tensor, Tensor]]
WIDTH, HEIGHT, FOCAL = 32, 24, 20.0
_FAR_OFF = "Follow one pixel on paper: back-project, move, project, sample; and print the steps of your code."
_SLACK_PX = 0.02


def _camera(width: int = WIDTH, height: int = HEIGHT) -> Camera:
    """Of photos of this size; its photos show the same view at every size."""
    scale = width / WIDTH
    matrix = [[FOCAL * scale, 0, width / 2], [0, FOCAL * height / HEIGHT, height / 2], [0, 0, 1]]
    return Camera(torch.tensor(matrix), width, height)


def _places(batch: int = 1) -> Tensor:
    """Photos whose two channels are the pixels' columns and rows, [B, 2, H, W]."""
    return pixel_centres(WIDTH, HEIGHT)[None, :2].repeat(batch, 1, 1, 1)


def _motion(shift_m=(0.0, 0.0, 0.0), turn_deg: float = 0.0) -> Tensor:
    """[1, 4, 4]: points are turned about the y axis, then shifted."""
    angle = math.radians(turn_deg)
    matrix = torch.eye(4)
    matrix[0, 0] = matrix[2, 2] = math.cos(angle)
    matrix[0, 2], matrix[2, 0] = math.sin(angle), -math.sin(angle)
    matrix[:3, 3] = torch.tensor(shift_m)
    return matrix[None]


def _call(answer: Answer, source: Tensor, depth: Tensor, motion: Tensor, camera: Camera) -> tuple[Tensor, Tensor]:
    with torch.enable_grad():
        got = answer(source.clone(), depth.clone(), motion.clone(), camera)
    if got is None:
        raise Wrong("Your code returned None: did you forget `return`?")
    if not isinstance(got, tuple | list) or len(got) != 2 or not all(isinstance(one, Tensor) for one in got):
        raise Wrong("Return two tensors: the warped photos, and where they are valid.")
    warped, valid = got
    if warped.shape != source.shape:
        raise Wrong(f"The warped photos have shape {tuple(warped.shape)}; that of the source is {tuple(source.shape)}.")
    if valid.shape != (len(source), 1, *source.shape[2:]) or valid.dtype != torch.bool:
        raise Wrong(
            f"`valid` has shape {tuple(valid.shape)} and dtype {valid.dtype}; it needs one channel, "
            f"{(len(source), 1, *source.shape[2:])}, and dtype torch.bool (a comparison gives that)."
        )
    return warped, valid


def _looked(answer: Answer, depth_m: float, motion: Tensor, camera: Camera | None = None) -> np.ndarray:
    """Where the answer looks, (2, H, W) column and row in pixels; nan at the border, where bilinear sampling ends."""
    depth = torch.full((1, 1, HEIGHT, WIDTH), depth_m)
    warped, _ = _call(answer, _places(), depth, motion, camera or _camera())
    return warped[0].detach().double().numpy()


def _compare(got: np.ndarray, column: np.ndarray, row: np.ndarray, mistakes: dict, detail: str) -> None:
    """Wrong, with the mistake that looks where this answer looks, unless it looks in the right places.

    Args:
        column, row: (H, W) in pixels, where to look.
        mistakes: cause -> (column, row), where that mistake looks.
    """

    def same(places) -> bool:
        columns, rows = (np.broadcast_to(one, (HEIGHT, WIDTH)) for one in places)
        inside = (columns > 0.6) & (columns < WIDTH - 0.6) & (rows > 0.6) & (rows < HEIGHT - 0.6)
        if not inside.any():
            return False
        off = np.maximum(np.abs(got[0] - columns), np.abs(got[1] - rows))[inside]
        return bool(off.max() < _SLACK_PX)

    if same((column, row)):
        return
    causes = [cause for cause, places in mistakes.items() if same(places)]
    looked = f"The pixel in row 8, column 12 is looked up at column {got[0, 8, 12]:.2f}, row {got[1, 8, 12]:.2f}; "
    right = f"right are {np.broadcast_to(column, got[0].shape)[8, 12]:.2f} and "
    right += f"{np.broadcast_to(row, got[0].shape)[8, 12]:.2f}."
    raise Wrong(causes[0] if causes else _FAR_OFF, f"{detail} {looked}{right}")


_X, _Y = (one.double().numpy() for one in pixel_centres(WIDTH, HEIGHT)[:2])
_CX, _CY = WIDTH / 2, HEIGHT / 2
_INVERSE = (
    "The points are moved the wrong way: `source_from_target` takes points of the target's frame to the source's as it "
    "is. Do not invert it."
)
_NOT_SCALED = (
    "The camera matrix is used as it is, but it belongs to photos of `camera.width` x `camera.height` pixels. Multiply "
    "its first row by W / camera.width and its second row by H / camera.height."
)
_CORNERS = (
    "Without motion each pixel must find itself. `grid_sample` counts from outer edge (-1) to outer edge (+1) with "
    " `align_corners=False`: use that, and 2 * x / W - 1, not W - 1."
)
_CENTRES = (
    "You look half a pixel beside: the centre of the first pixel is at (0.5, 0.5), not at (0, 0). `pixel_centres` "
    "has it."
)


def _one_sub(answer: Answer) -> None:
    _call(
        answer,
        torch.rand(2, 3, HEIGHT, WIDTH),
        torch.rand(2, 1, HEIGHT, WIDTH) + 1,
        _motion().repeat(2, 1, 1),
        _camera(),
    )


def _no_motion(answer: Answer) -> None:
    got = _looked(answer, 3.0, _motion())
    mistakes = {
        _CORNERS: (_X * (WIDTH - 1) / WIDTH + 0.5, _Y * (HEIGHT - 1) / HEIGHT + 0.5),
        f"{_CORNERS} ": (_X * WIDTH / (WIDTH - 1), _Y * HEIGHT / (HEIGHT - 1)),
        f"{_CORNERS}  ": ((_X - 0.5) * WIDTH / (WIDTH - 1), (_Y - 0.5) * HEIGHT / (HEIGHT - 1)),
        _CENTRES: (_X - 0.5, _Y - 0.5),
        f"{_CENTRES} ": (_X + 0.5, _Y + 0.5),
    }
    _compare(got, _X, _Y, mistakes, "There is no motion.")


def _sideways(answer: Answer) -> None:
    for depth, metres in ((4.0, 0.8), (2.0, 0.3)):
        shift = FOCAL * metres / depth
        length = np.sqrt(((_X - _CX) / FOCAL) ** 2 + ((_Y - _CY) / FOCAL) ** 2 + 1)
        mistakes = {
            _INVERSE: (_X - shift, _Y),
            "The depth is along the optical axis: z of the point is the depth itself. You use it as the length of the "
            "ray; leave the ray (x, y, 1) as it is.": (_X + shift * length, _Y),
            "The motion is multiplied from the wrong side, or its transposed matrix is used, so its shift is lost.": (
                _X,
                _Y,
            ),
        }
        detail = f"Depth {depth:g} m, the points move {metres:g} m to the right, so by {shift:g} pixels."
        _compare(_looked(answer, depth, _motion((metres, 0.0, 0.0))), _X + shift, _Y, mistakes, detail)


def _forwards(answer: Answer) -> None:
    zoom = 4.0 / 3.0  # points at 4 m come to 3 m
    back = 4.0 / 5.0
    mistakes = {
        _INVERSE: (_CX + (_X - _CX) * back, _CY + (_Y - _CY) * back),
        _CENTRES: (_CX + (_X - 0.5 - _CX) * zoom + 0.5, _CY + (_Y - 0.5 - _CY) * zoom + 0.5),
        "The points are not divided by their own new depth: after the motion z is another one.": (_X, _Y),
    }
    detail = "Depth 4 m, the points come 1 m nearer, so everything is 4/3 as far from the photo's middle."
    right = _CX + (_X - _CX) * zoom, _CY + (_Y - _CY) * zoom
    _compare(_looked(answer, 4.0, _motion((0.0, 0.0, -1.0))), *right, mistakes, detail)


def _turn(answer: Answer) -> None:
    def turned(degrees):
        x, y, a = (_X - _CX) / FOCAL, (_Y - _CY) / FOCAL, math.radians(degrees)
        new_z = math.cos(a) - math.sin(a) * x
        return _CX + FOCAL * (math.cos(a) * x + math.sin(a)) / new_z, _CY + FOCAL * y / new_z

    got = _looked(answer, 5.0, _motion(turn_deg=9.0))
    _compare(got, *turned(9.0), {_INVERSE: turned(-9.0)}, "The points are turned by 9 degrees about the y axis.")


def _other_size(answer: Answer) -> None:
    large = _camera(3 * WIDTH, 2 * HEIGHT)
    shift = FOCAL * 0.5 / 2.0
    plain = large.matrix.double().numpy()
    mistakes = {
        _NOT_SCALED: (_X + plain[0, 0] * 0.5 / 2.0, _Y),
        "Only part of the camera matrix is scaled: the middle of the photo (third column) counts pixels too, and width "
        "and height have factors of their own.": (_X + 2 * shift, _Y),
        f"{_NOT_SCALED} Here you divide where you should multiply.": (_X + 9 * shift, _Y),
    }
    detail = f"The camera is given for {3 * WIDTH} x {2 * HEIGHT} pixels, the photos have {WIDTH} x {HEIGHT}."
    _compare(_looked(answer, 2.0, _motion((0.5, 0.0, 0.0)), large), _X + shift, _Y, mistakes, detail)
    zoom = 4.0 / 3.0
    right = _CX + (_X - _CX) * zoom, _CY + (_Y - _CY) * zoom
    got = _looked(answer, 4.0, _motion((0.0, 0.0, -1.0)), large)
    _compare(got, *right, {}, f"{detail} The points come nearer: 4/3 as far from the middle (both rows and columns).")


def _own_depth(answer: Answer) -> None:
    depth = torch.full((2, 1, HEIGHT, WIDTH), 2.0)
    depth[:, :, :, WIDTH // 2 :] = 4.0
    depth[1] *= 2
    motions = torch.cat([_motion((0.4, 0.0, 0.0)), _motion((-0.8, 0.0, 0.0))])
    warped, _ = _call(answer, _places(2), depth, motions, _camera())
    moved = (warped - _places(2))[:, 0, 12, [8, 22]].detach().numpy()  # columns, of a pixel left and one right
    expected = np.array([[4.0, 2.0], [-4.0, -2.0]])
    if not np.allclose(moved, expected, atol=_SLACK_PX):
        raise Wrong(
            "Each pixel has a depth of its own, and each photo of a batch its own depths and motion.",
            f"Two photos, left half and right half at different depths: shifts {expected.tolist()} pixels are right, "
            f"yours are {moved.round(2).tolist()}.",
        )


def _outside(answer: Answer) -> None:
    depth = torch.full((1, 1, HEIGHT, WIDTH), 2.0)
    _, valid = _call(answer, _places(), depth, _motion((1.0, 0.0, 0.0)), _camera())  # 10 pixels to the right
    inside = valid[0, 0].numpy()
    if inside.all() or not inside.any():
        raise Wrong("Everything is 10 pixels further right, so `valid` must be False in the last 10 columns only.",
                    f"Yours is {bool(inside.all())} everywhere.")  # fmt: skip
    if not (inside[:, : WIDTH - 10].all() and not inside[:, WIDTH - 10 :].any()):
        raise Wrong("`valid` is True where the point projects into the source photo: 0 <= x <= W and 0 <= y <= H.",
                    "Everything is 10 pixels further right: the last 10 columns are outside.")  # fmt: skip
    _, valid = _call(answer, _places(), depth, _motion((0.0, -0.5, 0.0)), _camera())  # 5 pixels up
    if valid[0, 0, :5].any() or not valid[0, 0, 5:].all():
        raise Wrong("`valid` must look at rows too: 0 <= y <= H.", "Everything is 5 pixels further up.")


def _behind(answer: Answer) -> None:
    depth = torch.full((1, 1, HEIGHT, WIDTH), 2.0)
    warped, valid = _call(answer, _places(), depth, _motion((0.0, 0.0, -6.0)), _camera())
    if valid.any():
        raise Wrong(
            "Points behind the source camera count as valid. Their z is below 0, and dividing by it turns the photo "
            "upside down: ask for z > 0, before z is clamped.",
            "All points are at z = -4 m here.",
        )
    camera = Camera(torch.tensor([[20.0, 0, 16.5], [0, 20.0, 12.5], [0, 0, 1]]), 33, 25)  # has a pixel in its middle
    _, valid = _call(answer, torch.ones(1, 1, 25, 33), torch.full((1, 1, 25, 33), 2.0), _motion((0, 0, -6.0)), camera)
    if valid.any():
        raise Wrong("A point behind the source camera counts as valid: clamping z is not enough, ask for z > 0 too.",
                    "It lies on the optical axis, at z = -4 m.")  # fmt: skip
    if not torch.isfinite(warped).all():
        raise Wrong("The warped photo is not finite where a point is behind the camera. Clamp z before you divide.")


def _border(answer: Answer) -> None:
    warped, _ = _call(answer, torch.ones(1, 3, HEIGHT, WIDTH), torch.full((1, 1, HEIGHT, WIDTH), 2.0),
                      _motion((1.0, 0.0, 0.0)), _camera())  # fmt: skip
    if not torch.allclose(warped, torch.ones_like(warped), atol=1e-4):
        raise Wrong('Outside of the photo its border goes on: `padding_mode="border"`. Yours becomes dark there.')


def _gradient(answer: Answer) -> None:
    depth = torch.full((1, 1, HEIGHT, WIDTH), 3.0, requires_grad=True)
    motion = _motion((0.3, 0.0, 0.0)).requires_grad_()
    with torch.enable_grad():
        warped, _ = answer(_places(), depth, motion, _camera())
        if warped.grad_fn is None:
            raise Wrong("The warped photo has no grad_fn. Stay in torch: no NumPy, `.detach()`, `.item()`.")
        warped[0, 0, 12, 10].backward()
    if depth.grad is None or not depth.grad.any() or motion.grad is None or not motion.grad.any():
        raise Wrong("No gradient reaches depth and motion, so neither network could learn. Is it cut off somewhere?")
    expected = -FOCAL * 0.3 / 9.0  # the slope of f t / z
    if not math.isclose(depth.grad[0, 0, 12, 10], expected, abs_tol=0.02):
        raise Wrong("The gradient by the depth is another one than that of f t / z.",
                    f"Expected {expected:.3f}, got {float(depth.grad[0, 0, 12, 10]):.3f}.")  # fmt: skip


SUB_CHECKS = (
    SubCheck("two results of the right shapes", _one_sub),
    SubCheck("no motion: the photo itself", _no_motion),
    SubCheck("motion to the side", _sideways),
    SubCheck("motion forwards", _forwards),
    SubCheck("a turn of the camera", _turn),
    SubCheck("photos of another size than the camera's", _other_size),
    SubCheck("depths and motions of their own", _own_depth),
    SubCheck("outside of the photo", _outside),
    SubCheck("behind the camera", _behind),
    SubCheck("the border goes on", _border),
    SubCheck("gradient", _gradient),
)
