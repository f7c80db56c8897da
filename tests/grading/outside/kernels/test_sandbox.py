"""A sandbox that cannot start says why."""

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.kernels import sandbox as sandbox_module
from posenet_lib.grading.outside.kernels.sandbox import Sandbox


def test_missing_bubblewrap_says_how_to_install_it(monkeypatch):
    monkeypatch.setattr(sandbox_module.shutil, "which", lambda name: None)
    with pytest.raises(WorkbookError, match="apt-get install bubblewrap") as caught:
        Sandbox([]).start()
    for part in ("not installed", "apparmor_restrict_unprivileged_userns", "--no-sandbox", "container"):
        assert part in str(caught.value)


def test_blocked_bubblewrap_says_how_to_allow_it(monkeypatch, tmp_path):
    fake = tmp_path / "bwrap"
    fake.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2; exit 1\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(WorkbookError, match="blocked here: bwrap: setting up uid map"):
        Sandbox([]).start()
