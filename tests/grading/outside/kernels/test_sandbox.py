"""A sandbox that cannot start says why; several that are forks of one work side by side."""

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.kernels import sandbox as sandbox_module
from posenet_lib.grading.outside.kernels.kernel import running
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox, SandboxDied
from tests.support.sandboxes import skip_without_sandbox


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


PROCESSES = "import os\nprint(os.getpid(), len([name for name in os.listdir('/proc') if name.isdigit()]))"


def printed(sandbox: Sandbox, code: str) -> str:
    with running(sandbox, Limits()) as kernel:
        kernel.execute_cell_input(code)
        assert not kernel.errors()
        return kernel.printed().strip()


@pytest.fixture
def first():
    """A sandbox that others are forked from."""
    skip_without_sandbox()
    sandbox = Sandbox(["posenet_lib.geometry"])
    sandbox.start()
    yield sandbox
    sandbox.close()


def test_forks_of_a_sandbox_run_kernels_at_the_same_time(first):
    one, other = (Sandbox([], fork_of=first) for _ in range(2))
    for sandbox in (one, other):
        sandbox.start()
    with running(one, Limits()) as kernel, running(other, Limits()) as beside:
        for each in (kernel, beside):
            each.execute_cell_input(f"import sys\nprint('posenet_lib.geometry' in sys.modules)\n{PROCESSES}")
        assert kernel.printed().split() == beside.printed().split() == ["True", "1", "1"]  # each is alone in its world
    one.close()
    assert printed(other, "print(1 + 1)") == "2", "the end of one fork is nothing to another"
    one.start()
    assert printed(one, "print(2 + 2)") == "4", "and it can be forked again"
    one.close()
    other.close()


def test_a_fork_of_a_sandbox_that_has_ended_starts_by_itself(first):
    fork = Sandbox([], fork_of=first)
    fork.start()
    first.close()
    with pytest.raises(SandboxDied):
        fork.start_kernel(Limits().kernel())
    fork.start()
    assert printed(fork, "print(3)") == "3"
    fork.close()
