"""Packages that the workbook does not install by itself, and what to say where one is missing."""

import importlib.util
from collections.abc import Mapping

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.shell import install_command


def installed(module: str) -> bool:
    """Whether a module can be imported; it is not imported."""
    return importlib.util.find_spec(module) is not None


def require(extra: str, packages: Mapping[str, str]) -> None:
    """Raise unless these are installed. Nothing is imported.

    Args:
        extra: what brings them, under `[project.optional-dependencies]` in pyproject.toml.
        packages: by the module that each has.

    Raises:
        WorkbookError: one is missing; it says how to install it.
    """
    missing = [package for module, package in packages.items() if not installed(module)]
    if missing:
        raise WorkbookError(
            f"this needs {' and '.join(missing)}, which the workbook does not install by itself; in the folder of the "
            f"workbook: {install_command(extra)}"
        )
