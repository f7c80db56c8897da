"""VisualSFM's NVM_V3: focal length, world to camera with w first, centre."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.support.importing import assert_same_pixels, frames, put_photos

WALK = frames()


def write(folder, change=lambda lines: lines):
    put_photos(folder, WALK)
    lines = ["NVM_V3 ", "", str(len(WALK))]
    for frame in WALK:
        x, y, z, w = frame.quaternion_xyzw
        numbers = " ".join(repr(float(number)) for number in (356, w, x, y, z, *frame.centre))
        lines.append(f"{frame.name}\t{numbers} -0.08 0")
    (folder / "reconstruction.nvm").write_text("\n".join(change([*lines, "", "0", "", "0"])) + "\n")
    return folder


def nvm_pixels(index, points):
    frame = WALK[index]
    u, v, depth = Rotation.from_quat(frame.quaternion_xyzw).apply(points - frame.centre).T
    return np.stack([356 * u / depth + 240, 356 * v / depth + 135], 1)


def test_points_project_to_the_same_pixels(tmp_path, importing):
    made = importing("nvm", write(tmp_path / "walk"))
    assert_same_pixels(made, WALK, nvm_pixels)
    assert "radial -0.08" in made.output


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: ["NVM_V2", *lines[1:]], "line 1: begins with 'NVM_V2' where NVM_V3 is expected"),
        (lambda lines: lines[:6], "the file ends where camera 4 of 10 should come"),
        (lambda lines: [line.replace("356", "0") for line in lines], "focal length 0"),
        (lambda lines: [line.replace("356.0", "inf") for line in lines], "line 4: 'inf': a finite number is needed"),
        (lambda lines: [*lines[:3], f"{WALK[0].name} 356 0 0 0 0 1 2 3 0 0", *lines[4:]], "quaternion is zero"),
    ],
)
def test_damage_is_named(tmp_path, importing, change, words):
    assert words in importing.refused("nvm", write(tmp_path / "walk", change))


def test_one_file_is_needed(tmp_path, importing):
    assert "one .nvm is needed, and there are 0" in importing.refused("nvm", tmp_path)
