"""Changes to training photos: none, patches, light and colours."""

import torch

from posenet_lib.data.augmentation import Augmentation, apply_changes, draw_changes


def test_no_augmentation_changes_nothing():
    images = torch.rand(20, 3, 224, 224)
    changes = draw_changes(Augmentation(), 20, (224, 224), torch.Generator().manual_seed(0))
    torch.testing.assert_close(apply_changes(images.clone(), changes), images)


def test_an_erased_patch_is_the_mean_image_and_lies_inside():
    changes = draw_changes(Augmentation(erase=1.0), 500, (224, 224), torch.Generator().manual_seed(0))
    for change in changes:
        rows, columns = change.patch
        assert 0 <= rows.start < rows.stop <= 224
        assert 0 <= columns.start < columns.stop <= 224
    (image,) = apply_changes(torch.full((1, 3, 224, 224), 0.5), changes[:1])
    rows, columns = changes[0].patch
    assert (image[:, rows, columns] == -1).all()
    assert (image == 0.5).sum() == 3 * (224 * 224 - (rows.stop - rows.start) * (columns.stop - columns.start))


def test_colour_jitter_stays_within_its_strength():
    changes = draw_changes(Augmentation(colour_jitter=0.2), 500, (224, 224), torch.Generator().manual_seed(0))
    gains = torch.stack([change.gain for change in changes])
    assert 0.8 * 0.9 <= gains.min() < 0.8
    assert 1.2 < gains.max() <= 1.2 * 1.1
    assert max(abs(change.offset) for change in changes) <= 0.2
    assert all(change.patch is None for change in changes)
