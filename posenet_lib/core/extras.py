"""Packages that the workbook does not install by itself, and what to say where one is missing."""

import importlib.util
from collections.abc import Mapping

from posenet_lib.core.errors import WorkbookError


def require(extra: str, packages: Mapping[str, str]) -> None:
    """Raise unless these are installed. Nothing is imported.

    Args:
        extra: what brings them, under `[project.optional-dependencies]` in pyproject.toml.
        packages: by the module that each has.

    Raises:
        WorkbookError: one is missing; it says how to install it.
    """
    missing = [package for module, package in packages.items() if importlib.util.find_spec(module) is None]
    if missing:
        raise WorkbookError(
            f"this needs {' and '.join(missing)}, which the workbook does not install by itself; in the folder of the "
            f"workbook: .venv/bin/pip install -e '.[{extra}]'"
        )
