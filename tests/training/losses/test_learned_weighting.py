"""Position against rotation, weighted by what the training finds."""

import numpy as np
import pytest
import torch

from posenet_lib.training.losses.learned_weighting import LearnedWeighting


@pytest.mark.filterwarnings("error")
def test_learned_weighting_settles_at_the_errors_logarithms():
    loss = LearnedWeighting(lambda *_: torch.tensor(0.5), lambda *_: torch.tensor(0.02))
    assert loss(None, None).item() == pytest.approx(0.5 + 0.02 * np.e**3 - 3, abs=1e-5)
    optimizer = torch.optim.Adam(loss.parameters(), lr=0.05)
    for _ in range(300):
        optimizer.zero_grad()
        loss(None, None).backward()
        optimizer.step()
    assert float(loss.s_position.detach()) == pytest.approx(np.log(0.5), abs=0.02)
    assert float(loss.s_rotation.detach()) == pytest.approx(np.log(0.02), abs=0.02)
    assert loss.beta == pytest.approx(25, rel=0.05)
    assert loss(None, None).item() < 0, "by design"
