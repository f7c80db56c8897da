"""A frame of reference for a map that has none: up is up, the origin is where the first photo was taken, and a unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.geometry.similarity import Similarity
from posenet_lib.scenes.align import Placed, align, cameras_of, describe

SIZE_UNITS = 10.0  # the largest extent of the cameras, where no length is known
_TURNS_LITTLE = 0.15  # the second singular value of the cameras' x axes, as a share of the first


@dataclass(frozen=True)
class KnownLength:
    """The distance between the cameras of two photos, measured by the user."""

    first: str
    second: str
    metres: float

    @classmethod
    def parse(cls, words: Sequence[str]) -> "KnownLength":
        """`--metres A.jpg B.jpg 1.2`.

        Raises:
            WorkbookError: the third word is no length above 0, or both photos are one.
        """
        first, second, length = words
        try:
            metres = float(length)
        except ValueError:
            metres = float("nan")
        if not 0 < metres < 1e6 or first == second:
            raise WorkbookError(
                f"--metres {' '.join(words)}: two photos and the distance between their cameras in metres are needed, "
                "such as frame00001.jpg frame00040.jpg 1.2"
            )
        return cls(first, second, metres)


@dataclass(frozen=True, eq=False)
class Orientation:
    """How a map moves into its frame of reference, and whether lengths are metres there."""

    similarity: Similarity
    unit: str  # "m" or "units"
    notes: tuple[str, ...]


def up_direction(poses: PoseArray) -> tuple[np.ndarray, str]:
    """The unit vector (3,) that points up in the world, and how it was found.

    People hold a camera level: its x axis lies in the horizontal plane, whichever way it looks and however it is
    pitched. So up is the direction that is most nearly at right angles to all x axes: their smallest right singular
    vector. Where the camera hardly turned, the x axes are nearly one line and leave a circle of directions; then it is
    the mean direction of the photos' upper sides, which is wrong by the camera's mean pitch.
    """
    axes = quaternion.to_matrix(poses.quaternion_wxyz)  # rows: the cameras' x, y and z in the world
    upper_sides = -axes[:, 1, :].mean(axis=0)
    _, size, directions = np.linalg.svd(axes[:, 0, :], full_matrices=True)
    if len(size) == 3 and size[1] > _TURNS_LITTLE * size[0]:
        up, how = directions[2], "from the cameras' level x axes"
    else:
        along = directions[0]
        up, how = (
            upper_sides - (upper_sides @ along) * along,
            "from the photos' upper sides, for the camera turned little",
        )
    if up @ upper_sides < 0:
        up = -up
    return up / np.linalg.norm(up), how


def orient(names: Sequence[str], poses: PoseArray, known: KnownLength | None = None) -> Orientation:
    """Up becomes +z; the first photo is taken at the origin and looks along +y, but for its pitch; +x is to its right.

    Args:
        names: of the photos, in order.
        poses: theirs, in the map's own frame.
        known: a length, so that the unit becomes the metre; without it, the cameras' largest extent is 10 units.

    Raises:
        WorkbookError: a photo of `known` is not in the map, or both cameras are at one point.
    """
    up, how = up_direction(poses)
    looks = quaternion.to_matrix(poses.quaternion_wxyz[0])[2]
    ahead = looks - (looks @ up) * up
    if np.linalg.norm(ahead) < 1e-6:  # straight up or down: then its upper side is ahead
        ahead = -quaternion.to_matrix(poses.quaternion_wxyz[0])[1]
        ahead = ahead - (ahead @ up) * up
    ahead = ahead / np.linalg.norm(ahead)
    rotation = np.stack([np.cross(ahead, up), ahead, up])
    level = (poses.position_m - poses.position_m[0]) @ rotation.T
    scale, unit, note = _scale(names, level, known)
    notes = (
        f"Up is +z ({how}); the origin is the camera of {names[0]}, which looks along +y; +x is to its right.",
        note,
    )
    return Orientation(Similarity(scale, rotation, -scale * rotation @ poses.position_m[0]), unit, notes)


def place_by_positions(names: Sequence[str], poses: PoseArray, measured: Path) -> Orientation:
    """The frame of reference of measured positions: a table `NAME X Y Z` in metres of three photos or more.

    Raises:
        WorkbookError: a line is wrong, or the positions do not determine the frame (`scenes.align`).
    """
    placed = Placed(dict(zip(names, poses.position_m, strict=True)), {}, "units")
    found = align(placed, cameras_of(measured))
    notes = (f"The frame of reference is that of {measured}, in metres:", describe(found))
    return Orientation(found.similarity, "m", notes)


def _scale(names: Sequence[str], positions: np.ndarray, known: KnownLength | None) -> tuple[float, str, str]:
    extent = float(np.ptp(positions, axis=0).max())
    if known is None:
        if not extent > 0:
            raise WorkbookError("all photos were taken at one point, so there is no map; walk while filming")
        return (
            SIZE_UNITS / extent,
            "units",
            f"The scale is unknown: the cameras spread over {SIZE_UNITS:g} units. `--metres` or "
            "`posenet scene align` gives a scale.",
        )
    ends = [positions[_index(names, name)] for name in (known.first, known.second)]
    length = float(np.linalg.norm(ends[0] - ends[1]))
    if length <= 1e-6 * extent:
        raise WorkbookError(f"--metres: {known.first} and {known.second} were taken at one point; choose two far apart")
    note = f"Lengths are metres: the cameras of {known.first} and {known.second} are {known.metres:g} m apart."
    return known.metres / length, "m", note


def _index(names: Sequence[str], wanted: str) -> int:
    """Of the photo with that name, with or without its folder.

    Raises:
        WorkbookError: there is none, or several.
    """
    found = [index for index, name in enumerate(names) if name == wanted] or [
        index for index, name in enumerate(names) if name.rpartition("/")[2] == wanted
    ]
    if len(found) != 1:
        why = "has no pose in the map" if not found else f"could be {names[found[0]]} or {names[found[1]]}"
        raise WorkbookError(f"the photo {wanted} {why}; the photos are {names[0]} ... {names[-1]}")
    return found[0]
