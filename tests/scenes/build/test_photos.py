"""Folders of photos: upright, of one kind, grouped by camera."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.build.photos import find_photos, prepare_photos

pillow_heif = pytest.importorskip("pillow_heif")


def half_red(width=120, height=80) -> Image.Image:
    """Red at the left, black at the right."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, : width // 2, 0] = 255
    return Image.fromarray(pixels)


def exif(orientation=1, model="", focal_35mm=None) -> Image.Exif:
    made = Image.Exif()
    made[0x0112] = orientation
    if model:
        made[0x0110] = model
    if focal_35mm:
        made.get_ifd(0x8769)[0xA405] = focal_35mm
    return made


def test_exif_turns_the_pixels(tmp_path):
    (tmp_path / "in").mkdir()
    half_red().save(tmp_path / "in" / "turned.jpg", exif=exif(orientation=6))
    (one,) = prepare_photos(tmp_path / "in", tmp_path / "out", 640)
    with Image.open(tmp_path / "out" / one.name) as photo:
        assert photo.size == (80, 120)
        assert not photo.getexif(), "nobody turns it again"
        pixels = np.asarray(photo)
    assert pixels[10, 40, 0] > 200, "the left side of the stored photo is at the top"
    assert pixels[110, 40, 0] < 50


def test_heic_photos_are_read(tmp_path):
    (tmp_path / "in").mkdir()
    pillow_heif.from_pillow(half_red()).save(tmp_path / "in" / "IMG 1.HEIC", quality=90)
    (one,) = prepare_photos(tmp_path / "in", tmp_path / "out", 640)
    assert one.name == "IMG_1.jpg"
    assert one.source == "IMG 1.HEIC"
    with Image.open(tmp_path / "out" / one.name) as photo:
        assert np.asarray(photo)[40, 10, 0] > 200


def test_photos_are_grouped_by_camera(tmp_path):
    (tmp_path / "in" / "b").mkdir(parents=True)
    half_red().save(tmp_path / "in" / "1.jpg", exif=exif(model="Phone", focal_35mm=26))
    half_red().save(tmp_path / "in" / "2.jpg", exif=exif(model="Phone", focal_35mm=26))
    half_red().save(tmp_path / "in" / "3.jpg", exif=exif(model="Phone", focal_35mm=52))
    half_red(160, 120).save(tmp_path / "in" / "b" / "1.png")
    found = prepare_photos(tmp_path / "in", tmp_path / "out", 60)
    cameras = [one.camera for one in found]
    assert cameras[0] == cameras[1]
    assert len(set(cameras)) == 3
    assert found[0].focal_px == pytest.approx(60 * 26 / 36), "in pixels of the smaller photo"
    assert found[3].focal_px is None
    assert [one.name for one in found] == ["1.jpg", "2.jpg", "3.jpg", "b/1.jpg"]


def test_names_that_would_clash_are_kept_apart(tmp_path):
    (tmp_path / "in").mkdir()
    half_red().save(tmp_path / "in" / "a.jpg")
    half_red().save(tmp_path / "in" / "a.png")
    assert [one.name for one in prepare_photos(tmp_path / "in", tmp_path / "out", 60)] == ["a.jpg", "a_2.jpg"]


def test_a_broken_photo_is_named(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 no photo")
    with pytest.raises(WorkbookError, match=r"torn\.jpg: cannot be read"):
        prepare_photos(tmp_path / "in", tmp_path / "out", 60)
    with pytest.raises(WorkbookError, match="no photo in it"):
        find_photos(tmp_path / "out")
