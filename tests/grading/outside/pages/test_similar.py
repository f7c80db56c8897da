"""The same program in other words."""

from posenet_lib.grading.outside.pages.similar import fingerprint, similar_csv
from tests.support.results import a_result

ONE_PROGRAM = """\
# mine
@answer
def f(photos, side=256):
    '''Doc.'''
    total = 0
    for p in photos:
        total = total + p
    return total
"""


THE_SAME = """\
import numpy
@answer
def f(pictures: list, s: int = 256) -> int:
    acc: int = 0
    for x in pictures: acc = acc + x  # add
    return acc
"""


def test_same_program_with_other_names_and_comments_is_similar():
    one, two = ONE_PROGRAM, THE_SAME
    other = one.replace("total + p", "p + total")
    assert fingerprint(one) == fingerprint(two) != fingerprint(other)
    assert fingerprint("def (") == "" == fingerprint("-" * 100_000 + "1")
    text = similar_csv([a_result("a"), a_result("b"), a_result("c", fingerprint="")], {"head_loss": "abc"})
    assert "head_loss,2,a b,yes" in text
