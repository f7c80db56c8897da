"""What all formats share: splits, counts, several sizes, and nothing half-written."""

import numpy as np
import pytest

from tests.support.importing import frames, put_photos, put_small_photo

WALK = frames(12, step=3)
ORDER = ["--order", "name,x,y,z,qx,qy,qz,qw", "--convention", "world-to-camera", "--position", "centre"]


def table(folder, names=None, walk=WALK):
    names = names or [frame.name for frame in walk]
    put_photos(folder, walk, lambda index, _: names[index])
    lines = [
        " ".join([name, *(f"{n:.9f}" for n in (*f.centre, *f.quaternion_xyzw))])
        for name, f in zip(names, walk, strict=True)
    ]
    (folder / "poses.txt").write_text("\n".join(lines) + "\n")
    return folder / "poses.txt"


def folders(index):
    return f"walk{'abc'[index // 5]}/{index:03d}.jpg"  # five, five, two


def names_of(records):
    return sorted(record.name.rpartition("/")[2] for record in records)


def test_the_last_folder_is_a_whole_stretch(tmp_path, importing):
    made = importing("table", table(tmp_path / "court", [folders(index) for index in range(12)]), *ORDER)
    assert {record.name.partition("/")[0] for record in made.test} == {"walkc"}
    assert "the last folder, walkc, tests" in made.output


def test_chosen_folders_blocks_and_lists(tmp_path, importing):
    import shutil

    source = table(tmp_path / "court", [folders(index) for index in range(12)])
    made = importing("table", source, *ORDER, "--test-folder", "walka", "--test-folder", "walkc")
    assert {record.name.partition("/")[0] for record in made.train} == {"walkb"}
    shutil.rmtree(made.folder)
    made = importing("table", source, *ORDER, "--test-blocks", "2:3")
    assert names_of(made.test) == ["004.jpg", "005.jpg", "010.jpg", "011.jpg"]
    shutil.rmtree(made.folder)
    (tmp_path / "list.txt").write_text("walka/001.jpg 1 2 3 4 5 6 7\n003.jpg\n")
    made = importing("table", source, *ORDER, "--test-list", tmp_path / "list.txt")
    assert names_of(made.test) == ["001.jpg", "003.jpg"]
    shutil.rmtree(made.folder)
    for option, value, expected in (
        ("--test-folder", "walkz", "no photo is in it; the folders are walka, walkb, walkc"),
        ("--test-blocks", "5:1", "are not LENGTH:PERIOD"),
        ("--test-blocks", "50:4", "the split leaves no test photo of 12"),
    ):
        assert expected in importing.refused("table", source, *ORDER, option, value)
    (tmp_path / "list.txt").write_text("unknown.jpg\n")
    message = importing.refused("table", source, *ORDER, "--test-list", tmp_path / "list.txt")
    assert "list.txt, line 1: 'unknown.jpg' is none of the photos that are imported" in message


def test_numbers_are_put_in_order_and_lost_frames_move_no_block(tmp_path, importing):
    names = [f"frame{index + 4}.jpg" for index in range(12)]  # frame10 after frame9
    source = table(tmp_path / "court", names)
    lines = source.read_text().splitlines()
    lines[1] = f"{names[1]} nan nan nan nan nan nan nan"
    source.write_text("\n".join(reversed(lines)))
    made = importing("table", source, *ORDER, "--test-blocks", "3:2")
    assert [r.name.rpartition("/")[2] for r in made.test] == [names[i] for i in (3, 4, 5, 9, 10, 11)]


def test_photos_of_several_sizes_have_no_one_camera(tmp_path, importing):
    source = table(tmp_path / "court")
    (tmp_path / "court" / WALK[2].name).unlink()
    put_small_photo(tmp_path / "court" / WALK[2].name, (270, 480))
    (tmp_path / "court" / "camera-intrinsics.txt").write_text("355 0 240\n0 355 135\n0 0 1\n")
    made = importing("table", source, *ORDER)
    assert made.matrix is None
    assert "The photos have 2 sizes: 480x270 (11), 270x480 (1)." in made.output
    assert "no camera-intrinsics.txt was written" in made.output


def test_turned_and_mirrored_photos_are_counted(tmp_path, importing):
    source = table(tmp_path / "court")
    for frame, orientation in ((WALK[1], 6), (WALK[2], 2), (WALK[3], 3)):
        (tmp_path / "court" / frame.name).unlink()
        put_small_photo(tmp_path / "court" / frame.name, (480, 270), orientation)
    made = importing("table", source, *ORDER)
    assert f"2 x: photo is turned by its EXIF orientation; the pose is taken to be that of the upright photo; first court/{WALK[1].name}" in made.output  # fmt: skip  # noqa: E501
    assert "1 x: photo is mirrored by its EXIF orientation" in made.output


def test_a_photo_with_two_poses(tmp_path, importing):
    source = table(tmp_path / "court")
    source.write_text(source.read_text() + source.read_text().splitlines()[0] + "\n")
    assert f"the photo court/{WALK[0].name} has 2 poses" in importing.refused("table", source, *ORDER)


def test_all_frames_lost(tmp_path, importing):
    source = table(tmp_path / "court")
    source.write_text("\n".join(f"{frame.name}{' nan' * 7}" for frame in WALK))
    message = importing.refused("table", source, *ORDER)
    assert "no photo has a pose, so there is no scene" in message
    assert "12 lost frames left out" in message


def test_a_used_folder_and_a_missing_source(tmp_path, importing):
    source = table(tmp_path / "court")
    assert "no such file or folder" in importing.refused("table", tmp_path / "nowhere", *ORDER)
    assert "--photos" in importing.refused("table", source, *ORDER, "--photos", tmp_path / "nowhere")
    assert "a length above 0 in metres" in importing.refused("table", source, *ORDER, "--unit=-1")
    importing.out.mkdir()
    (importing.out / "notes.txt").write_text("mine")
    assert "already holds something" in importing.refused("table", source, *ORDER)
    assert (importing.out / "notes.txt").read_text() == "mine"


def test_a_failure_while_writing_leaves_nothing(tmp_path, importing, monkeypatch):
    source = table(tmp_path / "court")

    def full(*_):
        raise OSError(28, "No space left on device", str(importing.out / "walk01"))

    monkeypatch.setattr("posenet_lib.scenes.readers.scene_writing.write_pose_list", full)
    assert "No space left on device" in importing.refused("table", source, *ORDER)


@pytest.mark.parametrize("name", ["ohne Ort.jpg", "日本.jpg", "a#b.jpg"])
def test_names_of_all_kinds(tmp_path, importing, name):
    walk = WALK[:6]
    names = [name, *(frame.name for frame in walk[1:])]
    put_photos(tmp_path / "court", walk, lambda index, _: names[index])
    rows = [",".join([f'"{n}"', *map(repr, np.r_[f.centre, f.quaternion_xyzw].tolist())]) for n, f in zip(names, walk, strict=True)]  # fmt: skip  # noqa: E501
    (tmp_path / "poses.csv").write_text("name,x,y,z,qx,qy,qz,qw\n" + "\n".join(rows), encoding="utf-8")
    made = importing("table", tmp_path / "poses.csv", *ORDER[2:], "--photos", tmp_path / "court")
    assert f"court/{name}" in {record.name for record in (*made.train, *made.test)}


def test_utf_16_of_a_spreadsheet(tmp_path, importing):
    source = table(tmp_path / "court")
    source.write_text(source.read_text(), encoding="utf-16")
    assert len(importing("table", source, *ORDER).train) == 10


@pytest.mark.parametrize("name", ["a\x1bb.jpg", "x" * 300 + ".jpg", "..", "/"])
def test_names_that_can_be_none(tmp_path, importing, name):
    source = table(tmp_path / "court")
    source.write_text(f"{name} {' '.join(source.read_text().split(maxsplit=1)[1:])}")
    message = importing.refused("table", source, *ORDER)
    assert "is no name of a photo" in message or "there is no photo" in message
