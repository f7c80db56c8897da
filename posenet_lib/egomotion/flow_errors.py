"""How wrong flow is, beside baselines that need no network; and how well a check finds what is hidden."""

from typing import NamedTuple

import torch
from torch import Tensor

from posenet_lib.egomotion.flow_truth import FlowTruth


class FlowErrors(NamedTuple):
    """Mean end-point errors (lengths of the difference to the exact flow) in pixels of photos of this size."""

    all_px: float
    visible_px: float  # of pixels that the other photo sees, too
    moving_px: float  # of pixels of figures that move by themselves; nan where there are none

    def __str__(self) -> str:
        return f"all {self.all_px:.2f} px, visible {self.visible_px:.2f} px, moving {self.moving_px:.2f} px"


class HiddenScore(NamedTuple):
    """What a check says is hidden, against what is."""

    precision: float  # share of the pixels that it names which are hidden
    recall: float  # share of the hidden pixels that it names
    iou: float  # pixels that are in both, of those that are in either

    def __str__(self) -> str:
        return f"precision {self.precision:.2f}, recall {self.recall:.2f}, IoU {self.iou:.2f}"


def flow_errors(predicted: Tensor, truth: FlowTruth) -> FlowErrors:
    """Of flows [N, 2, H, W].

    Raises:
        ValueError: the shapes differ.
    """
    if predicted.shape != truth.flow_px.shape:
        raise ValueError(f"predicted flow {tuple(predicted.shape)}, exact flow {tuple(truth.flow_px.shape)}")
    off = (predicted - truth.flow_px).norm(dim=1, keepdim=True)
    return FlowErrors(*(float(off[where].mean()) for where in (off >= 0, ~truth.hidden, truth.moving)))


def hidden_score(named: Tensor, hidden: Tensor) -> HiddenScore:
    """Of masks, bool [N, 1, H, W] both: what a check says is hidden, and what is."""
    both, either = float((named & hidden).sum()), float((named | hidden).sum())
    return HiddenScore(both / max(float(named.sum()), 1.0), both / max(float(hidden.sum()), 1.0), both / max(either, 1))


def no_flow(truth: FlowTruth) -> Tensor:
    """Baseline: nothing moves."""
    return torch.zeros_like(truth.flow_px)


def mean_flow(training: FlowTruth, count: int) -> Tensor:
    """Baseline: for each pixel the mean of its flow in training (no pixel looks at the photos), [count, 2, H, W]."""
    return training.flow_px.mean(dim=0).expand(count, *training.flow_px.shape[1:])
