"""Options that mean nothing together are refused with one sentence, before anything is done."""

import pytest

from posenet_lib import cli

REFUSED = {
    "grade --self x.ipynb --jobs 4 --roster r.csv": "--self makes no use of --jobs, --roster; leave that out",
    "grade class --self x.ipynb": "--self makes no use of SUBMISSIONS",
    "grade --self x.ipynb --benchmark 3": "--self makes no use of --benchmark",
    "grade --benchmark 3 --out graded": "--benchmark makes no use of --out",
    "grade --benchmark 3 --regrade ada --cell-seconds 5": "--benchmark makes no use of --regrade, --cell-seconds",
    "grade --benchmark 0": "--benchmark is 0; it must be at least 1",
    "release --out x.zip --gradescope --repo a/b": "--repo and --no-check belong to the students' zip",
    "release --out x.zip --gradescope --no-check": "--repo and --no-check belong to the students' zip",
    "release --out x.zip --instructor --no-check": "--no-check belongs to the students' zip",
    "release --out x.zip --policy late.toml": "--policy belongs to --gradescope",
}


@pytest.mark.parametrize("command", REFUSED)
def test_what_would_be_ignored_is_refused(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert cli.main(command.split()) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"posenet: {REFUSED[command]}") and said.count("\n") == 1
    assert not list(tmp_path.iterdir())
