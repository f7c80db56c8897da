"""Predicted poses as files: CSV or JSON with the columns image, x, y, z (metres), w, p, q, r (unit quaternion)."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.geometry.poses import PoseArray, PoseSigma

COLUMNS = ("image", "x", "y", "z", "w", "p", "q", "r")


def check_suffix(path: Path) -> None:
    """Raises WorkbookError unless the name says which format is wanted; asked before the work, not after it."""
    if path.suffix.lower() not in (".csv", ".json"):
        raise WorkbookError(f"{path}: the name must end in .csv or .json, which says how to write it")


def write_predictions(
    path: Path,
    names: Sequence[str],
    poses: PoseArray,
    sigma: PoseSigma | None = None,
    more: Mapping[str, np.ndarray] | None = None,
) -> None:
    """Write all of it or nothing.

    With `sigma`, two more columns: position_sigma_m and rotation_sigma_deg. With `more`, a column for each of its
    names, of (N,) numbers.
    """
    check_suffix(path)
    rows = [
        dict(
            zip(COLUMNS, (name, *(round(float(number), 6) for number in (*position_m, *quaternion_wxyz))), strict=True)
        )
        for name, position_m, quaternion_wxyz in zip(names, *poses, strict=True)
    ]
    columns = [*COLUMNS]
    spreads = {name.replace("_", "_sigma_"): values for name, values in (sigma._asdict() if sigma else {}).items()}
    for column, values in (spreads | dict(more or {})).items():
        columns.append(column)
        for row, value in zip(rows, values.tolist(), strict=True):
            row[column] = round(value, 6)
    if path.suffix.lower() == ".json":
        write_text(path, json.dumps(rows, indent=1) + "\n")
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, text.getvalue())


def pose_line(name: str, position_m: np.ndarray, quaternion_wxyz: np.ndarray, unit: str = "m") -> str:
    """One pose for the terminal."""
    x, y, z = position_m
    w, p, q, r = quaternion_wxyz
    place, orientation = f"({x:.3f}, {y:.3f}, {z:.3f}) {unit}", f"({w:.4f}, {p:.4f}, {q:.4f}, {r:.4f})"
    return f"{name}: position {place}, quaternion wxyz {orientation}"
