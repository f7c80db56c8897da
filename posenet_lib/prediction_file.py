"""Predicted poses as files: CSV or JSON with the columns image, x, y, z (metres), w, p, q, r (unit quaternion)."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from posenet_lib.errors import WorkbookError
from posenet_lib.files import write_text
from posenet_lib.poses import PoseArray

COLUMNS = ("image", "x", "y", "z", "w", "p", "q", "r")


def check_suffix(path: Path) -> None:
    """Raises WorkbookError unless the name says which format is wanted; asked before the work, not after it."""
    if path.suffix.lower() not in (".csv", ".json"):
        raise WorkbookError(f"{path}: the name must end in .csv or .json, which says how to write it")


def write_predictions(path: Path, names: Sequence[str], poses: PoseArray) -> None:
    """Write all of it or nothing."""
    check_suffix(path)
    rows = [
        dict(
            zip(COLUMNS, (name, *(round(float(number), 6) for number in (*position_m, *quaternion_wxyz))), strict=True)
        )
        for name, position_m, quaternion_wxyz in zip(names, *poses, strict=True)
    ]
    if path.suffix.lower() == ".json":
        write_text(path, json.dumps(rows, indent=1) + "\n")
        return
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, text.getvalue())


def pose_line(name: str, position_m: np.ndarray, quaternion_wxyz: np.ndarray) -> str:
    """One pose for the terminal."""
    x, y, z = position_m
    w, p, q, r = quaternion_wxyz
    return f"{name}: position ({x:.3f}, {y:.3f}, {z:.3f}) m, quaternion wxyz ({w:.4f}, {p:.4f}, {q:.4f}, {r:.4f})"
