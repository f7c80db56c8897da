"""`posenet scene build`: from a video or photos to a scene, stage by stage."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from posenet_lib.core.build_config import BuildConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.scenes.build.advice import describe_mapping
from posenet_lib.scenes.build.built_map import ABOUT, MAP, POINTS
from posenet_lib.scenes.build.extra import require
from posenet_lib.scenes.build.orient import KnownLength, orient, place_by_positions
from posenet_lib.scenes.build.own_process import run_colmap
from posenet_lib.scenes.build.pairs import pairs_to_match
from posenet_lib.scenes.build.photos import Prepared
from posenet_lib.scenes.build.posed_photos import lens_of, poses_of, read_poses, write_through_pinhole
from posenet_lib.scenes.build.register import Registered, register_photos
from posenet_lib.scenes.build.sources import check_sources, fingerprint, prepare
from posenet_lib.scenes.build.stages import Stages, StageTime
from posenet_lib.scenes.build.undistort import pinhole_for
from posenet_lib.scenes.readers.read_pose import ReadPose, Source
from posenet_lib.scenes.readers.scene_writing import refuse_used_folder, write_scene
from posenet_lib.scenes.readers.splitting import SplitChoice, TestBlocks

_TEST_EVERY = 5  # stretches of about a tenth of the photos, where nobody says which photos test
_FEW = 50  # photos: a tenth of less is no stretch


@dataclass(frozen=True, eq=False)
class Built:
    """A scene that was made."""

    train_count: int
    test_count: int
    unit: str
    notes: tuple[str, ...]  # whole sentences
    times: tuple[StageTime, ...]
    went_on: tuple[str, ...]  # stages that an earlier run had finished
    test: Registered | None  # the photos of a second walk


def work_folder(out: Path) -> Path:
    """Where a scene is built, beside the place where it will be: a killed run is found there again."""
    return out.with_name(f".{out.name}.building")


def build_scene(
    sources: Sequence[Path],
    out: Path,
    config: BuildConfig | None = None,
    *,
    known: KnownLength | None = None,
    positions: Path | None = None,
    test: Sequence[Path] = (),
    choice: SplitChoice | None = None,
    bar: Callable[[str], Any],
) -> Built:
    """Frames, structure from motion, a frame of reference, photos without distortion, split; then the scene appears.

    Args:
        sources: videos and folders of photos of one place, which form the map.
        out: the scene's folder; nothing is there before all is done.
        known: a length in metres; without it and `positions`, the scene counts in units.
        positions: a table `NAME X Y Z` of where photos were taken, whose frame of reference the scene gets.
        test: videos or folders that are registered in the map and become the test split.
        choice: which of the mapped photos test otherwise; by default every fifth stretch of a tenth of them, so two
            stretches (the second may be shorter), or the last fifth where there are few.
        bar: see `Stages`.

    Raises:
        WorkbookError: a source cannot be used, `test` and `choice` both say what tests, an optional package is missing,
            or the photos cannot be joined.
    """
    config = config or BuildConfig()
    refuse_used_folder(out)
    if test and choice and choice.given:
        raise WorkbookError(
            "--test says which photos test: a walk of their own; --test-blocks, --test-folder and --test-list choose "
            "among the photos of the map. Give one of the two"
        )
    require("pycolmap")
    check_sources([*sources, *test])
    work = work_folder(out)
    stages = Stages(work, bar)
    prepared, mapped = _map(sources, config, stages)
    names = [photo["name"] for photo in mapped["photos"]]
    poses = poses_of(mapped["photos"])
    oriented = place_by_positions(names, poses, positions) if positions else orient(names, poses, known)
    scale, rotation, shift = oriented.similarity
    moved = stages.run(
        "frame of reference",
        (scale, rotation.tolist(), shift.tolist()),
        [work / MAP],
        lambda report: run_colmap(
            "move", work, report, database=work / "features.db", model=work / "model", out=work / MAP,
            scale=scale, rotation=rotation.tolist(), shift=shift.tolist(),
        ),
    )  # fmt: skip
    usual = _usual_camera(mapped["photos"])
    pinhole = pinhole_for(lens_of(usual))
    black = stages.run(
        "pinhole photos",
        (pinhole.matrix.tolist(), pinhole.size_px),
        [work / "pinhole"],
        lambda report: write_through_pinhole(
            mapped["photos"], work / "photos", work / "pinhole", pinhole, report
        ),
    )  # fmt: skip
    walks = {name.partition("/")[0] for name in names}
    more = register_photos(test, work / MAP / POINTS, pinhole, config, stages, usual, sorted(walks)) if test else None
    if more and not more.poses:
        first = more.unregistered[0]
        raise WorkbookError(f"no photo of {test[0]} has a place in the map; {first.source}: {first.reason}")
    notes = [*describe_mapping(mapped, [one.name for one in prepared]), *oriented.notes, *black]
    train = read_poses(mapped["photos"], poses_of(moved["photos"]), work / "pinhole", pinhole, "train" if more else "")
    source, choice = _with_split(train, more, choice)
    about = {
        "unit": oriented.unit,
        "notes": notes,
        "settings": vars(config),
        "seconds": {time.name: round(time.seconds, 1) for time in stages.times},
        "models": mapped["models"],
        **usual,
        "error_px": mapped["error_px"],
    }
    made = _write(out, work, source, choice, oriented.unit, about)
    return Built(
        made.train_count,
        made.test_count,
        oriented.unit,
        (*notes, *made.notes, *(more.notes if more else ())),
        tuple(stages.times),
        tuple(stages.went_on),
        more,
    )


def _map(sources: Sequence[Path], config: BuildConfig, stages: Stages) -> tuple[list[Prepared], dict]:
    """The photos that were used, and what `colmap.mapping` made of them."""
    work, threads = stages.work, os.cpu_count() or 1
    photos, database = work / "photos", work / "features.db"
    prepared = [
        Prepared(*one)
        for one in stages.run(
            "photos",
            (fingerprint(sources), config.frames, config.size),
            [photos],
            lambda report: prepare(sources, photos, config.frames, config.size, report),
        )
    ]
    stages.run(
        "features",
        config.features,
        [database],
        lambda report: run_colmap(
            "features", work, report, database=database, images=photos, max_features=config.features, threads=threads,
            photos=[(one.name, one.camera, one.focal_px) for one in prepared],
        ),
    )  # fmt: skip
    stages.run(
        "matches",
        config.seed,
        [],
        lambda report: run_colmap(
            "matches", work, report, database=database, pairs=pairs_to_match([one.name for one in prepared]),
            threads=threads, seed=config.seed,
        ),
    )  # fmt: skip
    mapped = stages.run(
        "map",
        config.seed,
        [work / "model"],
        lambda report: run_colmap(
            "map", work, report, database=database, images=photos, out=work / "model", photos=len(prepared),
            threads=threads, seed=config.seed,
        ),
    )  # fmt: skip
    return prepared, mapped


def _usual_camera(photos: Sequence[dict]) -> dict:
    """`lens` and `size` of the camera that took most of them."""
    cameras = Counter((tuple(photo["lens"]), tuple(photo["size"])) for photo in photos)
    (lens, size), _ = cameras.most_common(1)[0]
    return {"lens": list(lens), "size": list(size)}


def _with_split(
    train: Sequence[ReadPose], more: Registered | None, choice: SplitChoice | None
) -> tuple[Source, SplitChoice]:
    if more:
        source = Source([*train, *more.poses], split_note="the second walk tests, registered in the map of the first")
        return source, SplitChoice()
    if choice and choice.given:
        return Source(train), choice
    if len(train) < _FEW:
        return Source(train), SplitChoice()  # the last stretch
    return Source(train), SplitChoice(TestBlocks(round(len(train) / (2 * _TEST_EVERY)), _TEST_EVERY))


def _write(out: Path, work: Path, source: Source, choice: SplitChoice, unit: str, about: dict) -> Any:
    """The whole scene under another name first; then it appears, and what it was made from goes."""
    scene = work / "scene"
    shutil.rmtree(scene, ignore_errors=True)
    made = write_scene(replace(source, unit=unit), scene, choice)
    shutil.copytree(work / MAP, scene / MAP)
    write_text(scene / MAP / ABOUT, json.dumps(about, indent=1) + "\n")
    if out.is_dir():
        out.rmdir()
    scene.rename(out)
    shutil.rmtree(work, ignore_errors=True)
    return made
