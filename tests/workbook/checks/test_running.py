"""Running an answer inside a check."""

import sys

from posenet_lib.workbook.checks.running import SubCheck, run_sub_checks
from posenet_lib.workbook.feedback import RAISED


def test_exit_in_an_answer_does_not_end_the_kernel():
    results, _ = run_sub_checks((SubCheck("exits", lambda answer: sys.exit(3)),), None)
    assert results[0].outcome == RAISED
