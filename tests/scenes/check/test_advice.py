"""The commands that findings name exist, with the formats that they name."""

import re
from pathlib import Path

import pytest

from posenet_lib import cli
from posenet_lib.scenes import check

TEXT = "\n".join(path.read_text(encoding="utf-8") for path in Path(check.__file__).parent.glob("*.py"))
COMMANDS = sorted(set(re.findall(r"posenet ((?:[a-z]+ )+)", TEXT)))


@pytest.mark.parametrize("words", COMMANDS)
def test_commands_of_advice_exist(words, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main([*words.split(), "--help"])
    assert stopped.value.code == 0, capsys.readouterr().err
