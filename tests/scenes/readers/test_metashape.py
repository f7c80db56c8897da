"""Metashape's XML: camera to chunk, the component's similarity, cx and cy from the middle, and no entity bombs."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from tests.support.importing import assert_same_pixels, frames, put_photos

WALK = frames()
SCALE, TURN, SHIFT = 2.5, Rotation.from_euler("xyz", [20, -30, 50], degrees=True).as_matrix(), np.array([3.0, -1, 0.5])
SENSOR = """<sensor id="0" label="phone" type="frame"><resolution width="480" height="270"/>
<calibration type="frame" class="initial"><resolution width="480" height="270"/><f>400</f></calibration>
<calibration type="frame" class="adjusted"><resolution width="480" height="270"/>
<f>350</f><cx>-1.5</cx><cy>1.25</cy><b1>5</b1><k1>0.04</k1></calibration></sensor>"""


def in_chunk(frame):
    """The camera in a chunk whose similarity takes it back to its place in the world."""
    matrix = np.eye(4)
    matrix[:3, :3] = TURN.T @ frame.to_camera.T
    matrix[:3, 3] = TURN.T @ (frame.centre - SHIFT) / SCALE
    return matrix


def numbers(array):
    return " ".join(repr(float(number)) for number in np.ravel(array))


def text(sensor=SENSOR, first_camera=None, more="", head='<?xml version="1.0" encoding="UTF-8"?>'):
    cameras = [
        f'<camera id="{index}" sensor_id="0" component_id="0" label="{frame.name.rpartition(".")[0]}">'
        f"<transform>{numbers(in_chunk(frame))}</transform><reference x='1' y='2' z='3'/></camera>"
        for index, frame in enumerate(WALK)
    ]
    cameras[0] = first_camera or cameras[0]
    return f"""{head}
<document version="2.0.0"><chunk label="Chunk 1" enabled="true"><sensors next_id="1">{sensor}</sensors>
<components next_id="1" active_id="0"><component id="0" label="C"><transform><rotation locked="true">{numbers(TURN)}
</rotation><translation>{numbers(SHIFT)}</translation><scale>{SCALE}</scale></transform></component></components>
<cameras next_id="10" next_group_id="0"><group id="0" label="walk">{"".join(cameras)}</group>{more}</cameras>
</chunk></document>"""


def write(folder, content):
    put_photos(folder / "images", WALK)
    (folder / "cameras.xml").write_text(content)
    return folder / "cameras.xml"


def metashape_pixels(index, points):
    """The manual: u = w/2 + cx + x f + x b1, v = h/2 + cy + y f, in the camera's x right, y down, z forward."""
    in_chunk_points = (points - SHIFT) @ TURN / SCALE
    x, y, z, _ = np.linalg.inv(in_chunk(WALK[index])) @ np.c_[in_chunk_points, np.ones(len(points))].T
    return np.stack([240 - 1.5 + x / z * (350 + 5), 135 + 1.25 + y / z * 350], 1)


def test_points_project_to_the_same_pixels(tmp_path, importing):
    more = (
        '<camera id="90" sensor_id="0" label="unaligned"/>'
        '<camera id="91" sensor_id="0" label="off" enabled="false"><transform>1</transform></camera>'
    )
    made = importing("metashape", write(tmp_path / "walk", text(more=more)))
    assert_same_pixels(made, WALK, metashape_pixels)
    assert "1 cameras left out, not aligned." in made.output
    assert "1 cameras left out, switched off." in made.output
    assert "k1=0.04" in made.output


def test_a_chunk_without_components(tmp_path, importing):
    content = text().replace("<components", "<!--").replace("</components>", "-->")
    assert len(
        importing("metashape", write(tmp_path / "walk", content.replace('next_id="1" active_id="0">', ""))).train
    )


FRAME_1 = '<camera id="0" label="frame00001"><transform>{}</transform></camera>'
BOMB = """<?xml version="1.0"?><!DOCTYPE document [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>"""


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (text(head=BOMB), "declares a document type (<!DOCTYPE)"),
        (text()[:-40], "is no XML that can be read"),
        ("<a>" * 100, "elements lie 51 deep in one another"),
        ("no XML at all", "is no XML that can be read"),
        ("<document><chunk/></document>", "there is no <camera> in it"),
        (text(sensor=SENSOR.replace('type="frame">', 'type="spherical">', 1)), "is of the type 'spherical'"),
        (text(sensor=SENSOR.replace("<f>350</f>", "<f>wide</f>")), "sensor 0: f is 'wide'"),
        (text(sensor=SENSOR.replace("<f>350</f>", "<f>-350</f>")), "focal lengths -345 and -350"),
        (text().replace(f"<scale>{SCALE}", "<scale>0"), "component 0: the scale is 0"),
        (text(first_camera=FRAME_1.format("1 2 3")), "has 3 numbers"),
        (text(first_camera=f'<camera id="0" label="x9"><transform>{numbers(np.eye(4))}</transform></camera>'), "'x9'"),
        (
            text(first_camera=FRAME_1.format(numbers(np.diag([2, 1, 1, 1])))),
            "camera 'frame00001': not a rotation matrix",
        ),
    ],
)
def test_damage_is_named(tmp_path, importing, content, words):
    assert words in importing.refused("metashape", write(tmp_path / "walk", content))


def test_the_file_itself_is_needed(tmp_path, importing):
    assert "the .xml file itself is needed" in importing.refused("metashape", tmp_path)
