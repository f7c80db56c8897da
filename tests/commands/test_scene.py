"""`posenet scene`: facts, problems, pictures, imports."""

import json
import re
import shutil

from posenet_lib.cli import main


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


def test_import_command(shared_data, tmp_path, capsys):
    out = tmp_path / "kitchen"
    command = ["scene", "import-7scenes", str(shared_data / "redkitchen"), "--out", str(out)]
    assert main(command) == 2
    assert "--test-blocks" in capsys.readouterr().err
    assert main([*command, "--test-blocks", "100:4"]) == 0
    assert "800 training and 200 test photos" in capsys.readouterr().out
    assert main(["scene", "info", str(out)]) == 0
    assert "no problems found" in capsys.readouterr().out
