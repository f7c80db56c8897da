"""Whether a predicted sigma is worth anything."""

import numpy as np

from posenet_lib.evaluation.calibration import calibration


def test_calibration_of_an_honest_and_a_useless_sigma():
    rng = np.random.default_rng(3)
    sigma = rng.uniform(0.1, 2, 6000)
    honest = calibration(np.abs(rng.normal(0, sigma)), sigma)
    np.testing.assert_allclose(honest.error, honest.sigma, rtol=0.1)
    assert honest.rank_correlation > 0.4
    useless = calibration(np.abs(rng.normal(0, 1, 6000)), sigma)
    assert abs(useless.rank_correlation) < 0.05
    assert honest.count.sum() == 6000
