"""Another trunk, head and loss through the commands: trained, resumed, evaluated."""

import json
import shutil

import torch

from posenet_lib.cli import main
from posenet_lib.geometry import quaternion
from posenet_lib.models.checkpoint import LAST, load_checkpoint
from posenet_lib.scenes.scene import load_scene
from tests.support.places import ANSWERS
from tests.support.reconstructions import nvm_text


def test_a_variant_is_trained_resumed_and_evaluated(small_scene, tmp_path, capsys):
    """ResNet-18 with LSTM head and learned weighting: two epochs at once are one epoch and another."""
    common = ["--scene", str(small_scene), "--answers", str(ANSWERS), "--trunk", "resnet18", "--head", "poselstm"]
    common += ["--loss", "learned", "--batch-size", "8", "--schedule", "constant", "--precision", "float32"]
    common += ["--device", "cpu", "--image-size", "112"]
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    assert main(["train", *common, "--out", str(whole), "--epochs", "2", "--warmup", "0"]) == 0
    for more in (["--epochs", "1"], ["--epochs", "2", "--resume"]):
        assert main(["train", *common, "--out", str(parts), "--warmup", "0", *more]) == 0
    first, second = load_checkpoint(whole, which=LAST), load_checkpoint(parts, which=LAST)
    assert set(first.loss) == {"s_position", "s_rotation"}
    assert float(first.loss["s_rotation"]) != -3.0
    assert first.focal_px is None, "a scene whose camera is unknown: crops keep the photo's pose"
    for name, value in {**first.model, **first.loss}.items():
        other = second.loss[name] if name in second.loss else second.model[name]
        torch.testing.assert_close(value, other, atol=1e-5, rtol=1e-4)

    capsys.readouterr()
    table, picture = tmp_path / "p.json", tmp_path / "c.png"
    evaluate = ["evaluate", "--scene", str(small_scene), "--checkpoint", str(whole), "--json"]
    drawn = ["--test-time", "mc-dropout", "--samples", "5", "--predictions", str(table), "--calibration", str(picture)]
    assert main([*evaluate, *drawn]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["test_time"] == "mc-dropout"
    assert -1 <= result["sigma_position_m"]["rank_correlation"] <= 1
    assert json.loads(table.read_text())[0]["position_sigma_m"] > 0
    assert picture.stat().st_size > 5000
    assert main([*evaluate, "--test-time", "dense", "--crops", "4"]) == 0
    assert json.loads(capsys.readouterr().out)["test_time"] == "dense"
    assert main([*evaluate, "--test-time", "mc-dropout", "--calibration", "sigma.xyz"]) == 2
    assert "sigma.xyz: the name must end in .png" in capsys.readouterr().err
    assert main([*evaluate, "--calibration", str(picture)]) == 2
    assert "--calibration needs --test-time mc-dropout" in capsys.readouterr().err


def test_it_trains_with_pixels_roll_and_plateau(small_scene, tmp_path, capsys):
    """One short run with all three, on a scene whose points come from a reconstruction."""
    folder = tmp_path / "Court2"
    shutil.copytree(small_scene, folder)
    records = load_scene(folder).train.records
    ahead = [r.position_m + 5 * quaternion.to_matrix(r.quaternion_wxyz)[2] for r in records]
    (folder / "reconstruction.nvm").write_text(
        nvm_text(records, [tuple(map(float, xyz)) for xyz in ahead], [[index] for index in range(len(records))])
    )
    command = [
        "train",
        "--scene",
        str(folder),
        "--answers",
        str(ANSWERS),
        "--out",
        str(tmp_path / "run"),
        "--image-size",
        "112",
    ]
    command += ["--trunk", "resnet18", "--loss", "reprojection", "--reprojection-after", "0.5", "--roll", "5"]
    command += ["--schedule", "plateau", "--epochs", "2", "--batch-size", "8", "--warmup", "0", "--device", "cpu"]
    assert main(command) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("epoch")]
    first, second = (float(line.split()[3]) for line in lines)
    assert second > 3 * first, "pixels are larger numbers than the weighted errors"
