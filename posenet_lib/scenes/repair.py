"""A repaired copy of a scene: `posenet scene convert`. All of it or nothing, and the old scene stays as it is."""

import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.conventions import DIFFERENCES, TOGETHER, Reading, read_as
from posenet_lib.geometry.intrinsics import read_intrinsics, write_intrinsics
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.check import intrinsics, lost_tracking, outliers, photo_files, shared_photos
from posenet_lib.scenes.check.facts import ListFacts, SceneFacts, read_facts
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.check.units import UNITS
from posenet_lib.scenes.focal_length import INTRINSICS, RECONSTRUCTION
from posenet_lib.scenes.offset import scene_offset_m
from posenet_lib.scenes.pose_list import pose_list_text, problem_text
from posenet_lib.scenes.readers.scene_writing import link_or_copy, refuse_used_folder
from posenet_lib.scenes.unit import METRES, scene_unit, write_unit

# What `--from` takes, with its help. Names of `geometry.conventions` come first.
STEPS = {
    **DIFFERENCES,
    "opk": "angles omega, phi, kappa in degrees, as photogrammetry means them",
    "opk-w2c": "the same angles of the world-to-camera matrix, with our camera axes",
    "hloc": "qfirst and t, as hloc and COLMAP write poses",
    "colmap": "the same",
    **{unit: f"positions in {unit}" for unit in UNITS if unit != "m"},
    "offset": "far from 0 (map coordinates): a whole number of hundreds is taken off",
    "lost": "with rows of lost tracking, which are left out",
    "outliers": "with rows far from all others, which are left out",
    "shared": "with test photos among the training photos, where they are left out",
    "one-shape": "with photos of several shapes, of which the most common stays",
    "exif": "with poses of the pixels as they lie, where EXIF turns the photo",
    "intrinsics": "with a camera matrix of another photo size, normalised or transposed",
}
_QUARTER = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])  # camera axes after the photo was turned clockwise
_DECIMALS = 9


@dataclass
class Repaired:
    """What was written."""

    train_count: int = 0
    test_count: int = 0
    notes: list[str] = field(default_factory=list)  # whole sentences


def convert_scene(
    source: str | Path,
    out: str | Path,
    steps: Sequence[str] = (),
    label: str | None = None,
    walks: Sequence[str] = (),
) -> Repaired:
    """Write `out` as a scene in the workbook's convention; photos are linked, or copied where links do not work.

    Whatever the steps, lists are read leniently: other separators, decimal commas, headings, UTF-16, other endings.

    Args:
        steps: names of `STEPS`.
        label: "train" or "test", if the convention and the unit concern that list alone.
        walks: folders, if they concern the photos in these alone.

    Raises:
        WorkbookError: a step is unknown, a line cannot be read, a photo is missing, or `out` already holds something.
    """
    source, out = Path(source).expanduser(), Path(out).expanduser()
    if unknown := [step for step in steps if step not in STEPS]:
        raise WorkbookError(f"--from {unknown[0]}: there is no such step; known are {', '.join(STEPS)}")
    if sum(step in UNITS for step in steps) > 1:
        raise WorkbookError(f"--from {' '.join(steps)}: a list has one unit")
    refuse_used_folder(out)
    facts, result = read_facts(source), Repaired()
    have = sorted({walk for of in facts.lists for walk in of.sequences})
    if absent := [walk for walk in walks if walk not in have]:
        raise WorkbookError(f"--walk {absent[0]}: no photo is in that folder; the folders are {', '.join(have[:20])}")
    for of in facts.lists:
        _refuse_unread(of, steps)
    kept = {of.label: np.ones(len(of), dtype=bool) for of in facts.lists}
    _leave_out(facts, steps, kept, result)
    poses = _poses(facts, steps, (label, walks), kept, result)
    # Who says what all positions are written in knows the scale.
    stated = any(step in UNITS for step in steps) and label is None and not walks
    _write(facts, out, steps, METRES if stated else scene_unit(facts.folder), kept, poses, result)
    result.train_count, result.test_count = (len(poses[of.label].position_m) for of in facts.lists)
    return result


def _refuse_unread(of: ListFacts, steps: Sequence[str]) -> None:
    if of.problems:
        raise WorkbookError(problem_text(of.path, of.problems))
    if of.not_finite and "lost" not in steps:
        row = of.not_finite[0]
        raise WorkbookError(
            f"{of.path}, line {row.line}: a number is NaN or infinite; --from lost leaves such rows out"
        )
    if not len(of):
        raise WorkbookError(f"{of.path}: the list has no poses")


def _leave_out(facts: SceneFacts, steps: Sequence[str], kept: dict[str, np.ndarray], result: Repaired) -> None:
    corners = CornerFinder()
    if "lost" in steps:
        lost_tracking.check(facts, corners)
        for of in facts.lists:
            kept[of.label] &= ~of.lost
            _note(result, of, int(of.lost.sum()) + len(of.not_finite), "of lost tracking")
    if "outliers" in steps:
        outliers.check(facts, corners)
        for of in facts.lists:
            kept[of.label] &= ~of.outlier
            _note(result, of, int(of.outlier.sum()), "far from all others")
    if "shared" in steps:
        shared = [train for _, train in shared_photos.shared_rows(facts)]
        kept["train"][shared] = False
        _note(result, facts.train, len(set(shared)), "with a photo that is a test photo too")
    if "one-shape" in steps:
        usual = photo_files.usual_shape(facts)
        for of in facts.lists:
            other = np.array([photo_files.shape_of(facts, row.image_path) not in (usual, None) for row in of.rows])
            kept[of.label] &= ~other
            _note(result, of, int(other.sum()), "with a photo of another shape")
    for of in facts.lists:
        if not kept[of.label].any():
            raise WorkbookError(f"{of.path}: no row would be left")


def _note(result: Repaired, of: ListFacts, count: int, words: str) -> None:
    if count:
        result.notes.append(f"Left out of {of.path.name}: {count} {'rows' if count > 1 else 'row'} {words}.")


def _poses(
    facts: SceneFacts, steps: Sequence[str], only: tuple[str | None, Sequence[str]], kept: dict, result: Repaired
) -> dict:
    """In metres, of the rows that are kept."""
    reading = Reading.of_steps(step for step in steps if step in DIFFERENCES or step in TOGETHER)
    metres = next((UNITS[step] for step in steps if step in UNITS), 1.0)
    poses, (label, walks) = {}, only
    for of in facts.lists:
        concerned = np.full(len(of), label in (None, of.label))
        if walks:
            concerned &= np.array([walk in walks for walk in of.sequences], dtype=bool)
        angles = [
            row for row, ours in zip(of.rows, concerned, strict=True) if row.angles and not (ours and reading.opk)
        ]
        if angles:
            raise WorkbookError(
                f"{of.path}, line {angles[0].line}: six numbers where seven are expected. If three are angles, "
                f"posenet scene check {facts.folder} says which ones, and then --from opk or --from opk-w2c reads them"
            )
        position_m, wxyz = np.zeros((len(of), 3)), np.zeros((len(of), 4))
        for rows, as_written, unit_m in ((concerned, reading, metres), (~concerned, Reading(), 1.0)):
            rows = rows & kept[of.label]
            if not rows.any():
                continue
            found = read_as(of.numbers[rows], as_written)
            if found is None:
                raise WorkbookError(f"{of.path}: a quaternion is zero, which is no rotation; --from lost leaves it out")
            position_m[rows], wxyz[rows] = found.position_m * unit_m, found.quaternion_wxyz
        poses[of.label] = PoseArray(position_m[kept[of.label]], wxyz[kept[of.label]])
        if of.radians and reading.opk:
            result.notes.append(f"The angles of {of.path.name} were read as radians: none is larger than a full turn.")
    if "offset" in steps:
        offset = scene_offset_m(poses["train"].position_m)
        x, y, z = offset
        result.notes.append(f"Taken off all positions: {x:g}, {y:g}, {z:g}. Keep these numbers to come back.")
        poses = {name: found._replace(position_m=found.position_m - offset) for name, found in poses.items()}
    if "exif" in steps:
        for of in facts.lists:
            rows = [row for row, keep in zip(of.rows, kept[of.label], strict=True) if keep]
            quarters = [photo_files.quarter_turns(facts, row.image_path) for row in rows]
            turns = np.stack([np.linalg.matrix_power(_QUARTER, quarter) for quarter in quarters])
            rotation = turns @ quaternion.to_matrix(poses[of.label].quaternion_wxyz)
            poses[of.label] = poses[of.label]._replace(quaternion_wxyz=quaternion.from_matrix(rotation))
    return poses


def _write(
    facts: SceneFacts, out: Path, steps: Sequence[str], unit: str, kept: dict, poses: dict, result: Repaired
) -> None:
    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for of in facts.lists:
            rows = [row for row, keep in zip(of.rows, kept[of.label], strict=True) if keep]
            names = [_inside(row.name) for row in rows]
            if not facts.lists_only:
                for row, name in zip(rows, names, strict=True):
                    _put(row.image_path, partial / name, f"{of.path}, line {row.line}")
            text = pose_list_text(zip(names, *poses[of.label], strict=True), decimals=_DECIMALS)
            write_text(partial / f"dataset_{of.label}.txt", text)
        write_unit(partial, unit)
        _write_camera(facts, partial, steps)
        partial.chmod(0o755)  # mkdtemp makes a folder that only its owner may enter
        if out.exists():
            out.rmdir()
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    if facts.lists_only:
        result.notes.append("There are no photos: only the lists were written.")


def _write_camera(facts: SceneFacts, partial: Path, steps: Sequence[str]) -> None:
    camera, model = facts.folder / INTRINSICS, facts.folder / RECONSTRUCTION
    if camera.is_file():
        if "intrinsics" in steps:
            size = intrinsics.usual_size(facts)
            if size is None:
                raise WorkbookError(f"{camera}: --from intrinsics needs the photos, whose size it takes")
            write_intrinsics(partial / INTRINSICS, intrinsics.repaired(read_intrinsics(camera), size))
        else:
            shutil.copyfile(camera, partial / INTRINSICS)
    if model.is_file() and not any(step in UNITS or step == "offset" for step in steps):
        link_or_copy(model, partial / RECONSTRUCTION)


def _inside(name: str) -> str:
    """Below the scene's folder, whatever led out of it."""
    return str(PurePosixPath(*[part for part in PurePosixPath(name).parts if part not in ("..", "/")]))


def _put(source: Path, target: Path, where: str) -> None:
    """A photo in its place, once."""
    if target.exists():
        if target.samefile(source):
            return  # both lists name it
        raise WorkbookError(f"{where}: two photos would have the name {target.name}")
    if not source.is_file():
        raise WorkbookError(f"{where}: photo {source} does not exist")
    link_or_copy(source, target)
