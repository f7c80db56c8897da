"""`posenet experiment`: files that cannot be used."""

from posenet_lib.cli import main


def test_no_toml_and_no_file(tmp_path, capsys):
    path = tmp_path / "x.toml"
    assert main(["experiment", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "cannot be read" in capsys.readouterr().err
    path.write_text("seeds = [1,")
    assert main(["experiment", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "no valid TOML" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_two_things_that_differ_at_once_are_named(tmp_path, capsys):
    path = tmp_path / "x.toml"
    text = '[settings]\nepochs = 1\n{}[[runs]]\ncrop = ["square", "wide"]\n'
    path.write_text(text.format(""))
    assert main(["experiment", str(path), "--plan"]) == 0
    assert "give `move` in [settings]" in capsys.readouterr().out
    path.write_text(text.format("move = 0.0\n"))
    assert main(["experiment", str(path), "--plan"]) == 0
    assert "move" not in capsys.readouterr().out
