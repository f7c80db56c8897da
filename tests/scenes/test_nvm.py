"""NVM files: what is read, and what is refused with which words."""

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.nvm import read_focal_px, read_nvm
from posenet_lib.scenes.scene import load_scene
from tests.support.reconstructions import nvm_text


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


def test_an_nvm_is_read_up_to_its_cameras(tmp_path):
    camera = "seq1/frame0000{}.jpg {} 1 0 0 0 0 0 0 0 0"
    lines = ["NVM_V3", "", "3", *(camera.format(i, f) for i, f in enumerate((1660, 1670, 1700))), "", "no points here"]
    (tmp_path / "reconstruction.nvm").write_text("\n".join(lines))
    assert read_focal_px(tmp_path / "reconstruction.nvm") == 1670
