"""The optional packages that structure from motion needs, and what to say where they are missing."""

import importlib
import importlib.util
from types import ModuleType

from posenet_lib.core.errors import WorkbookError

PACKAGES = {"pycolmap": "pycolmap", "av": "av", "pillow_heif": "pillow-heif"}  # module -> package


def require(*modules: str) -> None:
    """Raise unless these modules of the extra `[sfm]` are installed. Nothing is imported.

    Raises:
        WorkbookError: one is missing; it says how to install it.
    """
    missing = [PACKAGES[module] for module in modules if importlib.util.find_spec(module) is None]
    if missing:
        raise WorkbookError(
            f"this needs {' and '.join(missing)}, which the workbook does not install by itself; in the folder of the "
            "workbook: .venv/bin/pip install -e '.[sfm]'"
        )


def use(module: str) -> ModuleType:
    """One of these modules, imported.

    Raises:
        WorkbookError: it is missing.
    """
    require(module)
    return importlib.import_module(module)
