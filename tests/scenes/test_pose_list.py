"""Pose lists: what is accepted, what is refused with which words."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.pose_list import HEADER, PoseRecord, read_pose_list, write_pose_list

GOOD = "seq1/frame00001.png 1.5 -2 0.25 0.5 0.5 0.5 0.5"


@pytest.fixture
def scene(tmp_path):
    """A folder with two photos and a function that writes a list into it."""
    (tmp_path / "seq1").mkdir()
    for number in (1, 2):
        Image.new("RGB", (32, 18)).save(tmp_path / "seq1" / f"frame0000{number}.png")

    def write(text: str, newline: str = "\n"):
        path = tmp_path / "dataset_train.txt"
        path.write_bytes(text.replace("\n", newline).encode())
        return path

    return write


def test_a_plain_list(scene):
    (record,) = read_pose_list(scene(HEADER + GOOD + "\n"))
    assert record.name == "seq1/frame00001.png"
    assert record.image_path.is_file()
    np.testing.assert_array_equal(record.position_m, [1.5, -2, 0.25])
    np.testing.assert_array_equal(record.quaternion_wxyz, [0.5] * 4)


@pytest.mark.parametrize(
    "text",
    [
        GOOD,  # no header, no final line end
        "\n\n" + GOOD + "\n\n\n",
        HEADER + GOOD.replace(" ", "\t") + "\n",
        "\ufeff" + HEADER + "  " + GOOD.replace(" ", "   ") + "  \n",
        HEADER + "C:\\Users\\Me Myself\\KingsCollege\\" + GOOD.replace("/", "\\"),
        HEADER + "\\\\server\\photos\\KingsCollege\\" + GOOD.replace("/", "\\"),
        HEADER + "/home/me/data/" + GOOD,
        HEADER + "./" + GOOD,
    ],
    ids=["no header", "blank lines", "tabs", "BOM and spaces", "Windows path", "Windows share", "POSIX path", "dot"],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_lists_as_found_in_the_wild(scene, text, newline):
    (record,) = read_pose_list(scene(text, newline))
    assert record.name == "seq1/frame00001.png"
    assert record.position_m[0] == 1.5


def test_orientation_is_normalised_and_its_sign_fixed(scene):
    (record,) = read_pose_list(scene("seq1/frame00001.png 0 0 0 -2 0 0 2"))
    np.testing.assert_allclose(record.quaternion_wxyz, [np.sqrt(0.5), 0, 0, -np.sqrt(0.5)])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("seq1/frame00002.png 1 2 3 1 0 0", "has 6 numbers .* where 7 are expected"),
        ("seq1/frame00002.png", "has 0 numbers"),
        ("seq1/frame00002.png 9 1 2 3 1 0 0 0", "has more than 7 columns"),
        (". 1 2 3 1 0 0 0", "does not exist"),
        ("seq1/frame00002.png 1 2 three 1 0 0 0", "Z is 'three', which is not a number"),
        ("seq1/frame00002.png 1 nan 3 1 0 0 0", "Y is 'nan'; a finite number"),
        ("seq1/frame00002.png 1 2 3 inf 0 0 0", "W is 'inf'"),
        ("seq1/frame00002.png 1 2 3 0 0 0 0", "zero, which is no rotation"),
        ("seq1/frame00009.png 1 2 3 1 0 0 0", "frame00009.png does not exist"),
        (GOOD, "already on line 4"),
    ],
)
def test_a_bad_line_is_named(scene, line, words):
    with pytest.raises(WorkbookError, match=rf"dataset_train\.txt, line 5: .*{words}"):
        read_pose_list(scene(HEADER + GOOD + "\n" + line + "\n"))


def test_an_unreadable_photo_is_named(scene, tmp_path):
    path = scene(HEADER + GOOD)
    (tmp_path / "seq1" / "frame00001.png").write_bytes(b"not a photo")
    with pytest.raises(WorkbookError, match=r"line 4: photo .*frame00001\.png cannot be read"):
        read_pose_list(path)
    assert len(read_pose_list(path, check_images=False)) == 1


def test_a_photo_whose_copy_was_cut_off_is_named_with_its_line(scene, tmp_path):
    path = scene(HEADER + GOOD + "\nseq1/frame00003.jpg 1 2 3 1 0 0 0\n")
    pixels = np.random.default_rng(0).integers(0, 256, (90, 160, 3), np.uint8)
    Image.fromarray(pixels).save(tmp_path / "seq1" / "frame00001.png")
    Image.fromarray(pixels).save(tmp_path / "seq1" / "frame00003.jpg")
    assert len(read_pose_list(path)) == 2
    for line, name in ((4, "frame00001.png"), (5, "frame00003.jpg")):
        photo = tmp_path / "seq1" / name
        whole = photo.read_bytes()
        photo.write_bytes(whole[: len(whole) // 2])
        with pytest.raises(WorkbookError, match=rf"line {line}: photo .*{name} cannot be read \(.*truncated"):
            read_pose_list(path)
        photo.write_bytes(whole + bytes(5000))  # a note after the end is no fault
        assert len(read_pose_list(path)) == 2


def test_a_name_like_the_header_is_a_photo(scene, tmp_path):
    (tmp_path / "ImageFile1.png").write_bytes((tmp_path / "seq1" / "frame00001.png").read_bytes())
    assert [r.name for r in read_pose_list(scene(HEADER + "ImageFile1.png 1 2 3 1 0 0 0"))] == ["ImageFile1.png"]


@pytest.mark.parametrize("text", ["", HEADER, "\n\n"])
def test_an_empty_list_is_an_error(scene, text):
    with pytest.raises(WorkbookError, match="no poses"):
        read_pose_list(scene(text))


def test_a_missing_list_is_an_error(tmp_path):
    with pytest.raises(WorkbookError, match="no such pose list"):
        read_pose_list(tmp_path / "nothing.txt")


def test_many_bad_lines_are_counted_not_all_printed(scene):
    with pytest.raises(WorkbookError) as caught:
        read_pose_list(scene(HEADER + "x 1 2\n" * 40))
    assert str(caught.value).count("\n") == 5
    assert "35 more bad lines" in str(caught.value)


def test_round_trip_through_a_file(tmp_path):
    rng = np.random.default_rng(3)
    raw = rng.normal(size=(20, 4))
    raw[:, 0] = np.abs(raw[:, 0])
    records = [
        PoseRecord(f"seq1/a photo {i}.png", tmp_path, 100 * rng.normal(size=3), q / np.linalg.norm(q))
        for i, q in enumerate(raw)
    ]
    write_pose_list(tmp_path / "list.txt", records)
    back = read_pose_list(tmp_path / "list.txt", check_images=False)
    assert [record.name for record in back] == [record.name for record in records]
    for before, after in zip(records, back, strict=True):
        np.testing.assert_allclose(after.position_m, before.position_m, atol=1e-9)
        np.testing.assert_allclose(after.quaternion_wxyz, before.quaternion_wxyz, atol=1e-8)


def test_kings_college_reads_completely(shared_data):
    train = read_pose_list(shared_data / "kings_college" / "dataset_train.txt", check_images=False)
    test = read_pose_list(shared_data / "kings_college" / "dataset_test.txt", check_images=False)
    assert (len(train), len(test)) == (1220, 343)
    assert train[0].name == "seq8/frame00001.png"
    assert {record.name for record in train}.isdisjoint(record.name for record in test)
