"""The optional packages that structure from motion needs, and what to say where they are missing."""

import importlib
from types import ModuleType

from posenet_lib.core import extras

PACKAGES = {"pycolmap": "pycolmap", "av": "av", "pillow_heif": "pillow-heif"}  # module -> package


def require(*modules: str) -> None:
    """Raise unless these modules of the extra `[sfm]` are installed. Nothing is imported.

    Raises:
        WorkbookError: one is missing; it says how to install it.
    """
    extras.require("sfm", {module: PACKAGES[module] for module in modules})


def use(module: str) -> ModuleType:
    """One of these modules, imported.

    Raises:
        WorkbookError: it is missing.
    """
    require(module)
    return importlib.import_module(module)
