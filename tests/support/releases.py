"""The students' bundle, made and unpacked."""

import zipfile
from pathlib import Path

import pytest

from posenet_lib import cli
from tests.support.places import ROOT

REPO = "my-uni/posenet-course"
git_clone_only = pytest.mark.skipif(
    not (ROOT / ".git").exists(), reason="a release is made of the files that git knows, and this is no git clone"
)


def unpacked_release(folder: Path) -> Path:
    """Not tried, as `posenet release` does without --no-check: that takes a minute."""
    assert cli.main(["release", "--out", str(folder / "bundle.zip"), "--repo", REPO, "--no-check"]) == 0
    with zipfile.ZipFile(folder / "bundle.zip") as archive:
        archive.extractall(folder)
    return folder / "posenet-workbook"
