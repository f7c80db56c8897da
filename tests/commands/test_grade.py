"""`posenet grade`: its arguments."""

from posenet_lib import cli


def test_grade_needs_its_arguments(tmp_path, capsys):
    assert cli.main(["grade"]) == 2
    assert "--out" in capsys.readouterr().err
    (tmp_path / "class" / "ada").mkdir(parents=True)
    assert cli.main(["grade", str(tmp_path / "class"), "--out", str(tmp_path / "class" / "out")]) == 2
    assert "inside the submissions" in capsys.readouterr().err
