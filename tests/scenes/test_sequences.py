"""The walks at ten photos a second, and what is known of them exactly."""

import numpy as np
import pytest

from posenet_lib.cli import main
from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.practice_court.camera import intrinsics
from posenet_lib.scenes.practice_court.lighting import Light
from posenet_lib.scenes.practice_court.sequence import BASELINE_M, SIZE, STRIDE, frame_name, render_sequences
from posenet_lib.scenes.practice_court.sequence_truth import FINE, pixel_depth, true_flow
from posenet_lib.scenes.practice_court.sequence_walks import (
    PHOTOS_PER_S,
    SPEED_M_S,
    WITH_FIGURES,
    Figure,
    SequenceWalk,
    sequence_walks,
    walk_of,
)
from posenet_lib.scenes.practice_court.walks import test_poses as court_test_poses
from posenet_lib.scenes.scene import load_scene


@pytest.mark.parametrize("seed", [0, 3])
def test_walkers_walk(seed):
    train, test = sequence_walks(seed)
    assert (len(train), len(test)) == (12, 4)
    for walk in train + test:
        steps = np.linalg.norm(np.diff(walk.poses.position_m, axis=0)[:, :2], axis=1)
        np.testing.assert_allclose(steps, SPEED_M_S / PHOTOS_PER_S, rtol=0.05)
        turns = quaternion.angle_deg(walk.poses.quaternion_wxyz[1:], walk.poses.quaternion_wxyz[:-1])
        assert turns.max() < 3.5
        assert walk.poses.position_m[:, 2].min() > 1.5 and walk.poses.position_m[:, 2].max() < 1.75
        assert bool(walk.figures) == (walk.name in WITH_FIGURES)


def test_test_walks_are_those_of_the_test_photos():
    walk = sequence_walks()[1][0]
    known = np.array([p.position_m for p in court_test_poses() if p.image_name.startswith(walk.name)])
    away = np.linalg.norm(walk.poses.position_m[:, None, :2] - known[None, :, :2], axis=2).min(axis=1)
    assert away.max() < 0.4


def test_figures_face_the_way_they_go():
    figure = Figure("man", (1.0, 2.0), (0.0, 1.0))  # to the north; turned by 0, a figure faces south
    assert figure.at(2.0).turn_deg == 180.0
    assert (figure.at(2.0).x, figure.at(2.0).y) == (1.0, 4.0)
    assert figure.shift_m(1.0, 1.5).tolist() == [0.0, 0.5, 0.0]
    with pytest.raises(ValueError, match="no walk 'x'"):
        walk_of("x", sequence_walks()[0])


def flat_walk(shift_m: float, figures: tuple[Figure, ...] = ()) -> SequenceWalk:
    """Two cameras that look north, the second one `shift_m` further east."""
    q = quaternion.from_matrix(np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]]))
    poses = PoseArray(np.array([[0.0, 0, 1.0], [shift_m, 0, 1.0]]), np.stack([q, q]))
    return SequenceWalk("walk00", poses, Light(), figures)


def test_flow_of_a_wall():
    fine = np.full((12 * FINE, 16 * FINE), 4.0)
    truth = true_flow(flat_walk(0.5), 0, 1, fine, fine)
    expected = -intrinsics(16, 12)[0, 0] * 0.5 / 4
    np.testing.assert_allclose(truth.flow_px[..., 0], expected, rtol=1e-5)
    np.testing.assert_allclose(truth.flow_px[..., 1], 0, atol=1e-5)
    outside = np.arange(16) + 0.5 + expected < 0
    np.testing.assert_array_equal(truth.hidden, np.broadcast_to(outside, (12, 16)))
    assert not truth.moving.any()


def test_what_a_nearer_thing_covers_is_hidden_and_sky_moves_with_turns_alone():
    far, both = np.full((12 * FINE, 16 * FINE), 8.0), np.full((12 * FINE, 16 * FINE), 8.0)
    both[:, 15:24] = 2.0  # a post in the second photo's columns 5 to 7
    truth = true_flow(flat_walk(0.0), 0, 1, far, both)
    assert truth.hidden[:, 5:8].all() and not truth.hidden[:, :5].any() and not truth.hidden[:, 8:].any()
    sky = np.full_like(far, np.inf)
    assert np.abs(true_flow(flat_walk(0.5), 0, 1, sky, sky).flow_px).max() < 1e-3


def test_a_figure_moves_by_itself():
    fine = np.full((12 * FINE, 16 * FINE), 4.0)
    figure = Figure("man", (0.0, 4.0), (1.0, 0.0))
    truth = true_flow(flat_walk(0.0, (figure,)), 0, 1, fine, fine)
    focal = intrinsics(16, 12)[0, 0]
    assert truth.moving.any() and not truth.moving.all()
    np.testing.assert_allclose(truth.flow_px[truth.moving][:, 0], focal * 0.1 / 4, rtol=1e-4)
    np.testing.assert_allclose(truth.flow_px[~truth.moving], 0, atol=1e-5)
    assert pixel_depth(fine).shape == (12, 16)


def test_a_rendered_sequence_is_a_scene_and_rendering_goes_on(tmp_path):
    seen = []
    render_sequences(
        tmp_path,
        walks=("walk01", "walk14"),
        limit=2,
        workers=1,
        progress=lambda *counts: seen.append(counts),
    )
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    scene = load_scene(tmp_path)
    assert [r.name for r in scene.train.records] == [frame_name("walk01", 0), frame_name("walk01", 1)]
    assert scene.test.records[0].name == "walk14/frame00001.png"
    for kind, suffix in (("right", "png"), ("depth", "png"), ("flow", "flo"), ("hidden", "png"), ("moving", "png")):
        there = (tmp_path / frame_name("walk14", 0, kind, suffix)).is_file()
        assert there, kind
        assert not (tmp_path / frame_name("walk14", 1, kind, suffix)).exists(), f"every {STRIDE} photos"
    assert not (tmp_path / "walk01.flow").exists(), "nobody walks there"
    assert float((tmp_path / "baseline.txt").read_text()) == BASELINE_M
    from PIL import Image

    assert Image.open(scene.train.records[0].image_path).size == SIZE
    (tmp_path / frame_name("walk01", 1)).unlink()
    before = (tmp_path / frame_name("walk01", 0)).stat().st_mtime_ns
    render_sequences(tmp_path, walks=("walk01",), limit=2, workers=1)
    assert (tmp_path / frame_name("walk01", 1)).is_file()
    assert (tmp_path / frame_name("walk01", 0)).stat().st_mtime_ns == before
    with pytest.raises(ValueError, match=r"no walks \['walk99'\]"):
        render_sequences(tmp_path, walks=("walk99",))
    with pytest.raises(ValueError, match="counts from 1 up"):
        render_sequences(tmp_path, limit=0)


def test_walks_of_two_courts_are_never_mixed(tmp_path):
    render_sequences(tmp_path, court_seed=3, walks=("walk01",), limit=1, workers=1)
    with pytest.raises(
        WorkbookError, match="holds walks through the court of seed 3; choose another folder for seed 4"
    ):
        render_sequences(tmp_path, court_seed=4, walks=("walk01",), limit=1, workers=1)
    assert load_scene(tmp_path).court_seed is None, "its camera is not that of the court's photos"


def test_the_command_renders_the_walks(monkeypatch, tmp_path, capsys):
    calls = []
    monkeypatch.setattr(
        "posenet_lib.scenes.practice_court.sequence.render_sequences", lambda out, **named: calls.append((out, named))
    )
    assert main(["scene", "render", "--sequence", "--seed", "5", "--workers", "1", "--out", str(tmp_path / "x")]) == 0
    ((out, named),) = calls
    assert out == tmp_path / "x" and (named["court_seed"], named["workers"]) == (5, 1)
    assert "Rendered court-5-sequence" in capsys.readouterr().out
