"""`--workers`: a count from 1 up, wherever it is given."""

import pytest

from posenet_lib.cli import main


@pytest.mark.parametrize("count", ["0", "-2", "two"])
@pytest.mark.parametrize(
    "command",
    [
        ["scene", "render"],
        ["scene", "film", "--out", "x.mp4"],
        ["weights", "pretrain", "--out", "x.safetensors"],
        ["courts", "grade", "runs", "--seeds", "seeds.csv", "--secret", "s", "--out", "runs.csv"],
    ],
)
def test_other_numbers_are_refused_in_one_sentence(command, count, capsys):
    with pytest.raises(SystemExit) as ended:
        main([*command, f"--workers={count}"])
    assert ended.value.code == 2
    assert f"argument --workers: it must be a whole number from 1 up, got {count}" in capsys.readouterr().err
