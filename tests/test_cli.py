"""The `posenet` command as users type it."""

import re
import subprocess
import sys

import pytest

from posenet_lib.cli import build_parser, main

COMMANDS = [
    [],
    ["lab"],
    ["download"],
    ["weights"],
    ["weights", "inspect"],
    ["walkthrough"],
    ["scene"],
    ["scene", "render"],
    ["scene", "import-7scenes"],
    ["scene", "info"],
    ["train"],
    ["evaluate"],
    ["predict"],
    ["experiment"],
    ["grade"],
    ["courts"],
    ["courts", "give"],
    ["courts", "grade"],
    ["release"],
    ["benchmark"],
]


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "posenet")
def test_help_everywhere(words, capsys):
    with pytest.raises(SystemExit) as ended:
        build_parser().parse_args([*words, "--help"])
    assert ended.value.code == 0
    text = capsys.readouterr().out
    undocumented = re.findall(r"^  (--?[\w-]+)(?: [A-Z.:]+)?$\n(?!  {6})", text, re.MULTILINE)
    undocumented += re.findall(r"^  (?!COMMAND$)([A-Z]+)$\n(?!  {6})", text, re.MULTILINE)  # PHOTO, SRC
    assert not undocumented


def test_help_needs_no_torch():
    code = "import sys; from posenet_lib.cli import build_parser; build_parser(); assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_bad_input_is_one_message_and_status_2(capsys, tmp_path):
    assert main(["evaluate", "--scene", "atlantis", "--checkpoint", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert error.startswith("posenet: ")
    assert "holds no checkpoint" in error
    assert main(["train", "--scene", "atlantis", "--out", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "no scene 'atlantis'" in error
    assert "practice-court" in error
    assert main(["train", "--epochs", "0", "--out", str(tmp_path)]) == 2
    assert "epochs is 0" in capsys.readouterr().err
    assert main(["predict", str(tmp_path / "none.jpg"), "--checkpoint", str(tmp_path), "--out", "poses.txt"]) == 2
    assert ".csv or .json" in capsys.readouterr().err
    assert main(["evaluate", "--checkpoint", str(tmp_path), "--predictions", "poses.txt"]) == 2
    assert ".csv or .json" in capsys.readouterr().err, "before the photos are predicted"


def test_module_and_script_are_the_same_command():
    done = subprocess.run([sys.executable, "-m", "posenet_lib.cli", "scene", "info", "nowhere"], capture_output=True)
    assert done.returncode == 2
    assert b"no scene 'nowhere'" in done.stderr
