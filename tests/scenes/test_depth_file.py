"""Depth and flow as files."""

import numpy as np
import pytest
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.depth_file import read_depth, read_flow, write_depth, write_flow


def test_depth_survives_to_the_millimetre_and_sky_stays_sky(tmp_path):
    depth = np.array([[0.5, 1.2344, 65.0], [90.0, np.inf, 0.0001]], dtype=np.float32)
    write_depth(tmp_path / "d.png", depth)
    assert np.asarray(Image.open(tmp_path / "d.png")).tolist() == [[500, 1234, 65000], [65535, 0, 1]]
    back = read_depth(tmp_path / "d.png")
    assert back.dtype == np.float32
    np.testing.assert_allclose(back, [[0.5, 1.234, 65.0], [65.535, np.inf, 0.001]], rtol=1e-6)


def test_flow_is_a_middlebury_file(tmp_path):
    flow = np.random.default_rng(0).normal(0, 9, (3, 5, 2)).astype(np.float32)
    write_flow(tmp_path / "f.flo", flow)
    content = (tmp_path / "f.flo").read_bytes()
    assert content[:4] == b"PIEH" and np.frombuffer(content[4:12], "<i4").tolist() == [5, 3]
    np.testing.assert_array_equal(read_flow(tmp_path / "f.flo"), flow)


def test_damaged_files_are_refused_in_words(tmp_path):
    Image.new("RGB", (4, 3)).save(tmp_path / "rgb.png")
    with pytest.raises(WorkbookError, match=r"rgb\.png.*RGB, not 16-bit grey"):
        read_depth(tmp_path / "rgb.png")
    write_flow(tmp_path / "f.flo", np.zeros((3, 5, 2), np.float32))
    (tmp_path / "f.flo").write_bytes((tmp_path / "f.flo").read_bytes()[:-4])
    with pytest.raises(WorkbookError, match="cut off"):
        read_flow(tmp_path / "f.flo")
    with pytest.raises(WorkbookError, match="cannot be read"):
        read_flow(tmp_path / "none.flo")
