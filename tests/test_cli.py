"""The `posenet` command as users type it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from posenet_lib.cli import build_parser, main

UNBUFFERED = {"PYTHONUNBUFFERED": "1"}  # so that a write fails where it is made

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
    photo = str(tmp_path / "none.jpg")
    assert main(["predict", photo, "--checkpoint", str(tmp_path), "--crops", "12"]) == 2
    assert "the test time is centre; give --test-time dense too" in capsys.readouterr().err, (
        "one crop was not asked for"
    )
    assert main(["evaluate", "--checkpoint", str(tmp_path), "--test-time", "dense", "--samples", "12"]) == 2
    assert "give --test-time mc-dropout too, or leave --samples out" in capsys.readouterr().err
    assert main(["benchmark", "--scaling", "--only", "input"]) == 2
    assert "leave --only and --device out" in capsys.readouterr().err
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_one_message():
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "posenet_lib.cli", "download"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env={**os.environ, **UNBUFFERED})
    assert (done.returncode, done.stderr) == (2, "posenet: cannot write (No space left on device)\n")


def test_a_reader_that_has_enough_gets_no_traceback():
    command = [sys.executable, "-m", "posenet_lib.cli", "download"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **UNBUFFERED}
    ) as running:
        running.stdout.close()
        assert running.stderr.read() == ""
