"""The second stage: it learns what moves by itself, leaves depth and motion alone, goes on as if never interrupted."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from posenet_lib.core.errors import WorkbookError
from posenet_lib.egomotion.checkpoint import EgomotionCheckpoint, load_checkpoint, save_checkpoint
from posenet_lib.egomotion.config import EgomotionConfig
from posenet_lib.egomotion.fit import fit
from posenet_lib.egomotion.flow import resized_flow, rigid_flow, warp_by_flow
from posenet_lib.egomotion.flow_errors import flow_errors
from posenet_lib.egomotion.flow_truth import read_flow_truth
from posenet_lib.egomotion.frames import read_frames
from posenet_lib.egomotion.losses.flow import flow_loss
from posenet_lib.egomotion.networks import build_networks
from posenet_lib.egomotion.parts import Parts
from posenet_lib.egomotion.residual import FlowBatches, FlowLearner, RigidFlows, mirrored, predict_flow
from posenet_lib.egomotion.tasks import first_stage_of
from tests.egomotion.conftest import DEPTH_M, HEIGHT, LATER, WIDTH, moving_flows

CONFIG = EgomotionConfig(
    task="flow", width=WIDTH, height=HEIGHT, scales=2, step=LATER, batch_size=2, device="cpu", precision="float32",
    colour_jitter=0.0,
)  # fmt: skip


@pytest.fixture
def frames(moving_scene):
    return read_frames(moving_scene, moving_scene.train, WIDTH, HEIGHT)


@pytest.fixture
def first_stage():
    torch.manual_seed(3)
    return build_networks(replace(CONFIG, task="video")).eval()


class OnePair:
    """Batches that are always the same pair of photos, with its exact rigid flows."""

    def __init__(self, frames):
        views = torch.stack([frames.floats([0]), frames.floats([LATER])])
        depth = torch.full((2, 1, HEIGHT, WIDTH), DEPTH_M)
        motions = torch.cat([frames.motion(np.array([a]), np.array([b])) for a, b in ((0, LATER), (LATER, 0))])
        self.batch = views, views, rigid_flow(depth, motions, frames.camera)[:, None]

    def draw(self, count, generator):
        return self.batch

    def held_out(self):
        yield self.batch


@pytest.mark.parametrize("consistency", [0.0, 0.05])
def test_it_learns_one_pair_by_heart(frames, first_stage, tmp_path, consistency):
    truth = read_flow_truth(frames, np.array([0]))
    batches, config = OnePair(frames), replace(CONFIG, max_steps=60, consistency=consistency)
    learner = FlowLearner(config, Parts(), frames.camera, first_stage)
    fit(learner, batches, config, tmp_path, scene_name="wall", show_progress=False)
    (target, source), _, rigid = batches.batch
    with torch.no_grad():
        full = rigid[0] + learner.networks["flow"].eval()(target, source, rigid[0])[0]
    before, after = flow_errors(rigid[0], truth), flow_errors(full, truth)
    assert before.moving_px == pytest.approx(LATER, abs=1e-3) and before.visible_px < 0.5
    assert after.moving_px < 0.5 * before.moving_px
    assert after.visible_px < before.visible_px


def test_the_true_flow_has_the_smallest_loss(frames):
    (target, source), _, rigid = OnePair(frames).batch
    views = torch.cat([target, source]), torch.cat([source, target])
    lacking = torch.cat(moving_flows()[:2]) - rigid.flatten(0, 1)

    def loss(share, **settings):
        residuals = [share * lacking, share * resized_flow(lacking, WIDTH // 2, HEIGHT // 2)]
        return float(flow_loss(Parts(), residuals, rigid.flatten(0, 1), *views, replace(CONFIG, **settings)))

    losses = {share: loss(share, smoothness=0.0) for share in (-1.0, 0.0, 1.0, 2.0)}
    assert min(losses, key=losses.get) == 1.0
    assert loss(1.0, consistency=0.2) < 0.6 * loss(1.0), "what is hidden counts no more"


def test_batches_stay_in_their_walks_and_mirrors_turn_the_flow(frames, first_stage):
    batches = FlowBatches(frames, first_stage, CONFIG)
    views, inputs, rigid = batches.draw(4, torch.Generator().manual_seed(0))
    assert views.shape == inputs.shape == (2, 4, 3, HEIGHT, WIDTH) and rigid.shape == (2, 4, 2, HEIGHT, WIDTH)
    held = list(batches.held_out())
    assert torch.equal(held[0][0][:, 0], frames.floats([8, 8 + LATER])) and held[0][0].shape[1] == 5
    source, flow = frames.floats([LATER]), torch.rand(1, 2, HEIGHT, WIDTH) * 4
    there = warp_by_flow(source, flow)[0].flip(3)
    torch.testing.assert_close(warp_by_flow(source.flip(3), mirrored(flow))[0], there, atol=1e-4, rtol=0)
    with pytest.raises(WorkbookError, match="no walk has a photo 50 after"):
        FlowBatches(frames, first_stage, replace(CONFIG, step=50))


def test_a_fresh_network_answers_the_rigid_flow(frames):
    networks = build_networks(CONFIG)
    flows = predict_flow(networks, frames, np.array([1]), np.array([4]))
    assert torch.equal(flows.rigid, flows.full), "a fresh flow network adds nothing"
    both = RigidFlows(networks, frames, np.array([[0, 3], [1, 4]])).of(torch.tensor([1]))
    torch.testing.assert_close(both[:, 0], torch.cat([flows.rigid, flows.rigid_back]), atol=1e-4, rtol=1e-4)


def test_a_resumed_run_is_the_uninterrupted_one(frames, first_stage, tmp_path):
    config = replace(CONFIG, max_steps=10, consistency=0.05, colour_jitter=0.2)

    def run(out, **options):
        learner = FlowLearner(config, Parts(), frames.camera, first_stage)
        batches = FlowBatches(frames, first_stage, config)
        return fit(learner, batches, config, out, scene_name="wall", show_progress=False, **options)

    def stop(history):
        if len(history) == 4:
            raise KeyboardInterrupt

    whole = run(tmp_path / "whole")
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "parts", on_judgement=stop)
    parts = run(tmp_path / "parts", resume=True)
    assert [one.held_out_loss for one in parts] == pytest.approx([one.held_out_loss for one in whole], rel=1e-5)
    ends = [load_checkpoint(tmp_path / name, which="last.safetensors").networks for name in ("whole", "parts")]
    for name, value in ends[0].items():
        torch.testing.assert_close(value, ends[1][name], rtol=1e-4, atol=1e-5, msg=name)


def test_a_checkpoint_holds_both_stages(frames, first_stage, tmp_path):
    learner = FlowLearner(replace(CONFIG, max_steps=3), Parts(), frames.camera, first_stage)
    fit(learner, FlowBatches(frames, first_stage, CONFIG), replace(CONFIG, max_steps=3), tmp_path, scene_name="wall",
        show_progress=False)  # fmt: skip
    networks = load_checkpoint(tmp_path).build()
    for name in ("depth", "motion"):
        for key, value in first_stage[name].state_dict().items():
            assert torch.equal(value, networks[name].state_dict()[key]), f"{name}.{key} stays as it was"
    pairs = np.array([0, 1]), np.array([3, 4])
    for here, there in zip(
        predict_flow(networks, frames, *pairs), predict_flow(learner.networks, frames, *pairs), strict=True
    ):
        torch.testing.assert_close(here, there)


def test_a_first_stage_that_does_not_fit_is_named(first_stage, tmp_path):
    def saved(**settings):
        config = replace(CONFIG, **{"task": "video", **settings})
        save_checkpoint(tmp_path / "x", EgomotionCheckpoint(config, "wall", build_networks(config).state_dict(), 1.0))
        return tmp_path / "x"

    assert first_stage_of(CONFIG, saved(), None).config.task == "video"
    with pytest.raises(WorkbookError, match="--width 48 --scales 1"):
        first_stage_of(CONFIG, saved(width=48, scales=1), None)
    with pytest.raises(WorkbookError, match="knows no motion"):
        first_stage_of(CONFIG, saved(task="stereo"), None)
    with pytest.raises(WorkbookError, match="give its --first-stage"):
        first_stage_of(CONFIG, None, None)
    with pytest.raises(WorkbookError, match="not for --task video"):
        first_stage_of(replace(CONFIG, task="video"), saved(), None)
