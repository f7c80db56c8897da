"""Which photos show the same things: features matched between pairs of photos, and checked by epipolar geometry."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pycolmap

_AT_ONCE = 200  # pairs: for the progress bar


def match(
    database: str,
    pairs: Sequence[Sequence[str]],
    threads: int,
    seed: int,
    progress: Callable[[int, int], None],
) -> dict:
    """Match these pairs of names, but for those that the database has already.

    Returns:
        `pairs`: how many are matched, and `verified`: how many of them show one place.
    """
    matching = pycolmap.FeatureMatchingOptions(num_threads=threads, use_gpu=False)
    geometry = pycolmap.TwoViewGeometryOptions()
    geometry.ransac.random_seed = seed
    missing = list(_missing(database, pairs))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "pairs.txt"
        for start in range(0, len(missing), _AT_ONCE):
            some = missing[start : start + _AT_ONCE]
            path.write_text("".join(f"{first} {second}\n" for first, second in some), encoding="utf-8")
            pycolmap.match_image_pairs(
                database,
                matching,
                pycolmap.ImportedPairingOptions(match_list_path=str(path)),
                geometry,
                device=pycolmap.Device.cpu,
            )
            progress(len(pairs) - len(missing) + start + len(some), len(pairs))
    with pycolmap.Database.open(database) as opened:
        return {"pairs": opened.num_matched_image_pairs(), "verified": opened.num_verified_image_pairs()}


def _missing(database: str, pairs: Sequence[Sequence[str]]) -> Iterator[Sequence[str]]:
    with pycolmap.Database.open(database) as opened:
        number = {image.name: image.image_id for image in opened.read_all_images()}
        for first, second in pairs:
            if not opened.exists_two_view_geometry(number[first], number[second]):
                yield first, second
