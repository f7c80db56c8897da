"""Which rows are compared. The right ones: the positions as they are; the quaternion with the normalised truth."""

import itertools
from collections.abc import Iterator

import numpy as np

Pair = tuple[str, np.ndarray, np.ndarray]  # cause ("" for the right one), predicted [B, k], true [B, k]
SWAPPED = "You normalised the predicted quaternion in place of the target."
_OTHER_PHOTO = "You compare the prediction of one photo with the truth of another. Are the rows shifted?"


def normalised(rows: np.ndarray) -> np.ndarray:
    """Each row divided by its length."""
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def quaternion_pairs(predicted: np.ndarray, target: np.ndarray) -> Iterator[Pair]:
    """`target` is not normalised yet."""
    length = np.linalg.norm(target, axis=1, keepdims=True)
    unit, own = target / length, normalised(predicted)
    one_length = "The target was divided by one length for the whole batch. Each row has its own length: `dim=1`."
    greatest = np.abs(target).max(axis=1, keepdims=True)
    closer = np.where((predicted * unit).sum(axis=1, keepdims=True) < 0, -1, 1)
    either_sign = (
        "You treat q and -q as the same. That is right for an angle, but this formula does not: pose lists are "
        "brought to w >= 0 instead."
    )
    positive = (
        "You brought the target to w >= 0. Pose lists are, when they are read; here, only divide it by its length."
    )
    yield "", predicted, unit
    yield "The target quaternion was not normalised. Divide each row of it by its own length.", predicted, target
    yield one_length, predicted, target / np.linalg.norm(target)
    yield one_length, predicted, target / length.mean()
    yield one_length, predicted, target / length[0]
    yield (
        "The target was normalised along the wrong axis. Each row, not each column, is a quaternion: `dim=1`.",
        predicted,
        target / np.linalg.norm(target, axis=0),
    )
    yield (
        "The target was divided by its squared length. The length is the root of the sum of squares.",
        predicted,
        target / length**2,
    )
    yield (
        "The target was divided by the root of its length. A norm is a length already.",
        predicted,
        target / np.sqrt(length),
    )
    yield "The target was multiplied by its length. Divide it.", predicted, target * length
    yield (
        "The target was divided by the sum of its absolute values. Its length is the root of the sum of squares.",
        predicted,
        target / np.abs(target).sum(axis=1, keepdims=True),
    )
    yield (
        "The target was divided by the sum of its components. Its length is the root of the sum of squares.",
        predicted,
        target / target.sum(axis=1, keepdims=True),
    )
    yield (
        "The target was divided by its largest component. Its length is the root of the sum of squares.",
        predicted,
        target / greatest,
    )
    yield positive, predicted, np.where(unit[:, :1] < 0, -1, 1) * unit
    yield (
        "You normalised the predicted quaternion. Normalise the target alone; training brings the prediction to "
        "length 1.",
        own,
        unit,
    )
    yield SWAPPED, own, target
    yield (
        "You normalised the difference. Normalise the target first, then subtract.",
        (predicted - target) / length,
        0 * unit,
    )
    yield either_sign, closer * predicted, unit
    yield either_sign, closer * own, unit


def shuffled_quaternions(predicted: np.ndarray, target: np.ndarray) -> Iterator[Pair]:
    """Components or photos in the wrong places."""
    unit = normalised(target)
    for order in list(itertools.permutations(range(4)))[1:]:
        text = "You reordered the target's quaternion. Both are in the order w, p, q, r, w first."
        yield text, predicted, unit[:, order]
    yield from _signs(predicted, unit, "quaternion", "Is it a conjugate?")
    yield from _subsets(predicted, unit, "w, p, q, r", "quaternion")
    yield from _other_photos(predicted, unit)


def position_pairs(predicted: np.ndarray, target: np.ndarray) -> Iterator[Pair]:
    """Metres."""
    unit_text = "You normalised a position. Positions are in metres; only the target's quaternion is normalised."
    relative = "The position error was divided by the distance of the camera. The formula has plain metres."
    lengths = np.linalg.norm(target, axis=1, keepdims=True), np.linalg.norm(predicted, axis=1, keepdims=True)
    yield "", predicted, target
    yield unit_text, normalised(predicted), normalised(target)
    yield unit_text, predicted, normalised(target)
    yield unit_text, normalised(predicted), target
    for length in lengths:
        yield relative, predicted / length, target / length


def shuffled_positions(predicted: np.ndarray, target: np.ndarray) -> Iterator[Pair]:
    """Components or photos in the wrong places."""
    for order in list(itertools.permutations(range(3)))[1:]:
        yield "The position's components are in another order. Both are x, y, z.", predicted, target[:, order]
    yield from _signs(predicted, target, "position", "")
    yield from _subsets(predicted, target, "x, y, z", "position")
    yield from _other_photos(predicted, target)


def split_elsewhere(
    position: tuple[np.ndarray, np.ndarray], quaternion: tuple[np.ndarray, np.ndarray]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The seven numbers of a pose, split after the second or the fourth: the lengths of both parts, [B] each."""
    both = np.concatenate([position[0] - position[1], quaternion[0] - quaternion[1]], axis=1)
    for place in (2, 4):
        yield np.linalg.norm(both[:, :place], axis=1), np.linalg.norm(both[:, place:], axis=1)


def angle_errors(predicted: np.ndarray, target: np.ndarray) -> list[np.ndarray]:
    """What is taken for the distance of two quaternions: angles and cosines, [B] each."""
    unit = normalised(target)
    raw, cosine = (predicted * unit).sum(axis=1), (normalised(predicted) * unit).sum(axis=1).clip(-1, 1)
    beside = np.sqrt(np.maximum((predicted**2).sum(axis=1) - raw**2, 0))  # of the product with the conjugate
    errors = [1 - raw, 1 - np.abs(raw), 1 - raw**2, beside, 2 * beside, np.sqrt(8 * (1 - cosine**2))]
    errors += [np.arccos(raw.clip(-1, 1)), 2 * np.arccos(np.abs(raw).clip(0, 1))]
    for value in (cosine, np.abs(cosine)):
        angle = np.arccos(value)
        errors += [1 - value, 1 - value**2, angle, 2 * angle, np.degrees(angle), np.degrees(2 * angle)]
        errors += [np.sin(angle), angle**2]
    return errors


def _other_photos(predicted: np.ndarray, true: np.ndarray) -> Iterator[Pair]:
    for other in (np.roll(true, 1, axis=0), np.roll(true, -1, axis=0), true[::-1], np.repeat(true[:1], len(true), 0)):
        yield _OTHER_PHOTO, predicted, other


def _signs(predicted: np.ndarray, true: np.ndarray, what: str, question: str) -> Iterator[Pair]:
    count = true.shape[1]
    for signs in itertools.product((1, -1), repeat=count):
        if sum(signs) == -count:
            yield f"The {what}s were added, not subtracted. An error is a difference.", predicted, -true
        elif sum(signs) < count:
            text = f"Some components of the {what} have the opposite sign in one of the two. {question}"
            yield text.strip(), predicted, true * signs


def _subsets(predicted: np.ndarray, true: np.ndarray, names: str, what: str) -> Iterator[Pair]:
    letters = names.split(", ")
    for kept in itertools.product((True, False), repeat=len(letters)):
        if any(kept) and not all(kept):
            lost = ", ".join(letter for letter, keep in zip(letters, kept, strict=True) if not keep)
            text = f"An error in {lost} does not change the loss. Use all components of the {what}, without slices."
            yield text, predicted * kept, true * kept
