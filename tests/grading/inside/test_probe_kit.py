"""What hidden cells show numbers with."""

import numpy as np
import pytest

from posenet_lib.grading.inside.probe_kit import Probe, to_array


@pytest.mark.parametrize("kind", ["float32", "float64", "torch", "torch64", "list", "requires_grad"])
def test_shown_numbers_are_the_same_wherever_they_were_computed(kind):
    import torch

    values = np.array([1.1, -2.5e-4, 1000.0, 3.3333333])
    made = {
        "float32": values.astype(np.float32),
        "float64": values,
        "torch": torch.tensor(values, dtype=torch.float32),
        "torch64": torch.tensor(values),
        "list": values.tolist(),
        "requires_grad": torch.tensor(values).requires_grad_(),
    }[kind]
    probe = Probe([[0, 2, 3]])
    probe.show(made, 0.01)
    assert probe.lines == ["0: (4,) 110 100000 333"]


def test_what_is_no_number_is_shown_as_none():
    probe = Probe([[0, 1, 2]])
    probe.show([float("nan"), float("inf"), 1e300], 1.0)
    assert probe.lines == ["0: (3,) none none none"]
    assert to_array(3).shape == ()


def test_a_result_of_another_size_is_shown_and_the_cell_goes_on():
    probe = Probe([[0, 5], [1]])
    probe.show([7.0, 8.0], 1.0)
    probe.show([1.0, 2.0], 1.0)
    assert probe.lines == ["0: (2,) 7 none", "1: (2,) 2"]
