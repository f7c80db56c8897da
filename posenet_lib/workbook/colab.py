"""Makes a Google Colab runtime ready for the workbook. The set-up cell of a released notebook runs this file.

It runs before the package is installed, so it imports nothing of it. Colab's own packages stay as they are: replacing
torch or the parts of Jupyter under a running notebook breaks it.
"""

import importlib
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

DRIVE = Path("/content/drive/MyDrive")  # where Colab shows the student's Google Drive once it is mounted
_NOT_NEEDED = {"jupyterlab", "nbval", "pytest"}  # Colab is the front end; grading happens elsewhere


def prepare(root: Path, drive: Path = DRIVE) -> str:
    """Install what is missing, choose where answers are kept; returns what to tell the student.

    Args:
        root: the clone of the workbook.
        drive: the student's own folder, which outlives the runtime; it need not exist.
    """
    said = install(root)
    kept = drive / root.name if drive.is_dir() else None
    if kept:
        move_answers(root, kept)
        os.environ["POSENET_WORKSPACE"] = str(kept)
        said.append(f"Answers and training runs are kept in {kept}: they are there again in a new runtime.")
    else:
        os.environ.pop("POSENET_WORKSPACE", None)
        said.append(
            "Answers and training runs are lost when this runtime ends. To keep them, open the folder symbol on the "
            "left, press 'Mount Drive', and run this cell again."
        )
    return "\n".join(["The workbook is ready.", *said])


def install(root: Path) -> list[str]:
    """Install the workbook, and those of its dependencies that are not here. Nothing installed is replaced."""
    missing, old = lacking(root)
    with tempfile.TemporaryDirectory() as folder:
        pins = Path(folder) / "installed.txt"
        pins.write_text(
            "".join(f"{name}=={version}\n" for name, version in _installed().items() if version[0].isdigit())
        )
        if missing:
            _pip(*missing, "--constraint", str(pins))
        # `pip` builds in the folder that it is given: a copy, so that a clone on the Drive stays as it is.
        copy = Path(folder) / "workbook"
        shutil.copytree(root / "posenet_lib", copy / "posenet_lib")
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copyfile(root / name, copy / name)
        _pip("--no-deps", str(copy))
    importlib.invalidate_caches()
    return [f"Colab's {what} than the workbook asks for; if a cell fails, this may be why." for what in old]


def lacking(root: Path) -> tuple[list[str], list[str]]:
    """Dependencies that are not installed, as pip wants them, and those that are older than asked, in words."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    here, missing, old = _installed(), [], []
    for requirement in project["dependencies"]:
        name, wanted = re.fullmatch(r"([\w.-]+)(?:\[[\w,-]+\])?\s*>=\s*([\d.]+)", requirement).groups()
        if name in _NOT_NEEDED:
            continue
        if _plain(name) not in here:
            missing.append(requirement)
        elif _numbers(here[_plain(name)]) < _numbers(wanted):
            old.append(f"{name} {here[_plain(name)]} is older ({wanted})")
    return missing, old


def move_answers(root: Path, kept: Path) -> None:
    """Copy what was answered before the Drive was mounted; what is on the Drive already stays."""
    for file in (root / "answers").glob("*"):
        target = kept / "answers" / file.name
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)


def _installed() -> dict[str, str]:
    return {_plain(found.name): found.version for found in importlib.metadata.distributions() if found.name}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version.partition("+")[0])[:3])


def _pip(*arguments: str) -> None:
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "ERROR" in line] or done.stderr.splitlines()[-5:]
        sys.exit("\n".join(["The workbook could not be installed. Run this cell again. pip said:", *errors]))


if __name__ == "__main__":
    print(prepare(Path(__file__).resolve().parent.parent.parent))
