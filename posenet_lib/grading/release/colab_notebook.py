"""Released notebooks for Google Colab: a badge that opens them there, and the cell that makes Colab ready.

Owner and name of the GitHub repository come from one place, `posenet release --repo`, by default the clone's origin.
"""

import base64
import re
import subprocess
from pathlib import Path

from posenet_lib.core.errors import WorkbookError

_BADGE = "https://colab.research.google.com/assets/colab-badge.svg"
_LINK = "https://colab.research.google.com/github/{repo}/blob/main/notebooks/{name}"
SETUP_ID = "colab-setup"
COLAB_CELL = """\
# Google Colab only: fetch and install the workbook. Anywhere else this cell does nothing.
import os
import runpy
import sys

if "google.colab" in sys.modules:
    if not os.path.isfile("../environment.yml"):
        if not os.path.isdir("{folder}"):
            !git clone --quiet --depth 1 https://github.com/{repo} {folder}
        %cd -q {folder}/notebooks
    runpy.run_path("../posenet_lib/workbook/colab.py", run_name="__main__")"""


def repository_name(given: str | None, root: Path) -> str | None:
    """OWNER/NAME as given, else of the clone's `origin` if that is on GitHub, else None.

    Raises:
        WorkbookError: what was given has another form.
    """
    if given is None:
        command = ["git", "remote", "get-url", "origin"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        found = re.fullmatch(
            r"(?:https://|git@|ssh://git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?", done.stdout.strip()
        )
        return found[1] if found else None
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", given):
        raise WorkbookError(f"--repo {given}: give it as OWNER/NAME, for example my-university/posenet-workbook")
    return given


def badge(repo: str, name: str) -> str:
    """Markdown of the badge that opens a notebook in Colab."""
    return f"[![Open {name.removesuffix('.ipynb')} in Google Colab]({_BADGE})]({_LINK.format(repo=repo, name=name)})"


def with_colab(notebook: dict, name: str, repo: str, folder: Path) -> dict:
    """A notebook with a badge under the title, the set-up cell before everything else, and its pictures inside.

    Colab opens one notebook alone, so links to pictures in `folder / ../img` lead nowhere there.
    """
    title, *others = [_with_pictures(cell, folder) for cell in notebook["cells"]]
    heading, _, rest = "".join(title["source"]).partition("\n")
    title = {**title, "source": f"{heading}\n\n{badge(repo, name)}\n{rest}"}
    setup = {
        "cell_type": "code",
        "execution_count": None,
        "id": SETUP_ID,
        "metadata": {},
        "outputs": [],
        "source": COLAB_CELL.format(repo=repo, folder=repo.partition("/")[2]),
    }
    return {**notebook, "cells": [title, setup, *others]}


def _with_pictures(cell: dict, folder: Path) -> dict:
    """A Markdown cell whose pictures are in the cell itself, at its end, where they do not disturb reading."""
    if cell["cell_type"] != "markdown":
        return cell
    source, data = "".join(cell["source"]), []

    def inside(link: re.Match) -> str:
        picture = base64.b64encode((folder / link[1]).read_bytes()).decode()
        data.append(f"\n\n[{Path(link[1]).stem}]: data:image/png;base64,{picture}")
        return f"][{Path(link[1]).stem}]"

    source = re.sub(r"\]\(([^()\s:]+\.png)\)", inside, source)
    return {**cell, "source": source + "".join(data)}


def readme_with_badges(text: str, repo: str) -> str:
    """README with a badge in each row of its table of notebooks, and a sentence that says what they are for."""
    text = re.sub(
        r"(?<=^\| )`(\d\d_\w+)`", lambda row: f"`{row[1]}` {badge(repo, row[1] + '.ipynb')}", text, flags=re.M
    )
    return text.replace(
        "## What you do\n", "## What you do\n\nA badge opens the notebook in Google Colab: nothing to install.\n", 1
    )
