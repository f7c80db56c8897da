"""What all checks look at: the two lists as they are written, and the photos' headers. Read once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np

from posenet_lib.geometry.conventions import Reading, read_as
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.photo_troubles import PhotosOnDisk
from posenet_lib.scenes.pose_rows import LARGEST, PoseRow, Problem, convert_command, read_rows
from posenet_lib.scenes.readers.photo_files import Header, read_header
from posenet_lib.scenes.unit import scene_unit

LABELS = ("train", "test")
_FULL_TURN = 6.3  # in radians; a little more for rounding


@dataclass(eq=False)
class ListFacts:
    """One list. Checks that run later see what earlier ones found: the probable reading, rows that count."""

    label: str
    path: Path
    rows: tuple[PoseRow, ...]
    problems: tuple[Problem, ...]
    not_finite: tuple[PoseRow, ...] = ()  # rows with NaN or infinity, which are not among `rows`
    reading: Reading = field(default_factory=Reading)  # the probable one; `conventions` decides
    metres: float = 1.0  # length of the list's unit; `units` decides
    lost: np.ndarray = None  # (N,) bool; `lost_tracking` decides
    outlier: np.ndarray = None  # (N,) bool; `outliers` decides

    def __post_init__(self):
        self.lost = np.zeros(len(self.rows), dtype=bool)
        self.outlier = np.zeros(len(self.rows), dtype=bool)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def numbers(self) -> np.ndarray:
        """(N, 7) as they are written, but for angles in radians, which are in degrees here."""
        numbers = np.array([row.numbers for row in self.rows]).reshape(-1, 7)
        if self.radians:
            numbers[:, 3:] = np.degrees(numbers[:, 3:])
        return numbers

    @cached_property
    def radians(self) -> bool:
        """Whether the rows have three angles each, all of them small enough for radians."""
        angles = [row.numbers[3:6] for row in self.rows if row.angles]
        return 2 * len(angles) > len(self.rows) and bool(0.2 < np.abs(angles).max() <= _FULL_TURN)

    @cached_property
    def sequences(self) -> np.ndarray:
        """(N,) the folder of each photo: one walk, one sequence."""
        return np.array([row.name.rpartition("/")[0] for row in self.rows], dtype=object)

    @property
    def counts(self) -> np.ndarray:
        """(N,) bool: rows that hold a pose of this scene."""
        return ~(self.lost | self.outlier)

    def poses(self, mask: np.ndarray | None = None) -> PoseArray:
        """In metres, in the probable reading; by default of the rows that count."""
        numbers = self.numbers[self.counts if mask is None else mask]
        poses = read_as(numbers, self.reading)
        return PoseArray(poses.position_m * self.metres, poses.quaternion_wxyz)

    def where(self, index: int) -> str:
        """File, line and photo."""
        row = self.rows[index]
        return f"{self.path}, line {row.line} ({row.name})"


@dataclass(eq=False)
class SceneFacts:
    """Both lists and the photos."""

    folder: Path
    train: ListFacts
    test: ListFacts
    in_degrees: bool = False  # latitude and longitude; `degrees` decides

    @property
    def lists(self) -> tuple[ListFacts, ListFacts]:
        """Training first."""
        return self.train, self.test

    def convert(self, *steps: str) -> str:
        """The command that repairs."""
        return convert_command(self.folder, *steps)

    @cached_property
    def lists_only(self) -> bool:
        """Whether there is no photo at all: then only what the lists say can be checked."""
        if any(row.image_path.is_file() for of in self.lists for row in of.rows):
            return False
        return not PhotosOnDisk(self.folder).any()

    @cached_property
    def unit(self) -> str:
        """What lengths are counted in: 'm', or 'units' where nobody knows the scale."""
        return scene_unit(self.folder)

    @cached_property
    def headers(self) -> dict[Path, Header]:
        """Of all photos that are there and can be opened."""
        found = {}
        for row in (*self.train.rows, *self.test.rows):
            header = read_header(row.image_path)
            if header:
                found[row.image_path] = header
        return found


def read_facts(folder: Path) -> SceneFacts:
    """Both lists, leniently.

    Raises:
        WorkbookError: a list is missing or no text.
    """
    lists = []
    for label in LABELS:
        path = folder / f"dataset_{label}.txt"
        rows, problems = read_rows(path, check_images=False, lenient=True)
        finite = [bool((np.abs(row.numbers) < LARGEST).all()) for row in rows]
        lost = [row for row, ok in zip(rows, finite, strict=True) if not ok]
        good = tuple(row for row, ok in zip(rows, finite, strict=True) if ok)
        lists.append(ListFacts(label, path, good, problems, tuple(lost)))
    return SceneFacts(folder, *lists)


def spread(position: np.ndarray) -> float:
    """How far (N, 3) cameras lie apart, whatever a few of them do: median distance from the median position."""
    return float(np.median(np.linalg.norm(position - np.median(position, axis=0), axis=1)))


def some(names: Sequence[str], shown: int = 3) -> str:
    """The first few."""
    return ", ".join(names[:shown]) + (", ..." if len(names) > shown else "")
