"""A scene: its folder, its training and its test photos with their poses. Known scenes have names."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import datasets_dir
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.court_seed import practice_court_folder, read_court_seed
from posenet_lib.scenes.offset import scene_offset_m
from posenet_lib.scenes.photo_store import ImageStore, open_store
from posenet_lib.scenes.pose_list import PoseRecord, read_pose_list
from posenet_lib.scenes.unit import scene_unit

PRACTICE_COURT = "practice-court"


@dataclass(frozen=True, eq=False)
class Split:
    """The training or the test half of a scene."""

    label: str  # "train" or "test"
    records: tuple[PoseRecord, ...]
    folder: Path  # the scene's

    def __len__(self) -> int:
        return len(self.records)

    @cached_property
    def poses(self) -> PoseArray:
        """All poses, in the list's order."""
        return PoseArray(
            np.array([record.position_m for record in self.records]),
            np.array([record.quaternion_wxyz for record in self.records]),
        )

    @cached_property
    def sequences(self) -> np.ndarray:
        """(N,) the folder of each photo: one walk, one sequence."""
        return np.array([record.name.rpartition("/")[0] for record in self.records])

    def open_store(self, *, show_progress: bool = True) -> ImageStore:
        """The split's photos, resized; built when first asked for."""
        return open_store(self.records, self.folder, self.label, show_progress=show_progress)


@dataclass(frozen=True, eq=False)
class Scene:
    """One place, in Visual Landmark layout."""

    name: str
    folder: Path
    train: Split
    test: Split
    offset_m: np.ndarray = field(default_factory=lambda: np.zeros(3))  # taken off all positions when they were read

    @property
    def is_practice_court(self) -> bool:
        """Whether it is the shipped scene."""
        return self.name == PRACTICE_COURT

    @cached_property
    def unit(self) -> str:
        """What its lengths are counted in: 'm', or 'units' where nobody knows the scale."""
        return scene_unit(self.folder)

    @cached_property
    def court_seed(self) -> int | None:
        """Which court of the family it is, so that any view of it can be rendered; None for all other scenes."""
        return 0 if self.is_practice_court else read_court_seed(self.folder)


def find_scene(name_or_folder: str | Path) -> tuple[str, Path]:
    """Name and folder of a scene.

    A folder is taken as it is; 'practice-court' is the shipped scene; any other name is looked up under
    data/datasets, where 'kings-college' finds KingsCollege.

    Raises:
        WorkbookError: there is no such scene; the known ones are listed.
    """
    folder = Path(name_or_folder).expanduser()
    if _plain(str(name_or_folder)) == _plain(PRACTICE_COURT):
        return PRACTICE_COURT, practice_court_folder()
    if (folder / "dataset_train.txt").is_file():
        shipped = folder.resolve() == practice_court_folder().resolve()
        return (PRACTICE_COURT if shipped else folder.resolve().name), folder
    downloaded = [path for path in sorted(datasets_dir().glob("*")) if (path / "dataset_train.txt").is_file()]
    for path in downloaded:
        if _plain(path.name) == _plain(str(name_or_folder)):
            return path.name, path
    if folder.is_dir():
        raise WorkbookError(f"{folder} has no dataset_train.txt, so it is not a scene in the workbook's layout")
    known = ", ".join([PRACTICE_COURT, *(path.name for path in downloaded)])
    raise WorkbookError(
        f"no scene {str(name_or_folder)!r}: it is neither a folder nor one of the scenes here ({known}); "
        "data/datasets/README.md says how to add others"
    )


def load_scene(name_or_folder: str | Path = PRACTICE_COURT, *, check_images: bool = True) -> Scene:
    """Read a scene's two pose lists. A scene in map coordinates comes without its offset (see `offset`).

    Raises:
        WorkbookError: there is no such scene, or a list has bad lines (named).
    """
    name, folder = find_scene(name_or_folder)
    train, test = (
        Split(label, tuple(read_pose_list(folder / f"dataset_{label}.txt", check_images)), folder)
        for label in ("train", "test")
    )
    offset_m = scene_offset_m(train.poses.position_m)
    if offset_m.any():
        train, test = (_moved(split, offset_m) for split in (train, test))
    return Scene(name, folder, train, test, offset_m)


def _moved(split: Split, offset_m: np.ndarray) -> Split:
    records = (replace(record, position_m=record.position_m - offset_m) for record in split.records)
    return replace(split, records=tuple(records))


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())
