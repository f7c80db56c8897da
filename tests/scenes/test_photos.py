"""Photos of every kind, opened and resized."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.photos import open_photo


def gradient(width=64, height=36) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([x, y, 255 - x], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "CMYK", "1", "LA"])
def test_every_mode_becomes_rgb(tmp_path, mode):
    path = tmp_path / ("photo.tif" if mode == "CMYK" else "photo.png")
    Image.fromarray(gradient()).convert(mode).save(path)
    photo = open_photo(path)
    assert (photo.mode, photo.size) == ("RGB", (64, 36))
    brightness = np.asarray(photo.convert("L"), float)
    assert brightness[-1].mean() > brightness[0].mean() + 20  # still the same picture


def test_sixteen_bit_grey_keeps_its_gradation(tmp_path):
    Image.fromarray(np.linspace(0, 65535, 64 * 36).reshape(36, 64).astype(np.uint16)).save(tmp_path / "grey.png")
    values = np.asarray(open_photo(tmp_path / "grey.png"))[..., 0].astype(float)
    assert values.min() == 0
    assert values.max() == 255
    assert abs(values.mean() - 127.5) < 2


def test_transparent_pixels_become_black(tmp_path):
    Image.new("RGBA", (8, 8), (255, 255, 255, 0)).save(tmp_path / "clear.png")
    assert np.asarray(open_photo(tmp_path / "clear.png")).max() == 0


def test_exif_rotation_is_applied(tmp_path):
    """A phone stores a portrait photo lying down and says so: orientation 6 means turn right."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(gradient()).save(tmp_path / "phone.jpg", exif=exif, quality=95)
    photo = open_photo(tmp_path / "phone.jpg")
    assert photo.size == (36, 64)
    np.testing.assert_allclose(np.asarray(photo).astype(int), np.rot90(gradient(), -1), atol=12)


@pytest.mark.parametrize("content", ["truncated", "empty", "text", "missing", "folder"])
def test_what_is_no_photo_is_named(tmp_path, content):
    path = tmp_path / "photo.png"
    Image.fromarray(gradient()).save(path)
    if content == "truncated":
        path.write_bytes(path.read_bytes()[:-200])
    elif content in ("empty", "text"):
        path.write_text("" if content == "empty" else "a letter")
    else:
        path.unlink()
        if content == "folder":
            path.mkdir()
    with pytest.raises(WorkbookError, match=r"photo\.png"):
        open_photo(path)
