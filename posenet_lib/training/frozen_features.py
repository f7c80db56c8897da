"""A frozen trunk: what it says about a few crops of each photo is computed once, and the main head learns from that.

A pretrained trunk that stays as it is answers the same about the same crop in every epoch. Stored, its answers cost no
convolution: a pass over them takes a second where one over the photos takes a minute. Published in this form, with the
features of a network for image retrieval: IRPNet, Shavit and Ferens, "Do We Really Need Scene-specific Pose Encoders?",
ICPR 2020 (arXiv 2012.12014). There each photo has one feature vector; here it has one for each of a few crops, with
the pose turned as for any other crop (`data.crop_turn`), so that the head sees more than the photos' own views.
"""

import copy
import functools
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn
from tqdm.auto import tqdm

from posenet_lib.core.config import TrainConfig
from posenet_lib.core.progress import progress_bar
from posenet_lib.data.batches import EpochOrder, make_batches
from posenet_lib.data.dataset import PointSample, PoseDataset, PoseSample
from posenet_lib.evaluation.errors import Summary
from posenet_lib.evaluation.prediction import unit_poses
from posenet_lib.models.heads import MainHead
from posenet_lib.models.posenet import PoseNet, PoseNetOutput
from posenet_lib.training.judge import judge_poses
from posenet_lib.training.losses.parts import PoseLoss
from posenet_lib.training.stage import Stage
from posenet_lib.training.step import TrainingStep

_BATCH = 32  # photos; nothing is kept for a backward pass, so memory is no matter


class FeatureDataset(torch.utils.data.Dataset):
    """Samples whose `image` is what the main head's pooling leaves of the trunk's features, [M, channels, 1, 1].

    The head pools them once more, which changes nothing. They take 4 * channels bytes for each crop.
    """

    def __init__(self, samples: PoseSample | PointSample):
        self.samples = samples

    def start_epoch(self, epoch: int, progress: float) -> None:
        """There is nothing to draw: the crops are what they were."""

    def __len__(self) -> int:
        return len(self.samples.image)

    def __getitems__(self, indices: Sequence[int]) -> PoseSample | PointSample:
        """A whole batch at once, as `PoseDataset` gives it."""
        return type(self.samples)(*(part[list(indices)] for part in self.samples))


class MainHeadAlone(nn.Module):
    """The network without its trunk. The auxiliary heads are left out: they bring gradient to a trunk that takes none.

    [B, channels, 1, 1] -> PoseNetOutput of the main head.
    """

    def __init__(self, main: MainHead):
        super().__init__()
        self.main = main

    def forward(self, features: Tensor) -> PoseNetOutput:
        """See the class."""
        return PoseNetOutput(self.main(features), None, None)


def frozen_stage(
    whole: Stage,
    model: PoseNet,
    held_out: PoseDataset,
    loss: PoseLoss,
    config: TrainConfig,
    progress: Callable[[], float],
    *,
    show_progress: bool = True,
) -> Stage:
    """Compute the features, and return what the main head learns with: the same optimiser, the same order of things.

    Args:
        whole: how the whole network learns; its optimiser goes on with the head's part of it.
        loss: judges the held-out photos.
        progress: how much of the run is done by now, 0..1. Where that follows the clock, at most half of the time until
            `freeze_trunk` goes into features, but for one crop of each photo; else there are `frozen_crops` of each.
    """
    accelerator = whole.step.accelerator
    device, shown = accelerator.device, show_progress and accelerator.is_local_main_process
    features = functools.partial(_pooled_features, model, whole.step, device)
    began = before = progress()
    latest = began + (config.freeze_trunk - began) / 2
    crops: list[PoseSample | PointSample] = []
    bar = progress_bar(desc="Features of crops", unit="photo", leave=False, disable=not shown)
    for number in range(config.frozen_crops):
        now = progress()
        if crops and now + (now - before) > latest:  # another pass would take as long as the last
            break
        before = now
        # A training epoch's crops, changes and labels; views come from the photos' own places first, for if there is no
        # time for more, and then from further beside.
        whole.learn.start_epoch(number, 1 - number / config.frozen_crops)
        crops += [features(whole.learn, batch, bar) for batch in _parts(len(whole.learn))]
    judged = _joined([features(held_out, batch, bar) for batch in _parts(len(held_out))])
    bar.close()

    learn = FeatureDataset(_joined(crops))
    order = EpochOrder(len(learn), config.seed)
    batches = accelerator.prepare(make_batches(learn, config.batch_size, order))
    return Stage(
        _step_of(model.main, whole.step),
        learn,
        order,
        batches,
        functools.partial(_judge, model.main, judged.image, held_out, loss, device),
    )


def _step_of(main: MainHead, step: TrainingStep) -> TrainingStep:
    """The same step for the main head alone. The optimiser passes over what has no gradient."""
    alone = copy.copy(step)
    alone.model = step.accelerator.prepare(MainHeadAlone(main))
    return alone


@torch.no_grad()
def _pooled_features(
    model: PoseNet, step: TrainingStep, device: torch.device, dataset: PoseDataset, indices: Sequence[int], bar: tqdm
) -> PoseSample | PointSample:
    """Samples of these photos with features in place of images, on the device."""
    model.eval()  # batch norm and all as they were loaded
    sample = dataset.__getitems__(indices)
    images = sample.image.to(device).contiguous(memory_format=torch.channels_last)
    with step.accelerator.autocast():
        features = model.main.pool(model.trunk(images)[-1]).float()
    bar.update(len(indices))
    return type(sample)(*(part.to(device) for part in sample._replace(image=features)))


@torch.no_grad()
def _judge(
    main: MainHead, features: Tensor, held_out: PoseDataset, loss: PoseLoss, device: torch.device
) -> tuple[float, Summary]:
    """As `judge_held_out`, from stored features."""
    return judge_poses(unit_poses(main.eval()(features)), held_out, loss, device)


def _parts(count: int) -> list[range]:
    return [range(start, min(start + _BATCH, count)) for start in range(0, count, _BATCH)]


def _joined(samples: Sequence[PoseSample | PointSample]) -> PoseSample | PointSample:
    return type(samples[0])(*(torch.cat(parts) for parts in zip(*samples, strict=True)))
