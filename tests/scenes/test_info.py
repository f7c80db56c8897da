"""What a scene holds: the cameras' path."""

from pathlib import Path

import numpy as np

from posenet_lib.scenes.info import path_length_m
from posenet_lib.scenes.pose_list import PoseRecord
from posenet_lib.scenes.scene import Split


def test_a_path_does_not_jump_over_the_other_split():
    def split(frames: list[int], ending: str = "png") -> Split:
        records = [PoseRecord(f"s/frame{i:05d}.{ending}", Path(), np.array([i, 0.0, 0]), np.eye(4)[0]) for i in frames]
        return Split("test", tuple(records), Path())

    assert path_length_m(split([0, 1, 2, 4, 5])) == 5, "one photo that is missing is no jump"
    assert path_length_m(split([0, 1, 2, 3, 103, 104, 105])) == 5
    assert path_length_m(split([0, 1, 2, 3, 103, 104, 105], "jp2")) == 5, "the ending's digit is no frame"
    assert path_length_m(split([0, 20, 40, 60, 160, 180])) == 80, "every twentieth frame"
    assert path_length_m(split([7])) == 0
