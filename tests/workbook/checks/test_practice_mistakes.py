"""Practice: a known mistake gets its own text or none, never that of another."""

import itertools

import pytest
import torch

from posenet_lib.workbook.checks import inception_block, turn_label


def label_of(*changes):
    """An answer with these mistakes."""
    recipe = turn_label.Recipe(**{key: value for change in changes for key, value in change.items()})

    def answer(label, corner, shape, focal_px):
        case = turn_label.Case(label, corner, shape, focal_px)
        return turn_label._positive(turn_label._follow(recipe, case))

    return answer


@pytest.mark.parametrize("some", [turn_label.SIDES, turn_label.UP_DOWN, turn_label.OTHERS])
def test_each_mistake_of_a_label_is_named(some):
    assert turn_label._cause(label_of(), some) is None
    for text, change in turn_label._ONE_MISTAKE:
        assert turn_label._cause(label_of(change), some) == text


def test_two_mistakes_of_a_label_are_both_named_or_none():
    told = []
    single = dict(turn_label._ONE_MISTAKE)
    for (first, change), (second, other) in list(itertools.combinations(turn_label._ONE_MISTAKE, 2))[::4]:
        if not change.keys() & other.keys():
            cause = turn_label._cause(label_of(change, other), turn_label.SIDES)
            if cause in single:  # one mistake gives the same labels: the simpler explanation
                assert (change, other) == ({"offset": "right, up"}, {"axis": "along"})
            else:
                assert cause in (f"Two things are wrong. {first} {second}", None)
                told.append(cause is not None)
    assert sum(told) > 0.7 * len(told)


def test_each_choice_of_missing_relus_has_values_of_its_own():
    x, known = inception_block._input(), inception_block.layers(inception_block.C)
    texts, values = zip(*inception_block._missing_relus(known), strict=True)
    assert len(set(texts)) == len(texts) == 2 ** len(known) - 1
    results = [torch.cat(inception_block.branches(x, known, keys), dim=1) for keys in ((), *values)]
    for one, other in itertools.combinations(results, 2):
        assert not torch.allclose(one, other, atol=1e-3)
