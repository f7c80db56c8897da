"""7-Scenes in, a scene of ours out."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import pose_from_matrix
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.scenes.readers.scene_writing import write_scene
from posenet_lib.scenes.readers.seven_scenes import read_seven_scenes
from posenet_lib.scenes.readers.splitting import SplitChoice, TestBlocks


def import_seven_scenes(source, out, test_blocks=None) -> tuple[int, int]:
    """Numbers of training and test photos of the scene that is written."""
    made = write_scene(read_seven_scenes(source, own_split=test_blocks is None), out, SplitChoice(test_blocks))
    return made.train_count, made.test_count


def matrix_from_pose(position_m, quaternion_wxyz) -> np.ndarray:
    """The inverse of `pose_from_matrix`, (3,), (4,) -> (4, 4)."""
    matrix = np.eye(4)
    matrix[:3, :3] = quaternion.to_matrix(quaternion_wxyz).T
    matrix[:3, 3] = position_m
    return matrix


def random_camera_to_world(rng) -> np.ndarray:
    matrix = np.eye(4)
    matrix[:3, :3] = quaternion.to_matrix(rng.normal(size=4))
    matrix[:3, 3] = rng.normal(size=3)
    return matrix


def make_sequence(folder, count, seed=0):
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    for number in range(count):
        Image.new("RGB", (64, 48), (number, 0, 0)).save(folder / f"frame-{number:06d}.color.png")
        np.savetxt(folder / f"frame-{number:06d}.pose.txt", random_camera_to_world(rng))
    return folder


def test_matrix_round_trip_is_exact():
    rng = np.random.default_rng(0)
    for _ in range(200):
        matrix = random_camera_to_world(rng)
        np.testing.assert_allclose(matrix_from_pose(*pose_from_matrix(matrix)), matrix, atol=1e-12)


def test_quaternion_rotates_world_to_camera():
    """A point in front of the camera must get a positive depth: R(q) (X - x)."""
    matrix = random_camera_to_world(np.random.default_rng(5))
    position_m, quaternion_wxyz = pose_from_matrix(matrix)
    in_world = (matrix @ [0.3, -0.2, 4.0, 1.0])[:3]
    np.testing.assert_allclose(quaternion.to_matrix(quaternion_wxyz) @ (in_world - position_m), [0.3, -0.2, 4.0])


def test_blocks_of_one_sequence(tmp_path):
    source = make_sequence(tmp_path / "kitchen", 16)
    assert import_seven_scenes(source, tmp_path / "out", TestBlocks.parse("2:4")) == (12, 4)
    test = read_pose_list(tmp_path / "out" / "dataset_test.txt")
    assert [record.name for record in test] == [f"kitchen/frame-{i:06d}.color.png" for i in (6, 7, 14, 15)]
    train = read_pose_list(tmp_path / "out" / "dataset_train.txt")
    for record in (*train, *test):
        matrix = np.loadtxt(source / record.image_path.name.replace("color.png", "pose.txt"))
        np.testing.assert_allclose(matrix_from_pose(record.position_m, record.quaternion_wxyz), matrix, atol=1e-6)
        assert record.image_path.read_bytes() == (source / record.image_path.name).read_bytes()


def test_official_splits(tmp_path):
    source = tmp_path / "chess"
    for number in (1, 2, 3):
        make_sequence(source / f"seq-{number:02d}", number, seed=number)
    (source / "TrainSplit.txt").write_text("sequence1\r\nsequence3\r\n")
    (source / "TestSplit.txt").write_text("sequence2\n")
    assert import_seven_scenes(source, tmp_path / "out") == (4, 2)
    names = [record.name for record in read_pose_list(tmp_path / "out" / "dataset_train.txt")]
    assert names[0] == "seq-01/frame-000000.color.png"
    assert names[1].startswith("seq-03/")


def test_a_sequence_is_in_one_split_once(tmp_path):
    source = tmp_path / "chess"
    for number in (1, 2):
        make_sequence(source / f"seq-{number:02d}", 2)
    (source / "TrainSplit.txt").write_text("sequence1\nsequence2\n")
    (source / "TestSplit.txt").write_text("sequence2\n")
    with pytest.raises(WorkbookError, match=r"TestSplit\.txt: seq-02 is in TrainSplit\.txt too"):
        import_seven_scenes(source, tmp_path / "out")
    (source / "TrainSplit.txt").write_text("sequence1\n\nsequence1\n")
    with pytest.raises(WorkbookError, match=r"TrainSplit\.txt, line 3: 'sequence1' is named twice"):
        import_seven_scenes(source, tmp_path / "out")


def break_pose(text):
    def apply(source):
        (source / "frame-000003.pose.txt").write_text(text)

    return apply


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (break_pose("1 2 3"), r"frame-000003\.pose\.txt: has 3 numbers where a 4x4 matrix has 16"),
        (break_pose("two " * 16), "could not convert"),
        (break_pose(" ".join(map(str, np.diag([1, 1, -1, 1]).ravel()))), "not a rotation matrix"),
        (lambda source: (source / "frame-000003.pose.txt").unlink(), r"frame-000003\.pose\.txt is missing"),
    ],
)
def test_a_bad_frame_is_named_and_nothing_is_left(tmp_path, damage, words):
    source = make_sequence(tmp_path / "kitchen", 8)
    damage(source)
    with pytest.raises(WorkbookError, match=words):
        import_seven_scenes(source, tmp_path / "out", TestBlocks(2, 2))
    assert [path.name for path in tmp_path.iterdir()] == ["kitchen"]


def test_refusals(tmp_path):
    source = make_sequence(tmp_path / "kitchen", 8)
    with pytest.raises(WorkbookError, match="leaves no test photo"):
        import_seven_scenes(source, tmp_path / "out", TestBlocks(100, 4))
    with pytest.raises(WorkbookError, match="already holds something"):
        import_seven_scenes(source, source, TestBlocks(2, 2))
    for text in ("100", "0:4", "100:1", "a:b"):
        with pytest.raises(WorkbookError, match="LENGTH:PERIOD"):
            TestBlocks.parse(text)


def test_photos_are_not_decoded(tmp_path):
    """A broken photo is found when it is used; importing gigabytes must not wait for decoding."""
    source = make_sequence(tmp_path / "kitchen", 8)
    (source / "frame-000000.color.png").write_bytes(b"broken")
    assert import_seven_scenes(source, tmp_path / "out", TestBlocks(2, 2)) == (4, 4)


def test_red_kitchen(shared_data, tmp_path):
    source = shared_data / "redkitchen"
    assert import_seven_scenes(source, tmp_path / "out", TestBlocks.parse("100:4")) == (800, 200)
    for record in read_pose_list(tmp_path / "out" / "dataset_test.txt")[::20]:
        written = np.loadtxt(source / record.image_path.name.replace("color.jpg", "pose.txt"))
        # The data set's own matrices are orthogonal to about 1e-4 only; the nearest rotation is what a pose can hold.
        u, _, vt = np.linalg.svd(written[:3, :3])
        written[:3, :3] = u @ vt
        np.testing.assert_allclose(matrix_from_pose(record.position_m, record.quaternion_wxyz), written, atol=1e-6)
