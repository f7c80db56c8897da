"""The `posenet` command as users type it."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from posenet_lib.cli import build_parser, main
from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.plots import plot_cameras, save_figure
from posenet_lib.scenes.info import path_length_m
from posenet_lib.scenes.pose_list import PoseRecord
from posenet_lib.scenes.scene import PRACTICE_COURT, Split, find_scene, load_scene

COMMANDS = [
    [],
    ["lab"],
    ["download"],
    ["weights"],
    ["weights", "inspect"],
    ["walkthrough"],
    ["scene"],
    ["scene", "render"],
    ["scene", "import-7scenes"],
    ["scene", "info"],
    ["train"],
    ["evaluate"],
    ["predict"],
    ["experiment"],
    ["grade"],
    ["release"],
    ["benchmark"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "posenet")
def test_help_everywhere(words, capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([*words, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    undocumented = re.findall(r"^  (--?[\w-]+)(?: [A-Z.:]+)?$\n(?!  {6})", text, re.MULTILINE)
    undocumented += re.findall(r"^  (?!COMMAND$)([A-Z]+)$\n(?!  {6})", text, re.MULTILINE)  # PHOTO, SRC
    assert not undocumented


def test_help_needs_no_torch():
    code = "import sys; from posenet_lib.cli import build_parser; build_parser(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bad_input_is_one_message_and_status_2(capsys, tmp_path):
    assert main(["evaluate", "--scene", "atlantis", "--checkpoint", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("posenet: ")
    assert "holds no checkpoint" in error
    assert main(["train", "--scene", "atlantis", "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "no scene 'atlantis'" in error
    assert "practice-court" in error
    assert main(["train", "--epochs", "0", "--out", str(tmp_path)]) == 2
    assert "epochs is 0" in capsys.readouterr().err
    assert main(["predict", str(tmp_path / "none.jpg"), "--checkpoint", str(tmp_path), "--out", "poses.txt"]) == 2
    assert ".csv or .json" in capsys.readouterr().err
    assert main(["evaluate", "--checkpoint", str(tmp_path), "--predictions", "poses.txt"]) == 2
    assert ".csv or .json" in capsys.readouterr().err, "before the photos are predicted"


def test_the_known_scene_by_any_spelling():
    for name in ("practice-court", "PracticeCourt", "practice_court"):
        assert find_scene(name)[0] == PRACTICE_COURT
    assert find_scene(load_scene().folder)[0] == PRACTICE_COURT, "its folder is the same scene"


def test_a_folder_that_is_no_scene(tmp_path):
    with pytest.raises(WorkbookError, match=r"has no dataset_train\.txt"):
        find_scene(tmp_path)


def test_scene_info_of_the_shipped_scene(capsys, tmp_path):
    assert main(["scene", "info", "--json", "--picture", str(tmp_path / "cameras.png")]) == 0
    output = capsys.readouterr().out
    info = json.loads(output)  # nothing but JSON, for the program that reads it
    assert (info["train_count"], info["test_count"], info["problems"]) == (480, 96, [])
    assert 50 < info["train_length_m"] < 1000
    assert (tmp_path / "cameras.png").stat().st_size > 10_000


def test_a_place_that_cannot_be_written_is_named(small_scene, tmp_path, capsys):
    info = ["scene", "info", str(small_scene), "--picture"]
    assert main([*info, str(tmp_path / "a" / "cameras.png")]) == 0, "a folder that is missing is made"
    (tmp_path / "file").write_text("")
    assert main([*info, str(tmp_path / "file" / "cameras.png")]) == 2
    assert f"posenet: {tmp_path / 'file'}: cannot be used" in capsys.readouterr().err
    name = tmp_path / f"{250 * 'x'}.png"  # fits; the temporary name beside it, which is longer, does not
    assert main([*info, str(name)]) == 2
    assert f"posenet: {name}: cannot be used" in capsys.readouterr().err


def test_no_label_of_a_picture_is_cut_off(tmp_path):
    """Cameras whose heights differ, as a hand-held one's do, make a tall plot: its labels reach below the figure."""
    positions_m = np.random.default_rng(0).uniform(0, (1.9, 0.6, 1.0), (200, 3))
    poses = PoseArray(positions_m, np.tile((1.0, 0, 0, 0), (200, 1)))
    save_figure(plot_cameras(poses), tmp_path / "cameras.png")
    pixels = np.asarray(Image.open(tmp_path / "cameras.png").convert("L"))
    assert all(line.min() == 255 for line in (pixels[0], pixels[-1], pixels[:, 0], pixels[:, -1]))


def test_a_picture_that_cannot_be_written_is_a_message_before_the_work(capsys, tmp_path):
    assert main(["scene", "info", "--picture", str(tmp_path / "cameras.bmpx")]) == 2
    shown = capsys.readouterr()
    assert "must end in .png, .pdf, .svg" in shown.err
    assert shown.out == ""


def test_scene_info_reports_problems_and_goes_on(small_scene, tmp_path, capsys):
    scene = shutil.copytree(small_scene, tmp_path / "scene")
    (scene / "walk01" / "frame00001.jpg").unlink()
    shutil.copyfile(scene / "dataset_train.txt", scene / "dataset_test.txt")
    assert main(["scene", "info", str(scene)]) == 0
    text = capsys.readouterr().out
    for label in ("train", "test"):  # of both lists, not of the first bad one alone
        assert re.search(rf"dataset_{label}\.txt, line 4: photo .*frame00001\.jpg does not exist", text)
    assert "16 photos are in both lists" in text


def test_a_path_does_not_jump_over_the_other_split():
    def split(frames: list[int]) -> Split:
        records = [PoseRecord(f"s/frame{i:05d}.png", Path(), np.array([i, 0.0, 0]), np.eye(4)[0]) for i in frames]
        return Split("test", tuple(records), Path())

    assert path_length_m(split([0, 1, 2, 4, 5])) == 5, "one photo that is missing is no jump"
    assert path_length_m(split([0, 1, 2, 3, 103, 104, 105])) == 5
    assert path_length_m(split([0, 20, 40, 60, 160, 180])) == 80, "every twentieth frame"
    assert path_length_m(split([7])) == 0


def test_import_command(shared_data, tmp_path, capsys):
    out = tmp_path / "kitchen"
    command = ["scene", "import-7scenes", str(shared_data / "redkitchen"), "--out", str(out)]
    assert main(command) == 2
    assert "--test-blocks" in capsys.readouterr().err
    assert main([*command, "--test-blocks", "100:4"]) == 0
    assert "800 training and 200 test photos" in capsys.readouterr().out
    assert main(["scene", "info", str(out)]) == 0
    assert "no problems found" in capsys.readouterr().out


def test_module_and_script_are_the_same_command():
    done = subprocess.run([sys.executable, "-m", "posenet_lib.cli", "scene", "info", "nowhere"], capture_output=True)
    assert done.returncode == 2
    assert b"no scene 'nowhere'" in done.stderr
