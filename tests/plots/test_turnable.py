"""Cameras that the mouse turns: the pyramids open where the cameras look, and every front end has something to show."""

import json
import subprocess
import sys

import numpy as np
import pytest

from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots.cameras import view_directions
from posenet_lib.plots.turnable import PLOTLY_MIME, TurnableCameras, prism, pyramids
from posenet_lib.scenes.practice_court import Outline

HOUSE = Outline("house", np.array([(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)]), 0.0, 3.0, (0.5, 0.25, 0.0))


@pytest.fixture
def poses():
    rng = np.random.default_rng(0)
    return PoseArray(rng.normal(size=(9, 3)), quaternion.normalise(rng.normal(size=(9, 4))))


def test_a_pyramid_opens_where_its_camera_looks(poses):
    lines = pyramids(poses, 0.5).reshape(9, -1, 3)
    rims = np.unique(lines[:, [0, 2, 3, 5]], axis=1)
    ahead = (rims.mean(axis=1) - poses.position_m) / 0.5
    assert np.allclose(ahead, view_directions(poses))
    assert np.allclose(lines[:, 1], poses.position_m), "its tip is the camera"
    assert np.isnan(lines[:, -1]).all(), "no line from one camera to the next"


def test_a_house_is_closed_at_the_sides_and_the_top():
    corners, triangles = prism(HOUSE)
    edges = corners[triangles]
    areas = np.linalg.norm(np.cross(edges[:, 1] - edges[:, 0], edges[:, 2] - edges[:, 0]), axis=1) / 2
    assert areas.sum() == pytest.approx(3 * (2 + 1 + 2 + 1) + 2 * 1)


def test_plotly_where_it_can_be_shown_a_picture_elsewhere(poses):
    shown = TurnableCameras(poses, poses, [HOUSE])._repr_mimebundle_()
    assert set(shown) == {PLOTLY_MIME, "text/html", "text/plain"}
    kinds = [trace["type"] for trace in json.loads(json.dumps(shown[PLOTLY_MIME]))["data"]]
    assert kinds == ["mesh3d"] + 4 * ["scatter3d"]
    assert shown["text/html"].startswith("<img alt=")
    assert "9 training photos, 9 test photos" in shown["text/plain"]


def test_no_metres_where_nobody_knows_the_scale(poses):
    figure = TurnableCameras(poses, unit="units").plotly()
    assert figure.layout.scene.xaxis.title.text == "x (units)"
    assert figure.data[0].hovertemplate == "x %{x:.2f} units, y %{y:.2f} units, z %{z:.2f} units"


def test_colab_gets_a_page_of_its_own_and_a_picture_without_scripts(poses, monkeypatch):
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    shown = TurnableCameras(poses)._repr_mimebundle_()
    assert PLOTLY_MIME not in shown
    assert "Plotly.newPlot" in shown["text/html"] and "<noscript><img alt=" in shown["text/html"]


def test_plotly_is_imported_only_for_this_picture():
    code = "import sys, posenet_lib.plots, posenet_lib.workbook.notebook_page; assert 'plotly' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
