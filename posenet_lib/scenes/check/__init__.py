"""Is a scene's data what it should be? Found before training, not in its results.

`check_scene` reads both lists and the photos' headers once, and asks one module after another; a new kind of finding is
a new module with `check(facts, corners)`, and one line in `CHECKS`. The order matters: later checks leave out the rows
that earlier ones found to be wrong, and look at poses in the reading that `conventions` found.
"""

from pathlib import Path

import numpy as np

from posenet_lib.scenes.check import (
    conventions,
    degrees,
    intrinsics,
    lost_tracking,
    offset,
    outliers,
    photo_files,
    random_split,
    readable,
    shared_photos,
    units,
    walk_conventions,
    walk_units,
    world_frames,
)
from posenet_lib.scenes.check.facts import SceneFacts, read_facts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.scene import find_scene

CHECKS = (
    readable,
    lost_tracking,
    degrees,
    walk_units,
    outliers,
    conventions,
    walk_conventions,
    world_frames,
    units,
    offset,
    shared_photos,
    random_split,
    photo_files,
    intrinsics,
)

__all__ = ["CHECKS", "Finding", "check_facts", "check_scene"]


def check_scene(name_or_folder: str | Path) -> list[Finding]:
    """All findings about a scene, in the order of `CHECKS`; an empty list if nothing looks wrong.

    Raises:
        WorkbookError: there is no such scene, or a list is missing or no text.
    """
    _, folder = find_scene(name_or_folder)
    return check_facts(read_facts(folder))


def check_facts(facts: SceneFacts) -> list[Finding]:
    """The same for facts that are read already."""
    corners = CornerFinder()
    with np.errstate(all="ignore"):  # absurd numbers overflow, and are found to be absurd
        return [finding for check in CHECKS for finding in check.check(facts, corners)]
