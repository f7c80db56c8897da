"""Whatever stands in a file, there is an answer or a WorkbookError: no traceback, no hang.

A few seconds here; for longer, POSENET_FUZZ_EXAMPLES=20000.
"""

import json
import os
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posenet_lib.core.errors import WorkbookError
from posenet_lib.evaluation.outside_predictions import score_predictions
from posenet_lib.geometry.intrinsics import read_intrinsics
from posenet_lib.scenes.check import check_scene
from posenet_lib.scenes.check.intrinsics import repaired, what_is_wrong
from posenet_lib.scenes.nvm import read_nvm
from posenet_lib.scenes.pose_list import read_pose_list
from posenet_lib.scenes.repair import STEPS, convert_scene
from posenet_lib.scenes.scene import load_scene

EXAMPLES = int(os.environ.get("POSENET_FUZZ_EXAMPLES", "25"))
FUZZ = settings(
    max_examples=EXAMPLES, deadline=None, derandomize="POSENET_FUZZ_EXAMPLES" not in os.environ,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
NUMBERS = st.one_of(
    st.floats().map(repr),
    st.integers(-(10**30), 10**30).map(str),
    st.sampled_from(["0", "1", "-0", "nan", "inf", "1e400", "1,5", "0x1", "1_0", "٣", "", '"', "1e-320", "5780000.25"]),
)
NAMES = st.one_of(
    st.sampled_from(
        ["a.jpg", "walk/a.jpg", "../a.jpg", "/x/y.jpg", "C:\\d\\e.jpg", "日本.jpg", ".", "..", "a b 1.jpg", "\0"]
    ),
    st.text(max_size=12),
)
SEPARATORS = st.sampled_from([" ", "\t", ",", ";", ", ", "  "])
LINES = st.one_of(
    st.text(max_size=40),
    st.builds(
        lambda name, numbers, separator: separator.join([name, *numbers]),
        NAMES,
        st.lists(NUMBERS, max_size=10),
        SEPARATORS,
    ),
    st.builds(
        lambda k, numbers: " ".join([f"w/f{k}.jpg", *map(repr, numbers)]),
        st.integers(0, 30),
        st.lists(st.floats(-1e7, 1e7) | st.floats(-1, 1), min_size=7, max_size=7),
    ),
)
TEXTS = st.lists(LINES, max_size=14).map("\n".join)
CONTENTS = st.one_of(
    TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")),
    TEXTS.map(lambda text: text.encode("utf-16", "surrogatepass")),
    st.binary(max_size=80),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["image", "x", "y", "z", "w", "p", "q", "r"]), inner, max_size=8)
    ),
    max_leaves=12,
)


@pytest.fixture(scope="module")
def folder():
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture(scope="module")
def court():
    return load_scene(check_images=False)


@FUZZ
@given(train=CONTENTS, test=CONTENTS, steps=st.lists(st.sampled_from([*STEPS, "nonsense"]), max_size=3))
def test_pose_lists(folder, train, test, steps):
    (folder / "dataset_train.txt").write_bytes(train)
    (folder / "dataset_test.txt").write_bytes(test)
    for attempt in (
        lambda: read_pose_list(folder / "dataset_train.txt", check_images=True),
        lambda: load_scene(folder, check_images=False),
        lambda: json.dumps([finding.as_dict() for finding in check_scene(folder)]),
    ):
        try:
            attempt()
        except WorkbookError as error:
            assert str(error)
    with tempfile.TemporaryDirectory() as out:
        try:
            convert_scene(folder, Path(out) / "made", steps)
            check_scene(Path(out) / "made")
        except WorkbookError:
            assert not (Path(out) / "made").exists() or (Path(out) / "made" / "dataset_train.txt").exists()


@FUZZ
@given(
    content=CONTENTS | JSON.map(lambda value: json.dumps(value).encode()),
    ending=st.sampled_from(["csv", "json", "txt"]),
)
def test_predictions(folder, court, content, ending):
    path = folder / f"predictions.{ending}"
    path.write_bytes(content)
    with pytest.raises(WorkbookError):
        score_predictions(court, path)


@settings(FUZZ, max_examples=max(6, EXAMPLES // 4))
@given(numbers=st.lists(st.floats(-1e12, 1e12, allow_subnormal=True), min_size=96 * 7, max_size=96 * 7))
def test_predictions_of_any_size(folder, court, numbers):
    rows = np.array(numbers).reshape(96, 7)
    lines = [" ".join([r.name, *map(repr, row)]) for r, row in zip(court.test.records, rows.tolist(), strict=True)]
    (folder / "p.txt").write_text("\n".join(lines))
    try:
        score_predictions(court, folder / "p.txt")
    except WorkbookError as error:
        assert "no rotation" in str(error)


@FUZZ
@given(content=CONTENTS, head=st.sampled_from([b"", b"NVM_V3\n\n", b"NVM_V3\n\n1\na.jpg 1 1 0 0 0 0 0 0 0 0\n1\n"]))
def test_reconstructions(folder, content, head):
    (folder / "r.nvm").write_bytes(head + content)
    try:
        read_nvm(folder / "r.nvm")
    except WorkbookError as error:
        assert "r.nvm" in str(error)


@FUZZ
@given(
    rows=st.lists(st.lists(NUMBERS, max_size=4).map(" ".join), max_size=4).map("\n".join),
    size=st.none() | st.just((48, 27)),
)
def test_cameras(folder, rows, size):
    (folder / "camera.txt").write_text(rows, encoding="utf-8")
    try:
        matrix = read_intrinsics(folder / "camera.txt")
    except WorkbookError:
        return
    what_is_wrong(matrix, size)
    if size:
        assert repaired(matrix, size).shape == (3, 3)
