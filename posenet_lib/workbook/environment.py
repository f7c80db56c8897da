"""Is this computer ready for the workbook? Notebook 00 prints the answer, in one sentence and with what to do."""

import importlib.metadata
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core import workspace
from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.scene import PRACTICE_COURT, find_scene

PYTHON_NEEDED = (3, 11)
DISK_NEEDED_GB = 2.0  # decoded photos, checkpoints and logs of a few runs
PACKAGES = ("torch", "torchvision", "numpy", "pillow", "matplotlib", "ipywidgets", "accelerate", "safetensors")
_INSTALL = "run the installation lines of README.md again, in the environment that this notebook's kernel uses"


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    name: str
    value: str
    ok: bool = True
    action: str = ""  # what to do when it is not ok


@dataclass(frozen=True)
class EnvironmentReport:
    """Everything looked at; printed, it ends with the verdict."""

    findings: tuple[Finding, ...]

    @property
    def ready(self) -> bool:
        """Whether the workbook will run here."""
        return all(finding.ok for finding in self.findings)

    @property
    def verdict(self) -> str:
        """One sentence, and what to do where something is missing."""
        wrong = [finding for finding in self.findings if not finding.ok]
        if not wrong:
            return "Verdict: everything is here. You can start."
        things = "one thing is" if len(wrong) == 1 else f"{len(wrong)} things are"
        todo = [f"  - {finding.name}: {finding.action}." for finding in wrong]
        return "\n".join([f"Verdict: {things} not ready yet. What to do:", *todo])

    def __str__(self) -> str:
        lines = [f"[{'ok' if f.ok else '!!'}] {f.name:18}{f.value}" for f in self.findings]
        return "\n".join([*lines, "", self.verdict])


def check_environment() -> EnvironmentReport:
    """Look at Python, packages, device, disk and data. Takes seconds, because PyTorch is imported."""
    findings = [_python(), _packages()]
    if findings[-1].ok:
        findings.append(_device())
    return EnvironmentReport((*findings, *_folders()))


def _python() -> Finding:
    wanted = ".".join(map(str, PYTHON_NEEDED))
    return Finding(
        "Python",
        f"{platform.python_version()} on {platform.system()}",
        sys.version_info >= PYTHON_NEEDED,
        f"install Python {wanted} or newer, then {_INSTALL}",
    )


def _packages() -> Finding:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("packages", f"missing: {', '.join(missing)}", False, _INSTALL)
    return Finding("packages", ", ".join(found))


def _device() -> Finding:
    try:
        from posenet_lib.core.device import device_summary  # imports torch: seconds

        return Finding("device", device_summary())
    except (ImportError, OSError) as error:
        return Finding("device", f"PyTorch cannot be imported ({error})", False, _INSTALL)


def _folders() -> list[Finding]:
    try:
        root = workspace.workspace_root()
    except WorkbookError as error:
        advice = "open the notebooks inside the folder that `git clone` made"
        return [Finding("workbook's folder", str(error), False, advice)]
    return [_disk(root), _writable(root), _scene()]


def _disk(root: Path) -> Finding:
    free_gb = shutil.disk_usage(_existing(root)).free / 1e9
    return Finding(
        "free disk space",
        f"{free_gb:.1f} GB (at least {DISK_NEEDED_GB:.0f} GB are needed)",
        free_gb >= DISK_NEEDED_GB,
        f"free some space on the disk of {root}, or set POSENET_WORKSPACE to a folder on another disk",
    )


def _writable(root: Path) -> Finding:
    try:
        probe = _existing(root) / ".posenet-write-test"
        probe.write_text("")
        probe.unlink()
    except OSError as error:
        advice = "set the environment variable POSENET_WORKSPACE to a folder that you may write to"
        return Finding("workspace", f"{root} cannot be written ({error.strerror})", False, advice)
    return Finding("workspace", f"{root} (your answers and training runs are kept here)")


def _scene() -> Finding:
    advice = "the shipped scene is missing: clone the repository again, or run `posenet scene render` (minutes)"
    try:
        _, folder = find_scene(PRACTICE_COURT)
    except WorkbookError as error:
        return Finding("practice scene", str(error), False, advice)
    lists = [folder / "dataset_train.txt", folder / "dataset_test.txt"]
    return Finding("practice scene", str(folder), all(path.is_file() for path in lists), advice)


def _existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that exists."""
    return next(path for path in (folder, *folder.parents) if path.is_dir())
