"""What notebooks show: a photo as a picture, and which pixels another photo of the court sees too."""

import numpy as np
from torch import Tensor

from posenet_lib.scenes.practice_court.sequence import SIZE
from posenet_lib.scenes.practice_court.sequence_truth import fine_depth, true_flow
from posenet_lib.scenes.practice_court.sequence_walks import sequence_walks, walk_of


def picture(photo: Tensor) -> np.ndarray:
    """The first photo of [B, 3, H, W] or one [3, H, W], in 0..1 -> (H, W, 3)."""
    one = photo[0] if photo.dim() == 4 else photo
    return one.detach().clamp(0, 1).permute(1, 2, 0).cpu().numpy()


def visible_pixels(walk: str, first: int, second: int, court_seed: int = 0) -> np.ndarray:
    """Which pixels of a court's photo the other photo of its walk sees too, (H, W) bool; cast anew, a second.

    Args:
        first, second: numbers of the photos in their walk, from 0.
    """
    found = walk_of(walk, [one for split in sequence_walks(court_seed) for one in split])
    depths = (fine_depth(found, number, SIZE, court_seed) for number in (first, second))
    return ~true_flow(found, first, second, *depths).hidden
