"""The library's own parts pass the checks that students' parts must pass."""

import pytest

from posenet_lib.egomotion.parts import Parts
from posenet_lib.workbook import run_checks
from posenet_lib.workbook.questions import BY_ID


@pytest.mark.parametrize("name", [name for name in Parts._fields if name in BY_ID])
def test_a_part_of_the_library_passes_its_check(name):
    report = run_checks(getattr(Parts(), name))
    assert report.passed, report.text
