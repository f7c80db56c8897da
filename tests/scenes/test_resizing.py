"""The compiled resizing against Pillow's own, byte for byte."""

import numpy as np
import pytest
from compiled_layers import compiled
from PIL import Image
from posenet_lib.cpu_kernels import resize
from posenet_lib.cpu_kernels.resize import resized
from torchvision.transforms import Resize

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes import photos
from posenet_lib.scenes.photo_store import open_store
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.pose_list import PoseRecord
from posenet_lib.scenes.resizing import resize_smaller_side, resized_pixels, resized_size

RNG = np.random.default_rng(0)


def noise(width: int, height: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


def extremes(width: int, height: int) -> np.ndarray:
    """A checkerboard of black and white, with patches of each: sums at both ends."""
    board = (np.indices((height, width)).sum(axis=0) % 2 * 255).astype(np.uint8)
    board[: height // 3], board[-height // 3 :] = 0, 255
    return np.repeat(board[..., None], 3, axis=2)


def is_pillows(pixels: np.ndarray, size: tuple[int, int]) -> bool:
    """Whether the kernel did it; then it must have given Pillow's bytes, from Pillow's memory and from an array."""
    photo = Image.fromarray(pixels)
    found = [resized(photo, size), resized(pixels, size)]
    if found[0] is None:
        return False
    expected = np.asarray(photo.resize(size, Image.Resampling.BILINEAR))
    for result in found:
        np.testing.assert_array_equal(result, expected, err_msg=f"{photo.size} -> {size}")
    return True


@compiled
@pytest.mark.parametrize("make", [noise, extremes])
@pytest.mark.parametrize(
    ("size", "new_size"),
    [
        ((1920, 1080), (455, 256)),
        ((640, 480), (341, 256)),
        ((480, 640), (256, 341)),
        ((321, 481), (256, 383)),
        ((100, 61), (419, 256)),  # larger
        ((341, 300), (341, 256)),  # of one side only
        ((500, 256), (341, 256)),
        ((341, 256), (341, 256)),
        ((1, 1), (256, 256)),
        ((1, 9), (256, 2304)),
        ((900, 1), (7, 1)),
        ((9, 3), (1, 1)),
        ((6000, 40), (11, 5)),
        ((17, 16), (16, 15)),  # around the block of rows
        ((16, 15), (22, 21)),
        ((2400, 1800), (341, 256)),  # in one piece of Pillow's memory no more
    ],
)
def test_it_gives_pillows_bytes(make, size, new_size):
    assert is_pillows(make(*size), new_size)


@compiled
def test_it_gives_pillows_bytes_for_any_size():
    done = 0
    for number in range(300):
        most = 12 if number % 3 else 150
        width, height, new_width, new_height = map(int, RNG.integers(1, most, 4))
        done += is_pillows((noise, extremes)[number % 2](width, height), (new_width, new_height))
    assert done > 150


@compiled
def test_photos_much_taller_than_wide_are_left_to_pillow():
    """Pillow 13 resizes them in the other order, which rounds otherwise."""
    assert resized(noise(100, 400), (50, 200)) is None


@compiled
def test_windows_beyond_the_proof_are_left_to_pillow():
    assert resized(noise(5000, 1), (1, 1)) is None


@compiled
def test_weights_never_lift_a_sum_beyond_255():
    """What resize.c relies on where it clips nothing."""
    for size, new_size in [(1920, 455), (1080, 256), (2048, 1), (7, 256), (4095, 3)]:
        weights = resize._weights(size, new_size).weights.astype(np.int64)
        assert weights.min() >= 0
        assert (255 * weights.sum(axis=1) + (1 << 21)).max() < 256 << 22


@compiled
def test_slices_are_copied_and_other_kinds_refused():
    wide = noise(90, 60)
    for pixels in (wide[::2, ::2], wide[:, ::-1], wide.transpose(1, 0, 2)):
        assert is_pillows(pixels, (30, 45))
    grey = Image.fromarray(wide[..., 0])
    for photo in (grey, grey.convert("RGBA"), wide[..., :2], wide.astype(np.float32)):
        with pytest.raises(ValueError, match=r"give RGB, \(H, W, 3\) uint8"):
            resized(photo, (31, 17))


def make_records(folder) -> list[PoseRecord]:
    records = []
    for number, suffix in enumerate(["jpg", "png", "jpg", "png"]):
        path = folder / f"{number}.{suffix}"
        Image.fromarray(noise(400, 300)).save(path)
        records.append(PoseRecord(path.name, path, np.zeros(3), np.array([1.0, 0, 0, 0])))
    return records


@compiled
def test_a_store_has_the_same_pixels_without_the_kernel(tmp_path, monkeypatch):
    records = make_records(tmp_path)
    ours = open_store(records, tmp_path, "ours", show_progress=False)
    monkeypatch.setattr(resize, "library", lambda: None)
    pillows = open_store(records, tmp_path, "pillows", show_progress=False)
    np.testing.assert_array_equal(ours.pixels, pillows.pixels)


@pytest.mark.parametrize("with_kernel", [pytest.param(True, marks=compiled), False])
def test_resized_pixels_are_those_of_the_two_steps(tmp_path, monkeypatch, with_kernel):
    if not with_kernel:
        monkeypatch.setattr(photos, "resized", lambda photo, size: None)
    exif = Image.Exif()
    exif[0x0112] = 6
    saved = Image.fromarray(noise(350, 270))
    saved.save(tmp_path / "turned.jpg", exif=exif)
    saved.save(tmp_path / "plain.png")
    saved.convert("CMYK").save(tmp_path / "print.jpg")
    saved.convert("L").save(tmp_path / "grey.jpg")
    Image.fromarray(noise(60, 200)).save(tmp_path / "tall.png")
    Image.fromarray(noise(256, 300)).save(tmp_path / "small.png")
    for path in tmp_path.iterdir():
        expected = np.asarray(resize_smaller_side(open_photo(path)))
        np.testing.assert_array_equal(resized_pixels(path), expected, err_msg=path.name)


@compiled
def test_a_photo_of_another_shape_is_named(tmp_path):
    records = make_records(tmp_path)
    Image.fromarray(noise(300, 400)).save(records[2].image_path)
    with pytest.raises(WorkbookError, match=r"2\.jpg: 256x341 after resizing, but 0\.jpg is 341x256; all photos"):
        open_store(records, tmp_path, "train", show_progress=False)


def gradient(width=64, height=36) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([x, y, 255 - x], axis=-1).astype(np.uint8)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((1920, 1080), (455, 256)), ((640, 480), (341, 256)), ((1080, 1920), (256, 455)), ((256, 256), (256, 256))],
)
def test_resized_sizes(size, expected):
    assert resized_size(size) == expected


@pytest.mark.parametrize("size", [(100, 61), (61, 100), (300, 257), (256, 500)])
def test_same_pixels_as_torchvision(size):
    photo = Image.fromarray(np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), np.uint8))
    np.testing.assert_array_equal(np.asarray(resize_smaller_side(photo)), np.asarray(Resize(256)(photo)))


def test_resizing_twice_changes_nothing():
    once = resize_smaller_side(Image.fromarray(gradient(640, 480)))
    assert resize_smaller_side(once) is once
