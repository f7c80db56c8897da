"""Resizing: sizes, and the same pixels as torchvision's."""

import numpy as np
import pytest
from PIL import Image
from torchvision.transforms import Resize

from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.resizing import resize_smaller_side, resized_pixels, resized_size

RNG = np.random.default_rng(0)


def noise(width: int, height: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 3), np.uint8)


def test_resized_pixels_are_those_of_the_two_steps(tmp_path):
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
