"""Stages leave marks: what was done from the same input is not done again, and what is half done goes on."""

import contextlib
import json

import pytest

from posenet_lib.scenes.build.stages import Stages


@contextlib.contextmanager
def no_bar(name):
    yield lambda done, total: None


class Job:
    """Two stages that count how often they run; the second one can be killed half-way."""

    def __init__(self, work):
        self.work, self.ran = work, []

    def run(self, first="a", second="b", die=False):
        stages = Stages(self.work, no_bar)
        stages.run("first", first, [self.work / "one"], lambda report: self._write("one", first))
        result = stages.run("second", second, [self.work / "two"], lambda report: self._write("two", second, die))
        return stages, result

    def _write(self, name, value, die=False):
        place = self.work / name
        place.mkdir(parents=True, exist_ok=True)
        (place / value).write_text("half")
        if die:
            raise KeyboardInterrupt
        self.ran.append(name)
        return {"value": value, "files": sorted(path.name for path in place.iterdir())}


def test_nothing_is_done_twice(tmp_path):
    job = Job(tmp_path)
    assert job.run()[1] == {"value": "b", "files": ["b"]}
    stages, result = job.run()
    assert job.ran == ["one", "two"]
    assert result == {"value": "b", "files": ["b"]}
    assert stages.went_on == ["first", "second"]
    assert [time.name for time in stages.times] == ["first", "second"]


def test_a_stopped_stage_goes_on_with_what_it_had(tmp_path):
    job = Job(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        job.run(die=True)
    (tmp_path / "two" / "half").write_text("done before the end came")
    assert job.run()[1]["files"] == ["b", "half"]
    assert job.ran == ["one", "two"], "the first is not done again"


def test_other_settings_begin_the_stage_anew_and_all_after_it(tmp_path):
    job = Job(tmp_path)
    job.run()
    assert job.run(second="c")[1]["files"] == ["c"], "nothing of the old input is left"
    assert job.ran == ["one", "two", "two"]
    job.run(first="x", second="c")
    assert job.ran == ["one", "two", "two", "one", "two"]


def test_what_a_mark_promises_and_is_not_there_is_made(tmp_path):
    job = Job(tmp_path)
    job.run()
    (tmp_path / "two" / "b").unlink()
    (tmp_path / "two").rmdir()
    (tmp_path / "first.done").write_text(json.dumps({"key": "torn"})[:5])
    job.run()
    assert job.ran == ["one", "two", "one", "two"]
