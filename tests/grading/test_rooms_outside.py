"""`grading/outside` has rooms too: each imports from its own and from those above it."""

import pytest

from tests.test_rooms import MODULES, imports

OUTSIDE = "posenet_lib.grading.outside"
ROOMS = ("hand_ins", "kernels", "hidden_cells", "results", "policies", "pages", "runs")


def room(module: str) -> str:
    """`pages` for `posenet_lib.grading.outside.pages.report`."""
    return module.removeprefix(f"{OUTSIDE}.").partition(".")[0]


IN_ROOMS = [module for module in MODULES if module.startswith(f"{OUTSIDE}.") and room(module) in ROOMS]


def test_the_rooms_are_these():
    folders = {room(module) for module in MODULES if module.startswith(f"{OUTSIDE}.") and module.count(".") > 3}
    assert folders == set(ROOMS) - {"results"}


@pytest.mark.parametrize("module", IN_ROOMS)
def test_imports_go_up_only(module):
    above = ROOMS[: ROOMS.index(room(module)) + 1]
    needed = {name for name in imports(module) if name.startswith(f"{OUTSIDE}.")}
    assert not sorted(name for name in needed if room(name) not in above)
