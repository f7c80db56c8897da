"""Outliers, units, offsets, lost tracking, splits: found on walks without photos."""

from pathlib import Path

import numpy as np
import pytest

from tests.scenes.check import matrix
from tests.scenes.check.walks import facts_of, walked

NOWHERE = Path("nowhere")
ERRORS = {
    kind: (words, facts)
    for kind, words, facts in matrix.errors(walked("walk", 31), NOWHERE, np.random.default_rng(0))
    if kind.split()[0].split("+")[0] in ("cm", "mm", "feet", "outlier", "offset", "identity", "frozen", "random")
}


@pytest.mark.parametrize("kind", ERRORS)
def test_an_error_is_found_and_its_repair_named(kind):
    words, facts = ERRORS[kind]
    (found,) = matrix.findings(facts)
    assert all(word in found.remedy for word in words), found
    assert found.count >= 1 and "dataset_" in found.where and found.why


def test_errors_together_are_all_found():
    scene = matrix._lost(
        matrix._with_outlier(walked("walk", 32), 1e9, np.random.default_rng(0)), 3, np.random.default_rng(1)
    )
    found = matrix.findings(facts_of(scene, NOWHERE, {"train": ("xyzw",), "test": ("xyzw",)}))
    steps = [one.remedy.partition("--from ")[2] for one in found]
    assert steps == ["outliers", "xyzw"] or steps == ["lost", "outliers", "xyzw"]


def test_standing_still_is_no_lost_tracking():
    names, poses = walked("walk", 33)["train"]
    position = poses.position_m.copy()
    wxyz = poses.quaternion_wxyz.copy()
    position[10:20], wxyz[10:20] = position[10], wxyz[10]
    position[20:40] = poses.position_m[11:31]  # goes on where it stood
    wxyz[20:40] = poses.quaternion_wxyz[11:31]
    scene = {**walked("walk", 33), "train": (names, poses._replace(position_m=position, quaternion_wxyz=wxyz))}
    assert matrix.findings(facts_of(scene, NOWHERE)) == []
