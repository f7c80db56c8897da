"""Units and alignment of the network's input."""

import numpy as np
import pytest
import torch

from posenet_lib.data import transforms
from posenet_lib.data.transforms import Corner

HEIGHT, WIDTH = 256, 455


@pytest.fixture
def photos():
    rng = np.random.default_rng(0)
    return torch.from_numpy(rng.integers(0, 256, (3, HEIGHT, WIDTH, 3), np.uint8))


@pytest.fixture
def mean_image():
    return torch.from_numpy(np.random.default_rng(1).uniform(0, 255, (HEIGHT, WIDTH, 3)).astype(np.float32))


def test_subtraction_is_signed(photos):
    difference = transforms.subtract_mean(torch.full((2, 2, 3), 10, dtype=torch.uint8), torch.full((2, 2, 3), 20.0))
    assert (difference == -10).all()


def test_the_spec_formula_pixel_by_pixel(photos, mean_image):
    """((v - mean) / 255 - 0.5) / 0.5, channels first, at the crop's place."""
    image = transforms.network_input(photos[0], mean_image, Corner(7, 101))
    assert image.shape == (3, 224, 224)
    for channel, row, column in ((0, 0, 0), (2, 223, 223), (1, 100, 5)):
        v = float(photos[0, 7 + row, 101 + column, channel]) - float(mean_image[7 + row, 101 + column, channel])
        assert image[channel, row, column].item() == pytest.approx((v / 255 - 0.5) / 0.5, abs=1e-6)


def test_range_is_minus_three_to_one():
    black, white = torch.zeros(256, 256, 3), torch.full((256, 256, 3), 255.0)
    corner = Corner(0, 0)
    lowest = transforms.network_input(black.to(torch.uint8), white, corner)
    highest = transforms.network_input(white.to(torch.uint8), black, corner)
    assert lowest.unique().tolist() == [-3.0]
    assert highest.unique().tolist() == [1.0]


def test_subtracting_before_and_after_the_crop_is_the_same(photos, mean_image):
    corner = Corner(3, 50)
    first_subtracted = transforms.normalise(transforms.crop(transforms.subtract_mean(photos[0], mean_image), corner))
    assert torch.equal(transforms.network_input(photos[0], mean_image, corner), first_subtracted)


def test_a_batch_is_its_photos(photos, mean_image):
    corner = Corner(10, 20)
    batch = transforms.network_input(photos, mean_image, corner)
    for index in range(3):
        assert torch.equal(batch[index], transforms.network_input(photos[index], mean_image, corner))


def test_centre():
    assert transforms.centre_corner(256, 455) == Corner(16, 115)
    assert transforms.centre_corner(224, 224) == Corner(0, 0)


def test_random_corners_reach_every_position_and_stay_inside():
    corners = transforms.random_corners(5000, 230, 227, torch.Generator().manual_seed(0))
    assert {corner.top for corner in corners} == set(range(7))
    assert {corner.left for corner in corners} == set(range(4))


@pytest.mark.parametrize("corner", [Corner(-1, 0), Corner(33, 0), Corner(0, 232)])
def test_a_crop_outside_is_refused(photos, corner):
    with pytest.raises(ValueError, match="leaves the photo"):
        transforms.crop(photos[0], corner)


def test_small_photos_are_refused():
    with pytest.raises(ValueError, match="smaller than"):
        transforms.random_corners(1, 200, 400, torch.Generator())


@pytest.mark.parametrize(
    ("mean", "words"),
    [
        (np.zeros((455, 256, 3)), "shape"),
        (np.full((256, 455, 3), np.nan), "finite"),
        (np.full((256, 455, 3), 256.0), "0..255"),
    ],
)
def test_a_useless_mean_image_is_refused(mean, words):
    with pytest.raises(ValueError, match=words):
        transforms.as_mean_image(mean, (HEIGHT, WIDTH, 3))
