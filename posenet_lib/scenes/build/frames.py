"""Frames of a video that are worth a photo: the sharpest of each window, none twice while the camera stands still."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing
from posenet_lib.scenes.build.extra import use

VIDEO_ENDINGS = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".3gp", ".mts")
STILL_LEVELS = 2.0  # a thumbnail that differs by less (mean of 0..255) shows the same view: noise and a trembling hand
STILL_SECONDS = 1.0  # of the same view: the camera stands
JPEG_QUALITY = 95
_THUMBNAIL = (64, 48)
_SHARPNESS_WIDTH = 480  # pixels: at full size, sharpness would measure the sensor's noise


class Look(NamedTuple):
    """What the choice of frames needs to know of each."""

    time_s: np.ndarray  # (N,)
    sharpness: np.ndarray  # (N,) variance of the Laplacian
    thumbnails: np.ndarray  # (N, 48, 64) uint8


def frames_of_video(
    video: Path, out: Path, count: int, long_side: int, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[str]:
    """Write the chosen frames as upright JPEG photos, named by their number in the video; give the names in order.

    Args:
        video: any file that FFmpeg reads; the rotation that a phone notes in it is applied.
        out: folder to write to.
        count: how many frames are wanted; fewer where the camera stands still for long.
        long_side: larger frames are made smaller, to so many pixels.
        progress: called with (frames decoded, about how many there are); the video is decoded twice.

    Raises:
        WorkbookError: it is no video, is damaged, or has too few frames.
    """
    looked = look_at_video(video, progress)
    wanted = set(choose_frames(looked, count))
    names = []
    for index, frame in enumerate(_decoded(video)):
        if index in wanted:
            name = f"frame{index + 1:05d}.jpg"
            _write(Image.fromarray(_upright(frame, "rgb24")), out / name, long_side)
            names.append(name)
        progress(len(looked.time_s) + index, 2 * len(looked.time_s))
    return names


def look_at_video(video: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> Look:
    """Sharpness and a thumbnail of every frame.

    Raises:
        WorkbookError: as `frames_of_video`.
    """
    times, sharpness, thumbnails = [], [], []
    expected = _length(video)
    for frame in _decoded(video):
        height = max(8, round(frame.height * _SHARPNESS_WIDTH / frame.width))
        grey = frame.reformat(width=_SHARPNESS_WIDTH, height=height, format="gray").to_ndarray()
        small = frame.reformat(width=_THUMBNAIL[0], height=_THUMBNAIL[1], format="gray").to_ndarray()
        times.append(frame.time if frame.time is not None else len(times) / 30)
        sharpness.append(laplacian_variance(grey))
        thumbnails.append(small)
        progress(len(times), 2 * max(expected, len(times)))
    if len(times) < 2:
        raise WorkbookError(f"{video}: holds {len(times)} frames; a video of some seconds is needed")
    return Look(np.array(times), np.array(sharpness), np.array(thumbnails))


def choose_frames(look: Look, count: int) -> list[int]:
    """Indices of the frames to keep: the time in which the camera moves is cut into `count` windows of equal length.

    Of each window, the sharpest frame. A stretch in which the view stays the same counts as one moment.
    """
    moments = _moments(look)
    windows = min(count, int(moments[-1]) + 1)
    window = np.minimum(moments * windows // (moments[-1] + 1), windows - 1).astype(int)
    chosen = []
    for number in range(windows):
        of_window = np.flatnonzero(window == number)
        if len(of_window):
            chosen.append(int(of_window[look.sharpness[of_window].argmax()]))
    return chosen


def laplacian_variance(grey: np.ndarray) -> float:
    """How much fine detail a photo (H, W) has; blur takes it away (Pech-Pacheco et al., ICPR 2000)."""
    g = grey.astype(np.float32)
    laplacian = g[:-2, 1:-1] + g[2:, 1:-1] + g[1:-1, :-2] + g[1:-1, 2:] - 4 * g[1:-1, 1:-1]
    return float(laplacian.var())


def _moments(look: Look) -> np.ndarray:
    """(N,) which moment each frame belongs to: counts frames, but stands still while the view does."""
    moments = np.zeros(len(look.time_s))
    start = moment = 0
    for index in range(1, len(moments)):
        difference = np.abs(look.thumbnails[index].astype(np.int16) - look.thumbnails[start]).mean()
        if difference > STILL_LEVELS:
            start = index
        elif look.time_s[index] - look.time_s[start] > STILL_SECONDS:
            moment = moments[start]
            moments[start : index + 1] = moment
            continue
        moment += 1
        moments[index] = moment
    return moments


def _decoded(video: Path) -> Iterator[Any]:
    """The frames of the first video stream, in order."""
    av = use("av")
    try:
        with av.open(str(video)) as container:
            if not container.streams.video:
                raise WorkbookError(f"{video}: holds no pictures, only {len(container.streams)} other streams")
            container.streams.video[0].thread_type = "AUTO"
            yield from container.decode(video=0)
    except av.FFmpegError as error:
        raise WorkbookError(f"{video}: cannot be read as a video ({error.strerror}); copy it again") from None


def _length(video: Path) -> int:
    """About how many frames there are; 0 where the file does not say."""
    av = use("av")
    try:
        with av.open(str(video)) as container:
            stream = container.streams.video[0]
            seconds = float(stream.duration * stream.time_base) if stream.duration else 0.0
            return stream.frames or round(seconds * float(stream.average_rate or 0))
    except (av.FFmpegError, IndexError):
        return 0  # `_decoded` says what is wrong


def _upright(frame: Any, form: str) -> np.ndarray:
    """Pixels as a player shows them: `frame.rotation` is counter-clockwise, in degrees."""
    return np.rot90(frame.to_ndarray(format=form), k=round(frame.rotation / 90) % 4).copy()


def _write(photo: Image.Image, path: Path, long_side: int) -> None:
    with replacing(path) as temporary:
        smaller(photo, long_side).save(temporary, "JPEG", quality=JPEG_QUALITY, subsampling=0)


def smaller(photo: Image.Image, long_side: int) -> Image.Image:
    """The photo with at most so many pixels along its longer side; never enlarged."""
    factor = long_side / max(photo.size)
    if factor >= 1:
        return photo
    size = tuple(max(1, round(side * factor)) for side in photo.size)
    return photo.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def encode_video(photos: Sequence[Path], out: Path, photos_per_s: int = 10) -> None:
    """Photos of one size as an MP4 (H.264 where this FFmpeg has it), in their order.

    Raises:
        WorkbookError: there are none.
    """
    if not photos:
        raise WorkbookError(f"{out}: there are no photos to make a video of")
    av = use("av")
    with replacing(out) as temporary, av.open(str(temporary), "w", format="mp4") as container:
        stream = container.add_stream("libx264" if "libx264" in av.codecs_available else "mpeg4", rate=photos_per_s)
        with Image.open(photos[0]) as first:
            width, height = first.size
        stream.width, stream.height = width - width % 2, height - height % 2
        stream.pix_fmt = "yuv420p"
        stream.options = {"crf": "16"}
        for path in photos:
            with Image.open(path) as photo:
                pixels = np.asarray(photo.convert("RGB"))[: stream.height, : stream.width]
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels), format="rgb24")))
        container.mux(stream.encode())
