"""Frames without a pose of their own: what trackers write while they are lost."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from posenet_lib.scenes.readers.read_pose import ReadPose
from posenet_lib.scenes.readers.text import natural_order

_AGAIN = 3  # the same pose, to the last digit, in so many frames: a tracker that has stopped
_JUMP = 10  # usual steps from an identity to its neighbour: further, and it is no place on the walk


def in_order(poses: Sequence[ReadPose]) -> list[ReadPose]:
    """By folder and number, as they were taken."""
    return sorted(poses, key=lambda pose: natural_order(pose.name))


def without_lost(poses: Sequence[ReadPose]) -> tuple[list[ReadPose], list[str]]:
    """Those that have a pose, and a sentence for each kind of those that do not.

    Args:
        poses: in the order in which they were taken.
    """
    reasons = Counter(pose.lost for pose in poses if pose.lost)
    first = {reason: next(pose.name for pose in poses if pose.lost == reason) for reason in reasons}
    kept = [pose for pose in poses if not pose.lost]
    for reason, are_lost in (
        ("the identity in a moving sequence", _identities),
        ("the same pose again and again", _again),
    ):
        marked = are_lost(kept)
        if names := [pose.name for pose, is_lost in zip(kept, marked, strict=True) if is_lost]:
            reasons[reason], first[reason] = len(names), names[0]
        kept = [pose for pose, is_lost in zip(kept, marked, strict=True) if not is_lost]
    return kept, [
        f"{count} lost {'frames' if count > 1 else 'frame'} left out ({reason}), first {first[reason]}."
        for reason, count in reasons.items()
    ]


def _identities(poses: Sequence[ReadPose]) -> list[bool]:
    """A walk may begin at the origin, looking along an axis; then its next frame is near."""
    if not poses:
        return []
    position = np.array([pose.position_m for pose in poses])
    turned = np.array([np.abs(pose.quaternion_wxyz[1:]) for pose in poses])
    identity = ~position.any(axis=1) & _no_turn(turned)
    if not identity.any() or identity.all():
        return [False] * len(poses)
    others = position[~identity]
    steps = np.linalg.norm(np.diff(others, axis=0), axis=1)
    usual = float(np.median(steps)) if len(steps) else np.inf
    begins = identity[0] and not identity[1] and np.linalg.norm(position[1] - position[0]) <= _JUMP * usual
    identity[0] &= not begins
    return identity.tolist()


def _no_turn(turned: np.ndarray) -> np.ndarray:
    """No turn at all; or half a turn about one axis, which is the identity in OpenGL's camera axes."""
    nearly = turned.max(axis=1) < 1e-9
    half = (np.abs(turned[:, 0] - 1) < 1e-9) & (turned[:, 1:].max(axis=1) < 1e-9)
    return nearly | half


def _again(poses: Sequence[ReadPose]) -> list[bool]:
    """All but the first frame of a pose that is exactly the same in several."""
    exact = [np.concatenate([pose.position_m, pose.quaternion_wxyz]).tobytes() for pose in poses]
    count = Counter(exact)
    seen: set[bytes] = set()
    marked = []
    for pose in exact:
        marked.append(count[pose] >= _AGAIN and pose in seen)
        seen.add(pose)
    return marked
