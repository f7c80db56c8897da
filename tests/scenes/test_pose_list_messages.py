"""What a pose list that somebody else's program wrote is told: what is wrong, where, and the command that mends it."""

import shutil

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.scenes.repair import convert_scene
from posenet_lib.scenes.scene import load_scene


@pytest.fixture
def scene(small_scene, tmp_path):
    return shutil.copytree(small_scene, tmp_path / "scene")


def change(scene, edit, encoding="utf-8"):
    for label in ("train", "test"):
        path = scene / f"dataset_{label}.txt"
        path.write_text(edit(path.read_text()), encoding=encoding)


def rows(edit):
    """Change the lines that hold poses."""
    return lambda text: "\n".join(edit(line) if line.startswith("walk") else line for line in text.split("\n"))


REPAIRED = {
    "commas": (rows(lambda line: line.replace(" ", ",")), "line 4: has commas where"),
    "semicolons": (rows(lambda line: line.replace(" ", "; ")), "line 4: has semicolons where"),
    "semicolons, decimal commas": (rows(lambda line: line.replace(".", ",").replace(",jpg", ".jpg").replace(" ", ";")),
                                   "semicolons and decimal commas"),
    "decimal commas": (rows(lambda line: line.replace(".", ",").replace(",jpg", ".jpg")), "with a decimal comma"),
    "own heading": (lambda text: "my training photos\n" + text, "line 1: is no pose and no heading"),
    "heading of columns": (lambda text: "image x y z qw qx qy qz\n" + text, "line 1: is no pose and no heading"),
    "more columns": (rows(lambda line: line + " 0.5 17"), "line 4: has more than 7 columns"),
    "capital ending": (lambda text: text.replace(".jpg", ".JPG"), r"did you mean walk01/frame00001\.jpg\?"),
    "other ending": (lambda text: text.replace(".jpg", ".png"), r"did you mean walk01/frame00001\.jpg\?"),
    "no ending": (lambda text: text.replace(".jpg", ""), r"did you mean walk01/frame00001\.jpg\?"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REPAIRED)
def test_the_command_of_the_message_mends_the_list(kind, scene, small_scene):
    edit, words = REPAIRED[kind]
    change(scene, edit)
    with pytest.raises(WorkbookError, match=words) as caught:
        load_scene(scene)
    out = scene.with_name("scene-repaired")
    assert str(caught.value).endswith(
        f"To mend it: posenet scene convert {scene} --out {out}"
    ) or "keeps the first" in str(caught.value)
    convert_scene(scene, out)
    mended, whole = load_scene(out), load_scene(small_scene)
    assert [r.name for r in mended.train.records] == [r.name for r in whole.train.records]
    assert mended.test.poses.position_m == pytest.approx(whole.test.poses.position_m)
    assert mended.test.poses.quaternion_wxyz == pytest.approx(whole.test.poses.quaternion_wxyz, abs=1e-6)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named_and_mended(encoding, scene):
    change(scene, lambda text: text, encoding)
    with pytest.raises(WorkbookError, match=r"UTF-16 text(.|\n)*To mend it: posenet scene convert"):
        load_scene(scene)
    convert_scene(scene, scene.with_name("out"))
    assert len(load_scene(scene.with_name("out")).train) == 16


def test_base_names_find_their_folders_or_name_the_choice(scene):
    for folder in sorted(scene.glob("walk*")):
        for number, photo in enumerate(sorted(folder.iterdir())):
            photo.rename(folder / f"{folder.name}_{number}.jpg")
    texts = [(scene / f"dataset_{label}.txt").read_text() for label in ("train", "test")]
    name = next((scene / "walk01").iterdir()).name
    (scene / "dataset_train.txt").write_text(f"{name} 1 2 3 1 0 0 0\n")
    with pytest.raises(WorkbookError, match=f"did you mean walk01/{name}"):
        load_scene(scene)
    shutil.copyfile(scene / "walk01" / name, scene / "walk13" / name)
    with pytest.raises(WorkbookError, match="2 folders have one of that name"):
        load_scene(scene)
    assert all(texts)


def test_six_numbers_may_be_angles(scene):
    change(scene, rows(lambda line: line.rpartition(" ")[0]))
    with pytest.raises(WorkbookError, match=r"omega, phi, kappa(.|\n)*To mend it: posenet scene check"):
        load_scene(scene)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("1 0.7 0.1 0.1 0.7 1 2 3 1 walk01/frame00001.jpg", "COLMAP's images.txt(.|\n)*posenet scene import colmap"),
        ("1305031102.17 1 2 3 0 0 0 1", "begins with the number(.|\n)*posenet scene import tum"),
        ("a.jpg nan 2 3 1 0 0 0", "finite number is needed(.|\n)*--from lost"),
        ("a.jpg 0 0 0 0 0 0 0", "is no rotation(.|\n)*--from lost"),
    ],
)
def test_lines_of_other_formats(line, words, tmp_path):
    (tmp_path / "dataset_train.txt").write_text(line + "\n")
    with pytest.raises(WorkbookError, match=words):
        read_pose_list(tmp_path / "dataset_train.txt", check_images=False)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "HEIC photo, as iPhones take them"),
        (b"", r"the file is empty \(0 bytes\)"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page, not a photo"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n", "git lfs pull"),
    ],
)
def test_a_file_that_is_no_photo_says_what_it_is(content, words, scene):
    (scene / "walk01" / "frame00001.jpg").write_bytes(content)
    with pytest.raises(WorkbookError, match=words):
        load_scene(scene)


def test_the_same_photo_has_one_name(scene):
    change(scene, lambda text: text.replace("walk01/", "walk02/../walk01/./"))
    assert load_scene(scene).train.records[0].name == "walk01/frame00001.jpg"
