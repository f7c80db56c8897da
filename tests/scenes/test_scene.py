"""A scene by its name or folder."""

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.scene import PRACTICE_COURT, find_scene, load_scene


def test_the_known_scene_by_any_spelling():
    for name in ("practice-court", "PracticeCourt", "practice_court"):
        assert find_scene(name)[0] == PRACTICE_COURT
    assert find_scene(load_scene().folder)[0] == PRACTICE_COURT, "its folder is the same scene"


def test_a_folder_that_is_no_scene(tmp_path):
    with pytest.raises(WorkbookError, match=r"has no dataset_train\.txt"):
        find_scene(tmp_path)
