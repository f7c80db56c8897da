"""The court's walks at ten photos a second: rendered when they are first needed, then kept in the user's cache."""

from pathlib import Path

from posenet_lib.core.progress import progress_bar
from posenet_lib.core.workspace import cache_dir
from posenet_lib.scenes.practice_court.sequence import render_sequences
from posenet_lib.scenes.scene import Scene, load_scene

_VERSION = 2  # another one when the pictures change


def court_sequences(court_seed: int = 0, walks: tuple[str, ...] | None = None, *, workers: int = 2) -> Scene:
    """The walks as a scene, with right photos, depth and flow beside the photos (`practice_court.sequence` says where).

    Args:
        court_seed: which court; 0 is PracticeCourt.
        walks: some of them only, which then make a scene of their own; None for all sixteen.
        workers: processes that render.
    """
    name = f"court{court_seed}" + ("" if walks is None else "-" + "-".join(walks))
    folder = cache_dir() / f"sequences-{_VERSION}" / name
    if not (folder / "complete").is_file():
        _render(folder, court_seed, walks, workers)
    return load_scene(folder, check_images=False)


def _render(folder: Path, court_seed: int, walks: tuple[str, ...] | None, workers: int) -> None:
    with progress_bar(desc="Rendering", unit="photo") as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        render_sequences(folder, court_seed=court_seed, walks=walks, workers=workers, progress=show)
    (folder / "complete").touch()
