"""The bubblewrap call: what is visible inside, and what is not.

Visible, all read-only: the Python environment, /usr, this package without what `_hidden_paths` names, the scene, the
first notebook. Not visible: the rest of the repository (tests with their answers and hidden cells above all, other
hand-ins, git's history), also where the repository lies in one of these; home folders, the network, other processes.
"""

import os
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from pathlib import Path

import posenet_lib
from posenet_lib.core.workspace import repository_root

SCRATCH = "/scratch"  # where the warm process and its environment write
WRITABLE = (SCRATCH, "/tmp", "/dev/shm")  # each kernel gets empty ones of its own on top of these
_PARTS_OF_ENVIRONMENT = ("bin", "lib", "lib64", "pyvenv.cfg")
# Of the warm process, where it is root: to make namespaces for each kernel and to give it an unprivileged user id.
_CAPABILITIES = ("SYS_ADMIN", "SETUID", "SETGID", "KILL", "SETPCAP")


def visible_paths() -> list[Path]:
    """What a kernel may read and never write: the Python environment, this package, what set-up cells read."""
    root, paths = repository_root(), sysconfig.get_paths()
    environment = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix), Path(paths["purelib"])}
    environment |= {Path(sys.executable).resolve().parent.parent, Path(paths["stdlib"]).parent.parent}
    if root in environment:  # made in the repository itself, whose other folders are nobody's business
        environment |= {root / part for part in _PARTS_OF_ENVIRONMENT if (root / part).exists()}
        environment.remove(root)
    covered = _covered_root(environment)
    chosen = {path for path in environment if not _comes_with(Path("/usr"), path, covered)}
    inner = {path for path in chosen if any(path != other and _comes_with(other, path, covered) for other in chosen)}
    marks = (root / "environment.yml", root / "notebooks" / "00_start_here.ipynb")  # what `repository_root` looks for
    ours = [Path(posenet_lib.__file__).parent, root / "data" / "PracticeCourt", *marks]
    return [*sorted(chosen - inner), *ours]


def _comes_with(folder: Path, path: Path, covered: Path | None) -> bool:
    """Whether `path` shows where `folder` does: not if it lies in the repository, and that is covered in between."""
    in_covered = covered is not None and path.is_relative_to(covered) and covered.is_relative_to(folder)
    return path.is_relative_to(folder) and not in_covered


def _covered_root(visible: Iterable[Path]) -> Path | None:
    """The repository, where it lies in a folder that is shown whole: /usr, or an environment that holds it."""
    root = repository_root()
    return root if any(root.is_relative_to(path) for path in (*visible, Path("/usr"))) else None


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
    covered = _covered_root(visible)
    inside = [path for path in visible if covered and path.is_relative_to(covered)]
    command += _shown([path for path in visible if path not in inside])
    if covered:  # it would show as a whole: an empty folder on top, and in that only what is needed
        command += ["--perms", "0755", "--tmpfs", str(covered), *_shown(inside), "--remount-ro", str(covered)]
    for path in _hidden_paths():  # an empty folder on top, which no kernel can use to pass anything on to the next one
        command += ["--perms", "0555", "--tmpfs", str(path), "--remount-ro", str(path)]
    # What bubblewrap itself has made is a file system in memory too, and all kernels of a sandbox see it.
    command += ["--remount-ro", "/dev", "--remount-ro", "/"]
    command += ["--chdir", str(repository_root() / "notebooks")]
    return [*command, "--"]


def _shown(paths: Sequence[Path]) -> list[str]:
    folders = sorted({parent for path in paths for parent in path.parents if parent != Path("/")})
    command = []
    for folder in folders:
        command += ["--perms", "0755", "--dir", str(folder)]  # by itself bubblewrap makes them for root alone
    for path in paths:
        command += ["--ro-bind", str(path), str(path)]
    return command


def _system_paths() -> list[str]:
    etc = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "localtime", "fonts")
    return [*("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64"), *(f"/etc/{name}" for name in etc)]


def _hidden_paths() -> list[Path]:
    """Folders inside of visible ones that are covered: what knows the answers."""
    package = Path(posenet_lib.__file__).parent
    return [package / "grading" / "outside", package / "grading" / "release"]
