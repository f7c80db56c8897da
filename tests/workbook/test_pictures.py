"""Pictures under sliders: drawn over a still part, they show the state they are asked for."""

import itertools

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from posenet_lib.evaluation.errors import pose_errors
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.scene import load_scene
from posenet_lib.workbook.pictures import (
    CropOfPhoto,
    PhotoBesideView,
    PhotoOnMap,
    field_of,
    plot_receptive_fields,
    plot_top_view,
)


@pytest.fixture(scope="module")
def court():
    return load_scene("practice-court")


def shifted(poses: PoseArray) -> PoseArray:
    return poses._replace(position_m=poses.position_m + np.array([0.5, 0.0, 0.0]))


def walks(court) -> dict[str, tuple]:
    photo = court.train.open_store()[100]
    predicted = shifted(court.test.poses)
    beside = PhotoBesideView(court, predicted, pose_errors(predicted, court.test.poses))
    return {
        "crop": (CropOfPhoto(photo), [(0, 0), (20, 100), (32, 231)]),
        "photo on map": (PhotoOnMap(court, court.train), [(0,), (99,), (479,)]),
        "photo beside view": (beside, [(0,), (50,), (95,)]),
    }


def test_every_step_shows_its_own_state_and_the_same_step_the_same_picture(court):
    for name, (walk, steps) in walks(court).items():
        pictures = [walk(*step).pixels for step in steps]
        assert all((one != other).any() for one, other in itertools.pairwise(pictures)), name
        assert (walk(*steps[0]).pixels == pictures[0]).all(), f"{name}: nothing of other steps is left"


def test_a_step_draws_only_what_moves(court, monkeypatch):
    """So that sliders answer at once; `posenet benchmark --only sliders` measures how soon."""
    made = walks(court)
    monkeypatch.setattr(FigureCanvasAgg, "draw", lambda *_: pytest.fail("the whole figure is drawn again"))
    for walk, steps in made.values():
        assert all(walk(*step).html.startswith("<img alt=") for step in steps)


def test_the_description_names_the_photo_and_its_error(court):
    walk, _ = walks(court)["photo beside view"]
    text = walk(50).description
    assert court.test.records[50].name in text
    assert "error: 0.50 m, 0.0 degrees" in text
    assert "where the network puts it" in text


def test_small_things_on_the_map_have_a_letter_and_the_key_says_which(court):
    axes = plot_top_view(court).axes[0]
    key = {text.get_text() for text in axes.get_legend().get_texts()}
    assert {"tree", "bench", "lamp", "parasol", "training photos", "test photos"} <= key
    words = [text.get_text() for text in axes.texts]
    assert "museum" in words and "fountain" in words
    letters = {word for word in words if len(word) == 1}
    markers = {line.get_marker().strip("$") for line in axes.lines if str(line.get_marker()).startswith("$")}
    assert letters == markers and len(letters) == len(key) - 2
    dots = max(line.get_zorder() for line in axes.lines)
    assert all(text.get_zorder() > dots for text in axes.texts), "no label lies under dots"


def test_the_frame_of_a_receptive_field_holds_all_that_counts_and_no_more():
    footprint = np.zeros((20, 30))
    footprint[3:8, 10:21] = np.random.default_rng(0).uniform(0, 1, (5, 11))
    footprint[3, 10] = footprint[7, 20] = 1e-9
    assert field_of(footprint) == (3, 10, 5, 11)
    figure = plot_receptive_fields(np.ones((20, 30, 3)), {"stem": footprint})
    assert figure.axes[0].get_title() == "stem: 11 x 5 pixels"
    shown = figure.axes[0].images[0].get_array()
    assert shown[0, 0, 0] == pytest.approx(0.25) and shown.max() == 1.0, "dark where a pixel does not count"
