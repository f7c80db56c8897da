"""What the user gives, a video or a folder of photos, as photos that structure from motion can read."""

from collections.abc import Sequence
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.build.extra import require, use
from posenet_lib.scenes.build.frames import VIDEO_ENDINGS, frames_of_video
from posenet_lib.scenes.build.photos import Prepared, find_photos, prepare_photos
from posenet_lib.scenes.build.stages import Progress


def check_sources(sources: Sequence[Path]) -> None:
    """Raise unless every source is a video or a folder with photos, and what reads it is installed.

    Raises:
        WorkbookError: names the source and what would be right.
    """
    for source in sources:
        if source.is_dir():
            find_photos(source)
        elif not source.is_file():
            raise WorkbookError(f"{source}: no such video or folder")
        elif source.suffix.lower() not in VIDEO_ENDINGS:
            raise WorkbookError(f"{source}: is neither a folder of photos nor a video ({', '.join(VIDEO_ENDINGS)})")
        elif not source.stat().st_size:
            raise WorkbookError(f"{source}: the file is empty (0 bytes); copy or download it again")
        else:
            require("av")


def fingerprint(sources: Sequence[Path]) -> list[tuple[str, int, int]]:
    """Names, sizes and times of all files: another fingerprint, another input."""
    files = [path for source in sources for path in (find_photos(source) if source.is_dir() else [source])]
    return [(str(path.resolve()), path.stat().st_size, path.stat().st_mtime_ns) for path in files]


def prepare(
    sources: Sequence[Path], out: Path, frames: int, long_side: int, progress: Progress, taken: Sequence[str] = ()
) -> list[Prepared]:
    """Upright photos of at most `long_side` pixels below `out`, one folder for each source.

    Args:
        frames: how many of all videos together; each gets its share by its size in bytes.
        taken: names that no folder may get.

    Raises:
        WorkbookError: a source cannot be read.
    """
    walks = walk_names(sources, taken)
    bytes_of_videos = sum(source.stat().st_size for source in sources if source.is_file())
    prepared: list[Prepared] = []
    for source, walk in zip(sources, walks, strict=True):
        if source.is_dir():
            found = prepare_photos(source, out / walk, long_side, progress)
            prepared += [one._replace(name=f"{walk}/{one.name}", source=f"{source.name}/{one.source}") for one in found]
            continue
        share = max(2, round(frames * source.stat().st_size / bytes_of_videos))
        names = frames_of_video(source, out / walk, share, long_side, progress)
        prepared += [Prepared(f"{walk}/{name}", f"{source.name} {name}", _video_camera(source), None) for name in names]
    return prepared


def walk_names(sources: Sequence[Path], taken: Sequence[str] = ()) -> list[str]:
    """A folder's name for each source: its own, without blanks, no two alike, and none that is taken."""
    names, used = [], {name.lower() for name in taken}
    for source in sources:
        stem = "_".join((source.resolve().stem if source.is_file() else source.resolve().name).split()) or "photos"
        name, number = stem, 2
        while name.lower() in used:
            name, number = f"{stem}_{number}", number + 1
        used.add(name.lower())
        names.append(name)
    return names


def _video_camera(source: Path) -> str:
    """Videos of one size and rate are taken to be one phone's."""
    with use("av").open(str(source)) as container:
        stream = container.streams.video[0]
        return f"video {stream.width}x{stream.height} {float(stream.average_rate or 0):.0f}/s"
