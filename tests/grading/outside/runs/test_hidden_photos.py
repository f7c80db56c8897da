"""Hidden photos: where they are taken only the secret decides, and they are in no list."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.grading.outside.runs import hidden_photos
from posenet_lib.grading.outside.runs.hidden_photos import render_hidden
from posenet_lib.scenes.practice_court.walks import test_poses as listed_test_poses
from posenet_lib.scenes.practice_court.walks import training_poses, unlisted_poses

SECRET = b"the secret of this course"


@pytest.fixture
def grey(monkeypatch):
    """The renderer, without its time; counts the photos."""
    taken = []

    def render_photo(position_m, quaternion_wxyz, *, light, court_seed, supersample):
        taken.append(court_seed)
        return np.full((27, 48, 3), 90, np.uint8)

    monkeypatch.setattr(hidden_photos, "render_photo", render_photo)
    return taken


@pytest.mark.parametrize("court_seed", [0, 10_007])
def test_poses_are_in_no_list_and_like_those_of_the_test_walks(court_seed):
    poses = unlisted_poses(court_seed, 3)
    assert len(poses) == 16
    listed = [*training_poses(court_seed), *listed_test_poses(court_seed)]
    places = np.array([pose.position_m for pose in listed])
    nearest = [np.linalg.norm(places - pose.position_m, axis=1).min() for pose in poses]
    assert min(nearest) > 1e-3  # none of them
    assert max(nearest) < 1.5  # and none where nobody walks
    assert all(pose.quaternion_wxyz[0] > 0.1 for pose in poses)  # as in the lists: never where the sign changes
    np.testing.assert_allclose([np.linalg.norm(p.quaternion_wxyz) for p in poses], 1, atol=1e-5)


def test_poses_are_drawn():
    first, same, other = (np.array([p.position_m for p in unlisted_poses(10_007, n)]) for n in (3, 3, 4))
    assert np.array_equal(first, same) and np.abs(first - other).max() > 0.1
    assert len(unlisted_poses(10_007, 3, walks=1, photos=5)) == 5


def test_photos_are_rendered_once(tmp_path, grey):
    court = render_hidden([0], SECRET, photos=2, folder=tmp_path, workers=1)[0]
    assert len(court.files) == len(court.true.position_m) == len(grey) == 4
    assert Image.open(court.files[0]).size == (48, 27)
    again = render_hidden([0, 0], SECRET, photos=2, folder=tmp_path, workers=1)[0]
    assert again.files == court.files and len(grey) == 4
    other = render_hidden([0], b"another secret of a course", photos=2, folder=tmp_path, workers=1)[0]
    assert len(grey) == 8 and not set(other.files) & set(court.files)
    assert np.abs(other.true.position_m - court.true.position_m).max() > 0.1
    assert court.mean_pose.median_position_m > 1


@pytest.mark.slow
def test_a_court_of_its_own_is_rendered_with_two_processes(tmp_path):
    told = []
    courts = render_hidden(
        [0, 10_007], SECRET, photos=1, folder=tmp_path, workers=2, progress=lambda *count: told.append(count)
    )
    assert told == [(1, 2), (2, 2)]
    photos = [np.asarray(Image.open(courts[seed].files[0]), float) for seed in (0, 10_007)]
    assert photos[0].shape == (270, 480, 3)
    assert all(photo.std() > 20 for photo in photos) and np.abs(photos[0] - photos[1]).mean() > 15
