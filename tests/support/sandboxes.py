"""Whether grading's sandbox runs here."""

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.kernels.sandbox import Sandbox


def skip_without_sandbox() -> None:
    """Where bubblewrap cannot run there is nothing to test; the reason is its own message."""
    try:
        sandbox = Sandbox([])
        sandbox.start()
        sandbox.close()
    except WorkbookError as error:
        pytest.skip(str(error))
