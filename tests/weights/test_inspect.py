"""`posenet weights inspect`: what a file is."""

import re

import numpy as np
import torch
from safetensors.torch import save_file

from posenet_lib.cli import main
from posenet_lib.models.checkpoint import BEST
from tests.support.places import COURT


def test_inspect_says_what_a_file_is(files, run, tmp_path, capsys):
    (tmp_path / "page.zip").write_text("<!DOCTYPE html><html><body>Not found</body></html>")
    (tmp_path / "pointer.pickle").write_text(
        "version https://git-lfs.github.com/spec/v1\noid sha256:1588\nsize 124794267\n"
    )
    (tmp_path / "half.zip").write_bytes(b"PK\x03\x04" + bytes(100))
    np.savez(tmp_path / "arrays.npz", a=np.zeros(3))
    np.save(tmp_path / "mean.npy", np.zeros((4, 4, 3)))
    save_file({"w": torch.zeros(3)}, tmp_path / "other.safetensors")
    for path, words in {
        files / "places-googlenet.pickle": "GoogLeNet trained on Places.*128 arrays, 10,933,655.*--trunk googlenet ",
        files / "posenet.npy": "TensorFlow port.*136 arrays.*--trunk googlenet ",
        files / "googlenet.pth": "torchvision's GoogLeNet.*364 arrays, 13,0.*--trunk googlenet-bn ",
        run / BEST: "a network of this workbook, trained on SomeCourt.*--trunk googlenet-bn ",
        COURT / "dataset_test.txt": "a scene's pose list with 96 photos",
        tmp_path / "page.zip": "a web page",
        tmp_path / "pointer.pickle": "a Git LFS pointer",
        tmp_path / "half.zip": "damaged or cut off",
        tmp_path / "arrays.npz": r"NumPy arrays as \.npz",
        tmp_path / "other.safetensors": "arrays of no known network",
        COURT / "walk01" / "frame00001.jpg": "no kind of weight file",
    }.items():
        assert main(["weights", "inspect", str(path)]) == 0, path
        text = " ".join(capsys.readouterr().out.split())
        assert re.search(words, text), text
    assert main(["weights", "inspect", str(tmp_path / "mean.npy")]) == 2
    assert "a NumPy array of shape (4, 4, 3)" in capsys.readouterr().err
    assert main(["weights", "inspect", str(tmp_path)]) == 2
    assert "a folder" in capsys.readouterr().err
    assert main(["weights", "inspect", "--keys", str(files / "posenet.npy")]) == 0
    assert "icp9_out2/weights" in capsys.readouterr().out
