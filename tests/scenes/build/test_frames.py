"""Which frames of a video become photos."""

import struct

import numpy as np
import pytest
from PIL import Image, ImageFilter

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.build.frames import (
    choose_frames,
    encode_video,
    frames_of_video,
    laplacian_variance,
    look_at_video,
)

WIDTH, HEIGHT = 160, 120


@pytest.fixture(scope="module")
def panorama():
    """A long photo of random blocks, coarse and fine, past which a camera moves."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (12, 120, 3), dtype=np.uint8)).resize((1200, HEIGHT))
    fine = rng.integers(-40, 40, (HEIGHT, 1200, 1))
    return Image.fromarray(np.clip(np.asarray(coarse).astype(int) + fine, 0, 255).astype(np.uint8))


def film(folder, panorama, starts, blurred=()):
    """An MP4 of views that begin at these columns."""
    paths = []
    for number, start in enumerate(starts):
        view = panorama.crop((start, 0, start + WIDTH, HEIGHT))
        paths.append(folder / f"{number:03d}.png")
        (view.filter(ImageFilter.GaussianBlur(3)) if number in blurred else view).save(paths[-1])
    encode_video(paths, folder / "film.mp4", photos_per_s=10)
    return folder / "film.mp4"


def test_the_sharpest_of_each_window(tmp_path, panorama):
    sharp = {2, 7, 11, 16, 21, 26}  # one in each window of five
    video = film(tmp_path, panorama, range(0, 30 * 12, 12), blurred=set(range(30)) - sharp)
    names = frames_of_video(video, tmp_path / "out", 6, 640)
    assert names == [f"frame{number + 1:05d}.jpg" for number in sorted(sharp)]
    with Image.open(tmp_path / "out" / names[0]) as photo:
        assert photo.size == (WIDTH, HEIGHT), "never enlarged"


def test_a_camera_that_stands_still_counts_as_one_moment(tmp_path, panorama):
    starts = [*range(0, 120, 12), *([120] * 40), *range(132, 252, 12)]
    look = look_at_video(film(tmp_path, panorama, starts))
    chosen = choose_frames(look, 20)
    standing = [index for index in chosen if 10 <= index < 50]
    assert len(standing) <= 2
    assert len(chosen) >= 18, "and the rest of the walk gets its share"


def test_no_more_frames_than_there_are(tmp_path, panorama):
    video = film(tmp_path, panorama, range(0, 80, 10))
    assert len(frames_of_video(video, tmp_path / "out", 500, 640)) == 8


def test_large_frames_are_made_smaller(tmp_path, panorama):
    (name, *_) = frames_of_video(film(tmp_path, panorama, range(0, 40, 10)), tmp_path / "out", 2, 80)
    with Image.open(tmp_path / "out" / name) as photo:
        assert photo.size == (80, 60)


def test_the_rotation_that_a_phone_notes_is_applied(tmp_path, panorama):
    video = film(tmp_path, panorama, [0, 20, 40])
    matrix = [0, 0x10000, 0, -0x10000, 0, 0, HEIGHT * 0x10000, 0, 0x40000000]  # shown a quarter turn to the right
    data = video.read_bytes()
    track = data.index(b"tkhd") + 44  # version, flags, times, number, layer, volume; then the matrix
    assert struct.unpack(">9i", data[track : track + 36])[8] == 0x40000000
    video.write_bytes(data[:track] + struct.pack(">9i", *matrix) + data[track + 36 :])
    (name, *_) = frames_of_video(video, tmp_path / "out", 3, 640)
    with Image.open(tmp_path / "out" / name) as photo:
        assert photo.size == (HEIGHT, WIDTH)
        wanted = np.rot90(np.asarray(panorama.crop((0, 0, WIDTH, HEIGHT))), k=3).astype(float)
        assert np.abs(np.asarray(photo) - wanted).mean() < 12


def test_sharpness_falls_with_blur(panorama):
    sharp = panorama.crop((0, 0, WIDTH, HEIGHT)).convert("L")
    values = [laplacian_variance(np.asarray(sharp.filter(ImageFilter.GaussianBlur(radius)))) for radius in (0, 1, 3)]
    assert values[0] > 2 * values[1] > 4 * values[2]


@pytest.mark.parametrize("content", [b"", b"not a film" * 500])
def test_what_is_no_video_is_named(tmp_path, content):
    (tmp_path / "holiday.mp4").write_bytes(content)
    with pytest.raises(WorkbookError, match=r"holiday\.mp4: cannot be read as a video"):
        frames_of_video(tmp_path / "holiday.mp4", tmp_path / "out", 5, 640)


def test_a_video_that_was_cut_off(tmp_path, panorama):
    video = film(tmp_path, panorama, range(0, 60, 6))
    video.write_bytes(video.read_bytes()[:2000])
    with pytest.raises(WorkbookError, match=r"film\.mp4: "):
        frames_of_video(video, tmp_path / "out", 5, 640)
