"""RealityCapture's CSV: Rz(-heading) Rx(pitch) Ry(roll) in OpenGL axes, focal length for 36 mm film."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.support.importing import FLIP, assert_same_pixels, frames, put_photos, put_small_photo

WALK = frames()
HEADER = "#name,x,y,alt,heading,pitch,roll,f,px,py,k1,k2,k3,k4,t1,t2"


def angles_deg(frame):
    """SciPy's 'ZXY' is Rz Rx Ry, each about the axes that the one before made."""
    a, pitch, roll = Rotation.from_matrix(frame.to_camera.T @ FLIP).as_euler("ZXY", degrees=True)
    return -a, pitch, roll


def rows():
    lines = []
    for frame in WALK:
        numbers = (*frame.centre, *angles_deg(frame), 26.7, 0.01, -0.02, 0.05, 0, 0, 0, 0, 0)
        lines.append(",".join([frame.name, *(repr(float(number)) for number in numbers)]))
    return lines


def rc_pixels(index, points):
    """The program's help: f, px, py are relative to the longer side; the camera looks along its own -z."""
    frame = WALK[index]
    heading, pitch, roll = np.radians(angles_deg(frame))
    z = np.array([[np.cos(heading), np.sin(heading), 0], [-np.sin(heading), np.cos(heading), 0], [0, 0, 1]])
    x = np.array([[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]])
    y = np.array([[np.cos(roll), 0, np.sin(roll)], [0, 1, 0], [-np.sin(roll), 0, np.cos(roll)]])
    right, up, back = (z @ x @ y).T @ (points - frame.centre).T
    focal = 26.7 / 36 * 480
    return np.stack([focal * right / -back + 240 + 0.01 * 480, focal * -up / -back + 135 - 0.02 * 480], 1)


def write(folder, lines, header=HEADER):
    folder.mkdir(exist_ok=True)
    put_photos(folder, WALK)
    (folder / "cameras.csv").write_text("\n".join([f"#cameras {len(WALK)}", header, *lines]) + "\n")
    return folder


def test_points_project_to_the_same_pixels(tmp_path, importing):
    made = importing("realitycapture", write(tmp_path / "rc", rows()))
    assert_same_pixels(made, WALK, rc_pixels)
    assert "k1=0.05" in made.output


def test_a_real_export(shared_data, tmp_path, importing):
    """Ten rows, cleaned up by their authors: 'z' in place of 'alt', and no camera."""
    names = [f"frame{number:06d}.png" for number in range(1, 6)]
    names += [f"prame{number:06d}.png" for number in (860, 940, 980, 1030, 1080)]
    for name in names:
        put_small_photo(tmp_path / "photos" / name)
    file = shared_data / "realitycapture" / "cameras.csv"
    made = importing("realitycapture", file, "--photos", tmp_path / "photos")
    record = made.by_name["frame000001.png"]
    np.testing.assert_allclose(record.position_m, [7.108520, -4.497005, -0.534644])
    w, x, y, z = record.quaternion_wxyz
    forward = Rotation.from_quat([x, y, z, w]).as_matrix()[2]
    # pitch 82 degrees: nearly level, as the photos of a walk are; heading 79 with roll 74 turns it further
    assert abs(forward[2]) < 0.35
    assert made.matrix is None
    assert "The source gives no camera" in made.output


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda lines: (lines, HEADER.replace("heading", "direction")), "there is no column yaw"),
        (lambda lines: ([lines[0].replace(",26.7", ",wide"), *lines[1:]], HEADER), "line 3: f is 'wide'"),
        (lambda lines: ([lines[0][:60], *lines[1:]], HEADER), "line 3: has"),
        (lambda lines: ([lines[0].replace("26.7", "-1"), *lines[1:]], HEADER), "focal lengths -13.3333"),
        (lambda lines: ([], HEADER), "the table has no row"),
    ],
)
def test_wrong_rows_are_named(tmp_path, importing, change, words):
    lines, header = change(rows())
    assert words in importing.refused("realitycapture", write(tmp_path / "rc", lines, header))


def test_lost_frames_are_counted(tmp_path, importing):
    lines = rows()
    lines[3] = lines[3].replace(repr(float(WALK[3].centre[0])), "nan")
    made = importing("realitycapture", write(tmp_path / "rc", lines))
    assert f"1 lost frame left out (a number that is not finite), first rc/{WALK[3].name}." in made.output
    assert len(made.train) + len(made.test) == len(WALK) - 1
