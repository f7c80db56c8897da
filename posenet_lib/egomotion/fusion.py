"""Odometry meets relocalization: motions that drift, and absolute poses that are noisy but do not, made one path.

The idea of MapNet (Brahmbhatt et al., CVPR 2018) as a small pose graph: least squares over the poses of one walk. The
rotations come first, without the constraint that they are rotations (chordal relaxation, Carlone et al., ICRA 2015);
with them known, the positions are linear, and so is the unknown scale of the motions. A pose that is far off weighs
less (iteratively reweighted least squares), as a relocalizer is sometimes altogether wrong.
"""

import math
from dataclasses import dataclass, replace

import numpy as np

from posenet_lib.egomotion.motion import from_world_to_camera, inverse, source_from_target, world_to_camera
from posenet_lib.egomotion.motion_errors import chains, motion_errors
from posenet_lib.geometry import quaternion
from posenet_lib.geometry.poses import PoseArray

CHAIN = 9  # motions: so many of them show errors that add up
_ROUNDS = 8


@dataclass(frozen=True)
class Trust:
    """Usual errors: of an absolute pose, and of a motion from one photo to the next."""

    position_m: float = 1.0
    rotation_deg: float = 10.0
    shift_m: float = 0.1
    turn_deg: float = 1.0


def trust_on_walk(trust: Trust, absolute: PoseArray, motions: np.ndarray) -> Trust:
    """The same, with less trust in the motions of one walk if they contradict its absolute poses.

    A motion network can be lost on a walk that it has never seen. No truth is needed to see that: both ends of a chain
    of motions have absolute poses. If chain and poses are d apart in the median, and a pose is usually wrong by a, then
    the chain is wrong by the root of d^2 - 2 a^2. That is shared among its motions as in `Trust`: divided by the root
    of their number.

    Args:
        absolute, motions: as in `fuse`. A walk of fewer than ten photos changes nothing.
    """
    said = chains(motions, CHAIN)
    if not len(said):
        return trust
    first = np.arange(len(said))
    apart = motion_errors(said, source_from_target(absolute, first, first + CHAIN))

    def of_one(chain: float, pose: float) -> float:
        return math.sqrt(max(chain**2 - 2 * pose**2, 0.0) / CHAIN)

    return replace(
        trust,
        shift_m=max(trust.shift_m, of_one(apart.shift_m, trust.position_m)),
        turn_deg=max(trust.turn_deg, of_one(apart.rotation_deg, trust.rotation_deg)),
    )


def fuse(absolute: PoseArray, motions: np.ndarray, trust: Trust | None = None) -> PoseArray:
    """The path that fits both best.

    Args:
        absolute: of N photos of a walk, in the order of time.
        motions: `next_from_this` of neighbouring photos, (N - 1, 4, 4); their shifts in any unit.
        trust: how much each is believed.

    Raises:
        ValueError: the numbers of poses and motions do not fit, or there are fewer than three poses.
    """
    count = len(absolute.position_m)
    if count < 3 or len(motions) != count - 1:
        raise ValueError(f"{count} absolute poses and {len(motions)} motions; N >= 3 and N - 1 are needed")
    trust = trust or Trust()
    rotations = _rotations(quaternion.to_matrix(absolute.quaternion_wxyz), motions[:, :3, :3], trust)
    return PoseArray(_positions(absolute.position_m, rotations, motions, trust), quaternion.from_matrix(rotations))


def chained_poses(absolute: PoseArray, motions: np.ndarray, scale: float) -> PoseArray:
    """The motions alone, (N - 1, 4, 4) with shifts times `scale` in metres, begun at the first absolute pose."""
    matrices = [world_to_camera(absolute)[0]]
    for motion in motions:
        step = motion.copy()
        step[:3, 3] *= scale
        matrices.append(step @ matrices[-1])
    return from_world_to_camera(np.stack(matrices))


def _rotations(absolute: np.ndarray, turns: np.ndarray, trust: Trust) -> np.ndarray:
    """World-to-camera rotations (N, 3, 3) with R[i + 1] = turns[i] R[i] and R[i] = absolute[i], both nearly."""
    count = len(absolute)
    chain = np.zeros((count - 1, 3, count, 3))
    for k, turn in enumerate(turns):
        chain[k, :, k + 1], chain[k, :, k] = np.eye(3), -turn
    chain = chain.reshape(3 * (count - 1), 3 * count) * (trust.rotation_deg / trust.turn_deg)
    stacked, weight = absolute.reshape(3 * count, 3), np.ones(count)
    for _ in range(_ROUNDS):
        rows = np.repeat(weight, 3)[:, None]
        found = _solve(
            np.concatenate([rows * np.eye(3 * count), chain]), np.concatenate([rows * stacked, 0 * chain[:, :3]])
        )
        off = np.linalg.norm(found.reshape(count, 9) - absolute.reshape(count, 9), axis=1)
        weight = _weights(off)
    left, _, right = np.linalg.svd(found.reshape(count, 3, 3))
    mirror = np.linalg.det(left @ right)
    left[:, :, 2] *= mirror[:, None]
    return left @ right


def _positions(absolute: np.ndarray, rotations: np.ndarray, motions: np.ndarray, trust: Trust) -> np.ndarray:
    """Positions (N, 3) with x[i + 1] = x[i] + scale * step[i] and x[i] = absolute[i], both nearly, and the scale."""
    count = len(absolute)
    ahead = inverse(motions)[:, :3, 3]  # where the next camera is, in this one's frame
    steps = np.einsum("nji,nj->ni", rotations[:-1], ahead)  # in the world
    chain = np.zeros((count - 1, 3, 3 * count + 1))
    for k in range(count - 1):
        chain[k, :, 3 * k + 3 : 3 * k + 6], chain[k, :, 3 * k : 3 * k + 3] = np.eye(3), -np.eye(3)
    chain[:, :, -1] = -steps
    chain = chain.reshape(3 * (count - 1), -1) * (trust.position_m / trust.shift_m)
    here, weight = np.eye(3 * count, 3 * count + 1), np.ones(count)
    for _ in range(_ROUNDS):
        rows = np.repeat(weight, 3)
        goal = np.concatenate([rows * absolute.ravel(), np.zeros(len(chain))])
        found = _solve(np.concatenate([rows[:, None] * here, chain]), goal[:, None])[: 3 * count].reshape(count, 3)
        weight = _weights(np.linalg.norm(found - absolute, axis=1))
    return found


def _weights(off: np.ndarray) -> np.ndarray:
    """Roots of the weights: 1 up to the median distance, less beyond it."""
    return 1 / np.sqrt(np.maximum(off / max(float(np.median(off)), 1e-9), 1.0))


def _solve(rows: np.ndarray, goal: np.ndarray) -> np.ndarray:
    return np.linalg.lstsq(rows, goal, rcond=None)[0]
