"""A file with a camera matrix: what is refused."""

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.focal_length import INTRINSICS


@pytest.mark.parametrize(
    "text", ["", "1 2 3\n", "585 0 x\n0 585 240\n0 0 1", "0 0 1\n0 0 1\n0 0 1", "nan 0 1\n0 5 1\n0 0 1"]
)
def test_a_bad_file_is_named(text, tmp_path):
    (tmp_path / INTRINSICS).write_text(text)
    with pytest.raises(WorkbookError, match=INTRINSICS):
        read_intrinsics(tmp_path / INTRINSICS)
