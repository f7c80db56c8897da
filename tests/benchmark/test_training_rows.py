"""What a training step costs."""

from posenet_lib.benchmark.training_rows import count_gflop


def test_operations_of_a_step():
    """GoogLeNet is known for 1.5 thousand million multiply-adds forward; a step is three times that, twice counted."""
    assert 9.0 < count_gflop(batch_norm=False, batch=1) < 10.5
