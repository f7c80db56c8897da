"""Read predicted poses from a file, whatever system made them, and match them with a scene's test photos.

Formats: CSV or JSON with the columns image, x, y, z, w, p, q, r, as `prediction_file` writes them, or a Visual Landmark
pose list with its seven numbers. Convention: `posenet_lib.geometry.quaternion`.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.prediction_file import COLUMNS
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.photo_names import relative_name
from posenet_lib.scenes.pose_list import problem_text
from posenet_lib.scenes.pose_rows import LARGEST, read_rows
from posenet_lib.scenes.scene import Scene

_NAMED = 5  # photos in a message


def read_predictions(path: str | Path, scene: Scene) -> PoseArray:
    """Predicted poses in the order of the scene's test list, without its offset; quaternions become unit ones.

    Raises:
        WorkbookError: the file cannot be read, has a bad line, lacks a test photo, or has one twice or too many.
    """
    return poses_from_numbers(read_numbers(path, scene), scene)


def poses_from_numbers(numbers: np.ndarray, scene: Scene) -> PoseArray:
    """(N, 7) in the workbook's convention -> poses without the scene's offset."""
    unit_wxyz = quaternion.canonical_sign(quaternion.normalise(numbers[:, 3:]))
    return PoseArray(numbers[:, :3] - scene.offset_m, unit_wxyz)


def read_numbers(path: str | Path, scene: Scene) -> np.ndarray:
    """As `read_predictions`, the seven numbers of each photo as they are written, (N, 7) float64."""
    path = Path(path)
    found: dict[str, np.ndarray] = {}
    if path.suffix.lower() in (".csv", ".json"):
        problems = []
        rows = _csv_rows(path) if path.suffix.lower() == ".csv" else _json_rows(path)
        for place, row in rows:
            try:
                name, numbers = _parse(row, scene.folder)
                if name in found:
                    raise ValueError(f"photo {name} is there already; keep one")
                found[name] = numbers
            except ValueError as error:
                problems.append(f"{path}, {place}: {error}")
        if problems:
            more = len(problems) - _NAMED
            raise WorkbookError("\n".join(problems[:_NAMED]) + f"\n... and {more} more bad lines" * (more > 0))
    else:
        rows, problems = read_rows(path, check_images=False)
        if problems:
            raise WorkbookError(problem_text(path, problems))
        found = {row.name: row.numbers for row in rows}
    _check_names(path, found, scene)
    return np.array([found[record.name] for record in scene.test.records])


def _csv_rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    text = _read_text(path)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)  # some spreadsheets write semicolons
    reader = csv.DictReader(text.splitlines(), delimiter=delimiter)
    reader.fieldnames = [(name or "").strip().lower() for name in reader.fieldnames or ()]
    if missing := [name for name in COLUMNS if name not in reader.fieldnames]:
        raise WorkbookError(
            f"{path}, line 1: no column {', '.join(missing)}; the first line must name the columns {','.join(COLUMNS)} "
            "(w,p,q,r are the quaternion's w,x,y,z)"
        )
    try:
        for row in reader:
            yield f"line {reader.line_num}", row
    except csv.Error as error:
        raise WorkbookError(f"{path}, line {reader.line_num}: {error}") from None


def _json_rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    try:
        rows = json.loads(_read_text(path))
    except (ValueError, RecursionError) as error:
        raise WorkbookError(f"{path}: no JSON ({error})") from None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WorkbookError(f"{path}: must be a list of objects with the keys {', '.join(COLUMNS)}")
    for number, row in enumerate(rows, start=1):
        yield f"entry {number}", row


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise WorkbookError(f"{path}: no such file of predictions") from None
    except (UnicodeDecodeError, OSError) as error:
        raise WorkbookError(f"{path}: cannot be read ({error})") from None


def _parse(row: Mapping[str, Any], folder: Path) -> tuple[str, np.ndarray]:
    """One prediction. Raises ValueError with what is wrong in it."""
    if extra := [value for value in row.get(None) or () if value]:  # decimal commas would shift all numbers unnoticed
        raise ValueError(
            f"{len(extra)} more values than the first line has columns ({', '.join(extra)[:40]}); "
            "write decimal points, and quote a name that holds a comma"
        )
    written = row.get("image")
    if not isinstance(written, str) or not written.strip():
        raise ValueError("the photo's name is missing")
    numbers = []
    for column in COLUMNS[1:]:
        value = row.get(column)
        if value is None or value == "":
            raise ValueError(
                f"{column} is missing; {', '.join(COLUMNS)} are needed (w, p, q, r: the quaternion's w, x, y, z)"
            )
        try:
            numbers.append(float(value))
        except (TypeError, ValueError):
            raise ValueError(f"{column} is {str(value)[:40]!r}, which is not a number") from None
        if not abs(numbers[-1]) < LARGEST:
            raise ValueError(f"{column} is {str(value)[:40]!r}; a finite number is needed")
    if np.linalg.norm(numbers[3:]) < 1e-6:
        raise ValueError("the quaternion w, p, q, r is zero, which is no rotation")
    return relative_name(written.strip(), folder), np.array(numbers)


def _check_names(path: Path, found: Mapping[str, Any], scene: Scene) -> None:
    wanted = {record.name for record in scene.test.records}
    missing = [record.name for record in scene.test.records if record.name not in found]
    unknown = [name for name in found if name not in wanted]
    problems = []
    if missing:
        problems.append(f"{len(missing)} of {len(wanted)} test photos have no prediction: {_some(missing)}")
    if unknown:
        trained_on = {record.name for record in scene.train.records} & set(unknown)
        what = "are training photos" if len(trained_on) == len(unknown) else "are not in the scene's test list"
        problems.append(f"{len(unknown)} predictions {what}: {_some(unknown)}")
    if problems:
        raise WorkbookError(f"{path}: " + "; ".join(problems))


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")
