"""What trained networks are worth on a scene: depth and flow where they are known, motions against the given poses."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from torch import nn

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.depth_errors import DepthErrors, constant_depth, depth_errors, mean_depth, photo_scales
from posenet_lib.egomotion.flow_report import FlowTable, measured_flows, table_text
from posenet_lib.egomotion.flow_truth import STRIDE
from posenet_lib.egomotion.frames import Frames, read_depths, read_frames
from posenet_lib.egomotion.losses.video import UNIT
from posenet_lib.egomotion.motion_errors import MotionErrors, constant_motion, motion_errors, no_motion
from posenet_lib.egomotion.stereo import predict_depth
from posenet_lib.egomotion.trajectory_errors import SNIPPET, SnippetErrors, snippet_errors
from posenet_lib.egomotion.video import predict_motions
from posenet_lib.scenes.scene import Scene


@dataclass(frozen=True)
class EgomotionReport:
    """Errors by name: the networks' beside the baselines'."""

    scene: str
    photos: int
    depth: dict[str, DepthErrors]  # empty where no true depth is known
    scale_spread: float | None  # standard deviation of the logarithm of each photo's own scale
    motion: dict[str, MotionErrors]  # empty for a network that learned from stereo pairs
    snippets: SnippetErrors | None
    flow: FlowTable  # empty without a second stage, or where no exact flow is known
    unit: str = "m"  # of lengths; 'units' where nobody knows the scene's scale

    def as_dict(self) -> dict[str, Any]:
        """For JSON, which has no nan: what is not known is None."""
        found = asdict(self)
        for name in ("depth", "motion"):
            found[name] = {key: _known(value._asdict()) for key, value in getattr(self, name).items()}
        found["flow"] = {key: _known(row.as_dict()) for key, row in self.flow.items()}
        return found | {"snippets": self.snippets._asdict() if self.snippets else None}

    def __str__(self) -> str:
        lines = [f"{self.scene}: {self.photos} test photos"]
        lines += ["depth"] * bool(self.depth)
        lines += [f"  {name:28}{errors}" for name, errors in self.depth.items()]
        if self.scale_spread is not None:
            lines.append(f"  each photo's own scale differs from the others' by {100 * self.scale_spread:.0f} %")
        lines += ["motion to the next photo"] * bool(self.motion)
        lines += [f"  {name:28}{errors.in_words(self.unit)}" for name, errors in self.motion.items()]
        if self.snippets:
            lines.append(
                f"  {SNIPPET}-photo snippets: RMSE {self.snippets.rmse:.4f} {self.unit} (as published, sqrt(sum)/N: "
                f"{self.snippets.published:.4f})"
            )
        if self.flow:
            lines.append(
                f"flow to the photo {STRIDE} later: mean end-point error in pixels (of all pixels, of those that are "
                "visible there, of figures), and hidden pixels found by the forward-backward check"
            )
            lines += [f"  {line}" for line in table_text(self.flow).splitlines()]
        return "\n".join(lines)


def _known(values: dict[str, float | None]) -> dict[str, float | None]:
    return {name: None if value is None or math.isnan(value) else value for name, value in values.items()}


def evaluate(
    networks: nn.ModuleDict,
    config: EgomotionConfig,
    scene: Scene,
    baseline_m: float | None = None,
    second_stages: Mapping[str, nn.ModuleDict] | None = None,
) -> EgomotionReport:
    """Measure on the scene's test photos; the training photos are read for the baselines alone.

    Args:
        baseline_m: of the stereo pairs that were learned from: depth is then in metres and is not scaled.
        second_stages: networks by name whose flows are to stand in one table; all see photos of the same size.
    """
    training = read_frames(scene, scene.train, config.width, config.height)
    frames = read_frames(scene, scene.test, config.width, config.height)
    depth, spread = _depth(networks, training, frames, baseline_m)
    motion, snippets = _motion(networks, frames, config.step) if "motion" in networks else ({}, None)
    if not depth and not motion:
        raise WorkbookError(f"{scene.folder}: no depth beside the test photos, and the network predicts no motion")
    flow = measured_flows(second_stages, frames, training) if second_stages and config.step == STRIDE else {}
    return EgomotionReport(scene.name, len(frames), depth, spread, motion, snippets, flow, scene.unit)


def _depth(networks, training, frames, baseline_m) -> tuple[dict[str, DepthErrors], float | None]:
    which = frames.having("depth")
    if not len(which):
        return {}, None
    true_m = read_depths(frames, which)
    training_m = read_depths(training, training.having("depth"))
    found = {
        "constant": depth_errors(constant_depth(training_m, len(true_m)), true_m),
        "mean of each pixel": depth_errors(mean_depth(training_m, len(true_m)), true_m),
    }
    predicted = predict_depth(networks, frames.only(which).photos, frames.camera, baseline_m or UNIT)
    scales = photo_scales(predicted, true_m)  # nan where a photo's depth is not known anywhere
    logs = scales.log()[scales.isfinite()]
    spread = float(logs.std()) if len(logs) > 1 else None
    if baseline_m:
        return found | {"network, in metres": depth_errors(predicted, true_m)}, spread
    found["network, one scale for all"] = depth_errors(scales.nanmedian() * predicted, true_m)
    found["network, each photo its own"] = depth_errors(scales.view(-1, 1, 1, 1) * predicted, true_m)
    return found, spread


def _motion(networks, frames: Frames, step: int) -> tuple[dict[str, MotionErrors], SnippetErrors | None]:
    """Of photos that are `step` apart in their walk, walk by walk."""
    found: dict[str, list[np.ndarray]] = {"network": [], "no motion": [], "constant motion": []}
    truths, snippets = [], []
    for walk in np.unique(frames.walk):
        photos = np.flatnonzero(frames.walk == walk)[::step]
        if len(photos) < 2:
            continue
        true = frames.motion(photos[:-1], photos[1:]).double().numpy()
        predicted = predict_motions(networks, frames, photos[:-1], photos[1:])
        truths.append(true)
        found["network"].append(predicted)
        found["no motion"].append(no_motion(len(true)))
        found["constant motion"].append(constant_motion(true))
        if len(true) >= SNIPPET - 1:
            snippets.append(snippet_errors(predicted, true))
    if not truths:
        return {}, None
    true = np.concatenate(truths)
    errors = {
        name: motion_errors(np.concatenate(parts), true, None if name == "network" else 1.0)
        for name, parts in found.items()
    }
    return errors, SnippetErrors(*np.mean(snippets, axis=0).tolist()) if snippets else None
