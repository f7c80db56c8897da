"""The fast way from stored photos to network input against the plain one, step by step."""

import numpy as np
import pytest
import torch
from posenet_lib.data.batch_input import BatchInput, Buffers

from posenet_lib.data.augmentation import Augmentation, apply_change, draw_changes
from posenet_lib.data.transforms import CROP, network_input, random_corners

COUNT = 6


@pytest.fixture(params=["one by one", "at once"])
def case(request):
    rng = np.random.default_rng(5)
    pixels = rng.integers(0, 256, (COUNT, 256, 301, 3), np.uint8)
    pixels[0], pixels[1] = 0, 255
    mean_image = torch.tensor(rng.uniform(0, 255, (256, 301, 3)), dtype=torch.float32)
    inputs = BatchInput(pixels, mean_image)
    if request.param == "at once":
        assert inputs.move_to("cpu")  # the code that a GPU runs
    return inputs, pixels, mean_image


@pytest.mark.parametrize("changed", [False, True])
def test_inputs_are_those_of_the_plain_way(case, changed):
    inputs, pixels, mean_image = case
    generator = torch.Generator().manual_seed(2)
    corners = random_corners(COUNT, *pixels.shape[1:3], generator)
    changes = draw_changes(Augmentation(0.3, 0.7), COUNT, CROP, generator) if changed else None
    rows = [4, 0, 5, 1, 2, 3]
    batch = inputs(rows, corners, changes)
    assert batch.shape == (COUNT, 3, CROP, CROP)
    assert batch.dtype == torch.float32
    assert batch.is_contiguous(memory_format=torch.channels_last)
    for number, row in enumerate(rows):
        expected = network_input(torch.tensor(pixels[row]), mean_image, corners[number])
        if changes:
            expected = apply_change(expected, changes[number])
        torch.testing.assert_close(batch[number], expected, atol=1e-6, rtol=0)
    if changes:
        assert any(change.patch for change in changes)


def test_a_read_only_store_stays_as_it_is(case):
    inputs, pixels, _ = case
    before = pixels.copy()
    pixels.flags.writeable = False
    generator = torch.Generator().manual_seed(2)
    inputs([0], random_corners(1, 256, 301, generator), draw_changes(Augmentation(0.3, 1.0), 1, CROP, generator))
    np.testing.assert_array_equal(pixels, before)


def test_memory_is_used_again_only_when_nobody_holds_it():
    buffers = Buffers()
    first = buffers.take(2, 3)
    first.fill_(1)
    view = first[1].permute(0)
    address = first.data_ptr()
    del first
    second = buffers.take(2, 3)
    second.fill_(2)
    assert view.tolist() == [1, 1, 1], "a view still holds the first batch"
    del view
    assert buffers.take(2, 3).data_ptr() == address
    assert buffers.take(4, 3).shape == (4, 3)


def test_batches_that_are_kept_stay_as_they_are(case):
    inputs, _, _ = case
    corners = [(3, 4)] * 2
    kept = [inputs([row, row], corners, None) for row in range(COUNT)]
    for row, batch in enumerate(kept):
        torch.testing.assert_close(batch, inputs([row, row], corners, None), atol=0, rtol=0)
