"""When a student handed in."""

import json
import os
from datetime import UTC, datetime

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hand_ins.hand_in_times import hand_in_times
from posenet_lib.grading.outside.hand_ins.submissions import Submission

EXPORT = """---
submission_12:
  :submitters:
  - :name: Ada
    :email: ada@example.org
  :created_at: 2026-10-14 22:00:05.123456789 Z
  :score: 3.0
submission_13:
  :created_at: nonsense
"""


def test_a_container_knows_the_time(tmp_path):
    file = tmp_path / "submission_metadata.json"
    data = {"created_at": "2026-10-14T15:00:05.123456-07:00", "users": [{"email": "ada@x.org", "name": "Ada"}]}
    file.write_text(json.dumps(data), encoding="utf-8")
    times = hand_in_times(tmp_path, file)
    time, source = times.of(Submission("student"))
    assert times.names == ("ada@x.org", "Ada"), "whose extension counts"
    assert time == datetime(2026, 10, 14, 22, 0, 5, 123456, UTC) and source == "Gradescope's record"
    file.write_text("{}", encoding="utf-8")
    with pytest.raises(WorkbookError, match="no time"):
        hand_in_times(tmp_path, file)


def test_an_export_knows_the_times(tmp_path):
    (tmp_path / "submission_metadata.yml").write_text(EXPORT, encoding="utf-8")
    times = hand_in_times(tmp_path, None)
    assert times.of(Submission("submission_12"))[0] == datetime(2026, 10, 14, 22, 0, 5, 123456, UTC)
    assert times.of(Submission("submission_13")) == (None, "the newest file's time")


def test_else_the_newest_file_counts_and_links_do_not(tmp_path):
    folder = tmp_path / "ada"
    folder.mkdir()
    for number, name in enumerate(("a.ipynb", "b.ipynb")):
        (folder / name).write_text("x")
        os.utime(folder / name, (1_000_000 + number, 1_000_000 + number))
    (folder / "link").symlink_to(tmp_path)
    time, source = hand_in_times(tmp_path, None).of(Submission("ada", [folder]))
    assert time.timestamp() == 1_000_001 and "file" in source
