"""Camera roll, the refused flip, plateaus, and the reprojection loss with its sources of 3-D points."""

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from posenet_lib.scenes.resizing import resize_smaller_side

from posenet_lib.cli import main
from posenet_lib.core.config import TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.data.augmentation import Augmentation
from posenet_lib.data.dataset import PoseDataset, PoseSample
from posenet_lib.data.roll import rolled_input, rolled_quaternion
from posenet_lib.data.transforms import Corner, centre_corner, network_input
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import Pose
from posenet_lib.models.posenet import PoseNetOutput
from posenet_lib.scenes.nvm import read_nvm
from posenet_lib.scenes.points import VisiblePoints, visible_points
from posenet_lib.scenes.practice_court import intrinsics, render_photo
from posenet_lib.scenes.scene import Scene, Split, load_scene
from posenet_lib.training.losses import LearnedWeighting, Reprojection
from posenet_lib.training.losses.reprojection import pixel_distance
from posenet_lib.training.schedule import learning_rate, plateaus

SOLUTIONS = Path(__file__).parent / "solutions"


# Roll


def test_a_rolled_photo_is_what_the_rolled_camera_sees():
    """The project's own renderer is the judge: it takes the same photo with the camera turned."""
    position_m, q = np.array([0.0, -2.0, 1.6]), np.array([0.5, -0.5, 0.5, -0.5])  # looks along the court
    mean = torch.zeros(256, 455, 3)
    middle = slice(30, 194), slice(30, 194)

    def seen(quaternion_wxyz) -> torch.Tensor:
        photo = Image.fromarray(render_photo(position_m, quaternion_wxyz, supersample=1))
        return torch.from_numpy(np.array(resize_smaller_side(photo)))

    plain, corner = seen(q), centre_corner(256, 455)
    for roll_deg in (12.0, -7.0):
        judge = network_input(seen(rolled_quaternion(q, roll_deg)), mean, corner)[:, *middle]

        def off(angle_deg: float, judge=judge) -> float:
            return float((rolled_input(plain, mean, corner, angle_deg, 224)[:, *middle] - judge).abs().mean())

        assert off(roll_deg) < 0.025, "two or three grey levels of 255: two interpolations"
        assert off(roll_deg) < 0.8 * min(off(roll_deg + 0.5), off(roll_deg - 0.5)), "half a degree is seen"
        assert off(roll_deg) < off(-roll_deg) / 5


def test_no_roll_is_the_plain_input_and_the_outside_is_the_mean_image():
    photo = torch.randint(0, 256, (256, 300, 3), dtype=torch.uint8)
    mean = torch.full((256, 300, 3), 100.0)
    for corner in (Corner(0, 0), Corner(32, 76)):
        torch.testing.assert_close(
            rolled_input(photo, mean, corner, 0.0, 224), network_input(photo, mean, corner), atol=1e-4, rtol=0
        )
    assert (rolled_input(photo, mean, Corner(0, 0), 30.0, 224)[:, 0, 0] == -1).all()


def test_roll_turns_the_quaternion_in_the_camera():
    q = quaternion.canonical_sign(quaternion.normalise(np.array([0.3, -0.5, 0.7, 0.2])))
    turned = rolled_quaternion(q, 90.0)
    quarter = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])  # right becomes down
    np.testing.assert_allclose(quaternion.to_matrix(turned), quarter @ quaternion.to_matrix(q), atol=1e-12)
    np.testing.assert_allclose(rolled_quaternion(turned, -90.0), q, atol=1e-12)


def test_a_data_set_with_roll_turns_photos_and_quaternions_alike(small_scene):
    scene = load_scene(small_scene)
    store, mean = scene.train.open_store(show_progress=False), np.full((256, 455, 3), 90.0, np.float32)
    plain, rolled = (
        PoseDataset(store, scene.train.records, mean, augmentation=Augmentation(0.1, 0.0, roll), seed=4)
        for roll in (0.0, 10.0)
    )
    angles = [change.roll_deg for change in rolled.changes]
    assert 3 < np.abs(angles).max() <= 10
    assert plain.corners == rolled.corners, "everything else is drawn as before"
    assert [c.offset for c in plain.changes] == [c.offset for c in rolled.changes]
    turned = quaternion.angle_deg(plain[3].quaternion_wxyz, rolled[3].quaternion_wxyz)
    assert turned == pytest.approx(abs(angles[3]), abs=1e-3)
    assert torch.equal(plain[3].quaternion_wxyz, torch.tensor(scene.train.records[3].quaternion_wxyz).float())


def test_a_flip_is_refused_with_the_reason(tmp_path, capsys):
    assert main(["train", "--flip", "--out", str(tmp_path / "run")]) == 2
    assert "a place that does not exist" in capsys.readouterr().err


# Plateau


def test_plateaus_are_counted_from_the_history():
    assert plateaus([], 2) == 0
    assert plateaus([5, 4, 3, 2], 2) == 0
    assert plateaus([5, 6, 5], 2) == 1
    assert plateaus([5, 6, 5, 5, 5], 2) == 2
    assert plateaus([5, 6, 4, 6, 7, 3, 3, 3], 2) == 2
    losses = [5.0, 4.0, 4.5, 4.6, 4.7, 3.0, 3.1]
    config = TrainConfig(schedule="plateau", patience=3, warmup=0.1, learning_rate=1.0)
    rates = [learning_rate(config, 0.5, losses[:epoch]) for epoch in range(len(losses) + 1)]
    assert rates == [1, 1, 1, 1, 1, 0.5, 0.5, 0.5]
    assert learning_rate(config, 0.05, losses) == pytest.approx(0.5), "warming up"


# Reprojection


def a_pose(batch: int = 2) -> Pose:
    q = quaternion.normalise(np.random.default_rng(1).normal(size=(batch, 4)))
    return Pose(torch.tensor([[1.0, 2, 3]]).repeat(batch, 1), torch.tensor(q, dtype=torch.float32))


def points_before(pose: Pose, depth_m: float, count: int = 40) -> torch.Tensor:
    """Points in front of each camera, made with the project's NumPy convention, not the loss's own code."""
    rng = np.random.default_rng(2)
    sideways = rng.uniform(-0.4, 0.4, (2, len(pose.position_m), count)) * depth_m
    in_camera = np.stack([*sideways, np.full_like(sideways[0], depth_m)], axis=-1)
    rotation = quaternion.to_matrix(pose.quaternion_wxyz.numpy())
    return torch.tensor(in_camera @ rotation + pose.position_m.numpy()[:, None], dtype=torch.float32)


def test_pixel_distance_of_a_sideways_step_and_of_a_turn():
    true = a_pose()
    points = points_before(true, depth_m=10.0)
    assert pixel_distance(true, true, points, 300.0).item() == pytest.approx(0, abs=1e-2)
    right = torch.tensor(quaternion.to_matrix(true.quaternion_wxyz.numpy())[:, 0], dtype=torch.float32)
    stepped = true._replace(position_m=true.position_m + 0.5 * right)
    assert pixel_distance(stepped, true, points, 300.0).item() == pytest.approx(300 * 0.5 / 10, rel=1e-3)
    rolled = np.array([rolled_quaternion(q, 2.0) for q in true.quaternion_wxyz.numpy()])
    turned = true._replace(quaternion_wxyz=-3 * torch.tensor(rolled, dtype=torch.float32))  # length and sign are free
    rotation = quaternion.to_matrix(true.quaternion_wxyz.numpy())
    seen = (points - true.position_m[:, None]).numpy() @ rotation.swapaxes(1, 2)
    radius = np.linalg.norm(300 * seen[..., :2] / seen[..., 2:], axis=-1).mean()  # pixels from the photo's centre
    assert pixel_distance(turned, true, points, 300.0).item() == pytest.approx(radius * np.radians(2.0), rel=1e-3)


def test_unknown_points_do_not_count_and_points_behind_stay_finite():
    true = a_pose()
    points = points_before(true, depth_m=5.0)
    wrong = Pose((true.position_m + 20).requires_grad_(), torch.randn(2, 4).requires_grad_())  # most points behind it
    loss = pixel_distance(wrong, true, points, 300.0)
    loss.backward()
    assert wrong.position_m.grad.isfinite().all()
    assert wrong.quaternion_wxyz.grad.abs().sum() > 0
    half = points.clone()
    half[1] = torch.nan
    alone = pixel_distance(*(Pose(*(part[:1] for part in pose)) for pose in (wrong, true)), points[:1], 300.0)
    torch.testing.assert_close(pixel_distance(wrong, true, half, 300.0), alone)
    assert pixel_distance(wrong, true, torch.full_like(points, torch.nan), 300.0) == 0


def test_pixels_take_over_after_their_share_of_the_run():
    true = a_pose()
    points = points_before(true, 8.0)
    before = LearnedWeighting(lambda *_: torch.tensor(1.0), lambda *_: torch.tensor(1.0))
    loss = Reprojection(VisiblePoints(points.numpy(), 300.0), before, after=0.5)
    output = PoseNetOutput(true._replace(position_m=true.position_m + 0.1), None, None)
    assert loss(output, true, points, 0.49) == before(output, true)
    assert loss(output, true, points, 0.5) == pixel_distance(output.main, true, points, 300.0)
    assert {name for name, _ in loss.named_parameters()} == {"before.s_position", "before.s_rotation"}


def test_the_courts_points_lie_in_its_photos():
    court = load_scene()
    few = Split("train", court.train.records[:3], court.folder)
    points_m, focal_px = visible_points(Scene(court.name, court.folder, few, court.test), count=20)
    assert points_m.shape == (3, 20, 3)
    assert focal_px == pytest.approx(intrinsics(455, 256)[0, 0], rel=0.01)
    for record, points in zip(few.records, points_m, strict=True):
        seen = (points - record.position_m) @ quaternion.to_matrix(record.quaternion_wxyz).T
        assert (seen[:, 2] > 0.1).all()
        assert (np.abs(seen[:, :2] / seen[:, 2:]) * focal_px <= [455 / 2 + 8, 256 / 2 + 8]).all()
    assert (points_m[..., 2] > -0.5).all(), "nothing below the ground"


# NVM files


def nvm_text(records, points, sightings) -> str:
    """As VisualSFM writes it: JPEG names, tabs, and a second, empty model at the end."""
    cameras = [
        f"{Path(r.name).with_suffix('.jpg')}\t1670.5 {' '.join(map(repr, map(float, r.quaternion_wxyz)))} "
        f"{' '.join(map(repr, map(float, r.position_m)))} -0.05 0 "
        for r in records
    ]
    rows = [
        f"{' '.join(map(str, xyz))} 10 20 30 {len(seen)} " + " ".join(f"{camera} 7 1.5 -2.5" for camera in seen) + " "
        for xyz, seen in zip(points, sightings, strict=True)
    ]
    return "\n".join(["NVM_V3 ", "", str(len(cameras)), *cameras, "", str(len(rows)), *rows, "", "0", "#the last", ""])


def scene_with_nvm(small_scene, tmp_path, text: str) -> Scene:
    """Another folder and name, so that it is not the practice court, whose geometry is known."""
    (tmp_path / "reconstruction.nvm").write_bytes(text.encode())
    scene = load_scene(small_scene)
    return Scene("Elsewhere", tmp_path, scene.train, scene.test)


def test_points_come_from_a_reconstruction(small_scene, tmp_path):
    records = load_scene(small_scene).train.records
    points = [(0.5, 1, 2), (3, 4, 5), (6, 7, 8)]
    unix = nvm_text(records, points, [[0, 1], [1], []])
    for text in (unix, unix.replace("\n", "\r\n")):
        scene = scene_with_nvm(small_scene, tmp_path, text)
        found = visible_points(scene, count=5)
        assert found.points_m.shape == (16, 5, 3)
        assert (found.points_m[0] == points[0]).all()
        assert {tuple(point) for point in found.points_m[1]} <= set(points[:2])
        assert np.isnan(found.points_m[2:]).all()
        assert found.focal_px == pytest.approx(1670.5 * 256 / 270)
    model = read_nvm(tmp_path / "reconstruction.nvm")
    np.testing.assert_allclose(model.position_m[3], records[3].position_m)
    np.testing.assert_allclose(model.quaternion_wxyz[3], records[3].quaternion_wxyz)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda t: t.replace("NVM_V3 ", "NVM_V3_R9T"), "line 1: begins with 'NVM_V3_R9T' where NVM_V3 is expected"),
        (lambda t: "", "the file ends where the header"),
        (lambda t: t.replace("\n16\n", "\n1e3\n"), "line 3: '1e3' is no number of cameras"),
        (lambda t: t.replace("\n16\n", "\n-4\n"), "'-4' is no number of cameras"),
        (lambda t: t.replace("\n16\n", "\n999999999999\n"), "line 2[0-9]"),
        (lambda t: t[:600], "is it cut off|needs a name and ten numbers"),
        (lambda t: t.replace("1670.5", "wide", 1), "line 4: 'wide' is not a number"),
        (lambda t: t.replace("1670.5", "nan", 1), "'nan': a finite number"),
        (lambda t: t.replace("1670.5", "-3", 1), "focal length -3"),
        (lambda t: t.replace("30 2 0 7", "30 3 0 7"), "a point with 3 sightings needs 19 numbers, has 15"),
        (lambda t: t.replace("30 2 0 7", "30 2 77 7"), "a sighting by camera 77, but there are 16"),
        (lambda t: "\x00\x01PNG binary", "where NVM_V3 is expected"),
    ],
)
def test_a_bad_reconstruction_is_named(small_scene, tmp_path, change, words):
    text = change(nvm_text(load_scene(small_scene).train.records, [(0, 1, 2)], [[0, 1]]))
    (tmp_path / "x.nvm").write_text(text)
    with pytest.raises(WorkbookError, match=words) as caught:
        read_nvm(tmp_path / "x.nvm")
    assert "x.nvm, line" in str(caught.value)


def test_a_reconstruction_of_another_scene_is_refused(small_scene, tmp_path):
    records = load_scene(small_scene).train.records
    text = nvm_text(records, [(0, 1, 2)], [[0]])
    with pytest.raises(WorkbookError, match="knows 0 of the 16 training photos"):
        visible_points(scene_with_nvm(small_scene, tmp_path, text.replace("frame", "image")))
    moved = [dataclasses.replace(r, position_m=10 * r.position_m + 3) for r in records]
    with pytest.raises(WorkbookError, match="not in the same world frame"):
        visible_points(scene_with_nvm(small_scene, tmp_path, nvm_text(moved, [(0, 1, 2)], [[0]])))
    (tmp_path / "reconstruction.nvm").unlink()
    scene = load_scene(small_scene)
    with pytest.raises(WorkbookError, match=r"needs 3-D points, and .*reconstruction\.nvm does not exist"):
        visible_points(Scene("Elsewhere", tmp_path, scene.train, scene.test))


def test_it_trains_with_pixels_roll_and_plateau(small_scene, tmp_path, capsys):
    """One short run with all three, on a scene whose points come from a reconstruction."""
    folder = tmp_path / "Court2"
    shutil.copytree(small_scene, folder)
    records = load_scene(folder).train.records
    ahead = [r.position_m + 5 * quaternion.to_matrix(r.quaternion_wxyz)[2] for r in records]
    (folder / "reconstruction.nvm").write_text(
        nvm_text(records, [tuple(map(float, xyz)) for xyz in ahead], [[index] for index in range(len(records))])
    )
    command = ["train", "--scene", str(folder), "--answers", str(SOLUTIONS), "--out", str(tmp_path / "run")]
    command += ["--trunk", "resnet18", "--loss", "reprojection", "--reprojection-after", "0.5", "--roll", "5"]
    command += ["--schedule", "plateau", "--epochs", "2", "--batch-size", "8", "--warmup", "0", "--device", "cpu"]
    assert main(command) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("epoch")]
    first, second = (float(line.split()[3]) for line in lines)
    assert second > 3 * first, "pixels are larger numbers than the weighted errors"


def test_samples_stay_as_they_were_without_points(small_scene):
    scene = load_scene(small_scene)
    store = scene.train.open_store(show_progress=False)
    mean = np.zeros((256, 455, 3), np.float32)
    assert type(PoseDataset(store, scene.train.records, mean)[0]) is PoseSample
    points = np.zeros((16, 4, 3), np.float32)
    sample = PoseDataset(store, scene.train.records, mean, points_m=points)[0]
    assert (tuple(sample.points_m.shape), sample.pose.position_m.shape) == ((4, 3), (3,))
