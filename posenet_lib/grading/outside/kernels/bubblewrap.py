"""The bubblewrap call: what is visible inside, and what is not.

Visible, all read-only: the Python environment, /usr, this package without what `_hidden_paths` names, the scene, the
first notebook. Not visible: the rest of the repository (tests with their answers and hidden cells above all), home
folders, the network, other processes.
"""

import os
import sys
import sysconfig
from pathlib import Path

import posenet_lib
from posenet_lib.core.workspace import repository_root

SCRATCH = "/scratch"  # where the warm process and its environment write
WRITABLE = (SCRATCH, "/tmp", "/dev/shm")  # each kernel gets empty ones of its own on top of these
# Of the warm process, where it is root: to make namespaces for each kernel and to give it an unprivileged user id.
_CAPABILITIES = ("SYS_ADMIN", "SETUID", "SETGID", "KILL", "SETPCAP")


def visible_paths() -> list[Path]:
    """What a kernel may read and never write: the Python environment, this package, what set-up cells read."""
    root, paths = repository_root(), sysconfig.get_paths()
    environment = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix), Path(paths["purelib"])}
    environment |= {Path(sys.executable).resolve().parent.parent, Path(paths["stdlib"]).parent.parent}
    chosen = {path for path in environment if not path.is_relative_to("/usr")}
    inner = {path for path in chosen if any(path != other and path.is_relative_to(other) for other in chosen)}
    marks = (root / "environment.yml", root / "notebooks" / "00_start_here.ipynb")  # what `repository_root` looks for
    ours = [Path(posenet_lib.__file__).parent, root / "data" / "PracticeCourt", *marks]
    return [*sorted(chosen - inner), *ours]


def kernel_environment(writable: str) -> dict[str, str]:
    """Nothing of the grader's environment but the language: tokens and paths stay outside."""
    threads = ("OMP", "OPENBLAS", "MKL", "NUMEXPR")
    return {
        "HOME": writable,
        "TMPDIR": writable,
        **{f"{library}_NUM_THREADS": "1" for library in threads},
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(Path(posenet_lib.__file__).parent.parent),  # this very package, installed or not
        "MPLCONFIGDIR": writable,
        "IPYTHONDIR": writable,
        "MPLBACKEND": "agg",
    }


def bwrap_command(environment: dict[str, str]) -> list[str]:
    """The bubblewrap call, up to the program."""
    is_root = os.geteuid() == 0
    command = ["bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net", "--unshare-ipc"]
    command += ["--unshare-uts", "--unshare-cgroup-try", "--hostname", "grading", "--clearenv"]
    # As root, bubblewrap needs no user namespace; the warm process then gives every kernel an unprivileged user id.
    command += [] if is_root else ["--unshare-user"]
    command += ["--cap-drop", "ALL"]
    command += [part for name in _CAPABILITIES if is_root for part in ("--cap-add", f"CAP_{name}")]
    for name, value in environment.items():
        command += ["--setenv", name, value]
    command += ["--dev", "/dev", "--proc", "/proc"]
    for folder in WRITABLE:
        command += ["--perms", "1777", "--size", str(256 << 20), "--tmpfs", folder]
    for path in _system_paths():
        link = os.path.islink(path)
        command += ["--symlink", os.readlink(path), path] if link else ["--ro-bind-try", path, path]
    visible = visible_paths()
    for folder in sorted({parent for path in visible for parent in path.parents if parent != Path("/")}):
        command += ["--perms", "0755", "--dir", str(folder)]  # by itself bubblewrap makes them for root alone
    for path in visible:
        command += ["--ro-bind", str(path), str(path)]
    for path in _hidden_paths():  # an empty folder on top, which no kernel can use to pass anything on to the next one
        command += ["--perms", "0555", "--tmpfs", str(path), "--remount-ro", str(path)]
    # What bubblewrap itself has made is a file system in memory too, and all kernels of a sandbox see it.
    command += ["--remount-ro", "/dev", "--remount-ro", "/"]
    command += ["--chdir", str(repository_root() / "notebooks")]
    return [*command, "--"]


def _system_paths() -> list[str]:
    etc = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts")
    return [*("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"), *(f"/etc/{name}" for name in etc)]


def _hidden_paths() -> list[Path]:
    """Folders inside of visible ones that are covered: what knows the answers, and the answers themselves.

    `tests` is one of them only where an environment happens to contain the repository.
    """
    package, tests = Path(posenet_lib.__file__).parent, repository_root() / "tests"
    tests_are_visible = any(tests.is_relative_to(path) for path in (*visible_paths(), Path("/usr")))
    covered = [package / "grading" / "outside", package / "grading" / "release"]
    return [*covered, tests] if tests_are_visible else covered
