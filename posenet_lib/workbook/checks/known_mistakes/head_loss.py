"""The cause of a wrong `head_loss`: factors x lengths x differences, fitted to the answer's own numbers."""

import functools
import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np

from posenet_lib.workbook.checks.known_mistakes.head_loss_differences import (
    Pair,
    angle_errors,
    normalised,
    position_pairs,
    quaternion_pairs,
    shuffled_positions,
    shuffled_quaternions,
    split_elsewhere,
)
from posenet_lib.workbook.checks.known_mistakes.head_loss_factors import explain
from posenet_lib.workbook.checks.known_mistakes.head_loss_joint import JOINT, WITH_ROWS
from posenet_lib.workbook.checks.known_mistakes.head_loss_lengths import (
    IN_BOTH,
    LENGTHS,
    SQUARES,
    SUMMED,
    WHOLE,
    Length,
    rows,
)
from posenet_lib.workbook.checks.known_mistakes.mistake import Fit, same_series, simplest

BETAS = np.array([0.0, 0.6, 2.5, 7.25, 40.0, 1750.0])
_ANGLE = "You used the angle between the rotations. The formula has the distance of the two quaternions."

_SPLIT = "Position and quaternion are split at the wrong place: three numbers, x, y, z, and then four, w, p, q, r."
_COMMON = tuple(  # lengths that are tried together with rows in wrong places too
    place for place, (text, _) in enumerate(LENGTHS) if text in (SUMMED, WHOLE, SQUARES)
)


class Batch(NamedTuple):
    """Made-up poses, with errors of every kind at once."""

    position: np.ndarray  # predicted, [B, 3]
    quaternion: np.ndarray  # predicted, [B, 4]
    true_position: np.ndarray
    true_quaternion: np.ndarray  # not of length 1


def batches(seed: int = 7, sizes: tuple[int, ...] = (4, 2, 6, 3, 5, 8, 7, 2)) -> list[Batch]:
    """Batches of several sizes, so that a sum is no multiple of a mean; float32, as the answer sees them."""
    rng, made = np.random.default_rng(seed), []
    for size in sizes:
        true = rng.normal(size=(size, 3)) * 6
        unit = rng.normal(size=(size, 4))
        unit /= np.linalg.norm(unit, axis=1, keepdims=True)
        opposite = np.where(np.arange(size) % 3 == 1, -1, 1)[:, None]  # the prediction is near -q there
        parts = (
            true + rng.normal(size=(size, 3)) * rng.uniform(0.3, 4, (size, 1)),
            unit * opposite + rng.normal(size=(size, 4)) * 0.5,
            true,
            unit * rng.uniform(0.4, 3, (size, 1)),
        )
        made.append(Batch(*(part.astype(np.float32) for part in parts)))
    return made


class Structure(NamedTuple):
    """A way to get position errors and orientation errors: [batches] each."""

    text: str
    parts: int
    metres: np.ndarray
    quaternion: np.ndarray
    right_metres: bool = False
    right_quaternion: bool = False


def structures(made: list[Batch]) -> Iterator[Structure]:
    """The right way first, then every known mistake, and pairs of them."""
    wide = [Batch(*(part.astype(np.float64) for part in batch)) for batch in made]
    lengths = (*LENGTHS, *IN_BOTH)
    metres, metres_texts = _table([position_pairs(b.position, b.true_position) for b in wide], lengths)
    turned, turned_texts = _table([quaternion_pairs(b.quaternion, b.true_quaternion) for b in wide], lengths)
    for i, j, k, m in _choices(len(metres_texts), len(turned_texts)):
        texts = _texts(metres_texts[i], turned_texts[j], lengths[k][0], lengths[m][0])
        if not (i or j or k or m) or 0 < len(texts) <= 2:
            yield Structure(" ".join(texts), len(texts), metres[i, k], turned[j, m], not (i or k), not (j or m))
    right = [lengths[0], *(lengths[place] for place in _COMMON)]
    moved, moved_texts = _table([shuffled_positions(b.position, b.true_position) for b in wide], right)
    mixed, mixed_texts = _table([shuffled_quaternions(b.quaternion, b.true_quaternion) for b in wide], right)
    for text, values in zip(moved_texts, moved[:, 0], strict=True):
        yield Structure(text, 1, values, turned[0, 0], False, True)
        for other, quaternion in zip(turned_texts[1:], turned[1:, 0], strict=True):
            yield Structure(f"{text} {other}", 2, values, quaternion)
    for text, values in zip(mixed_texts, mixed[:, 0], strict=True):
        yield Structure(text, 1, metres[0, 0], values, True, False)
        for other, position in zip([*metres_texts[1:], *moved_texts], [*metres[1:, 0], *moved[:, 0]], strict=True):
            yield Structure(f"{other} {text}", 2, position, values)
    for number, text in enumerate(moved_texts):
        for length, place in enumerate(_COMMON, 1):
            yield Structure(f"{text} {lengths[place][0]}", 2, moved[number, length], turned[0, place])
    for number, text in enumerate(mixed_texts):
        for length, place in enumerate(_COMMON, 1):
            yield Structure(f"{text} {lengths[place][0]}", 2, metres[0, place], mixed[number, length])
    units = [normalised(b.true_quaternion) for b in wide]
    split = [
        list(split_elsewhere((b.position, b.true_position), (b.quaternion, unit)))
        for b, unit in zip(wide, units, strict=True)
    ]
    for number in range(2):
        parts = np.array([[part.mean() for part in batch[number]] for batch in split])
        yield Structure(_SPLIT, 1, parts[:, 0], parts[:, 1])
    angles = [[error.mean() for error in angle_errors(b.quaternion, b.true_quaternion)] for b in wide]
    for angle in np.array(angles).T:
        yield Structure(_ANGLE, 1, metres[0, 0], angle, True)


def _choices(positions: int, quaternions: int) -> Iterator[tuple[int, int, int, int]]:
    """Position pair, quaternion pair, length of the position, length of the quaternion."""
    for length in range(len(LENGTHS) + len(IN_BOTH)):
        yield from ((0, j, length, length) for j in range(quaternions))
        yield from ((i, 0, length, length) for i in range(1, positions))
    for length in range(1, len(LENGTHS)):
        yield from ((0, 0, length, other) for other in range(len(LENGTHS)) if LENGTHS[other][0] != LENGTHS[length][0])
        yield from ((0, j, 0, length) for j in range(quaternions))
    yield from itertools.product(range(1, positions), range(1, quaternions), (0,), (0,))


def _table(pairs: list[Iterator[Pair]], lengths: Sequence[tuple[str, Length]]) -> tuple[np.ndarray, list[str]]:
    """[pairs, lengths, batches], and the pairs' texts."""
    listed = [list(batch) for batch in pairs]
    with np.errstate(all="ignore"):
        values = [[[length(a, b) for _, length in lengths] for _, a, b in batch] for batch in listed]
    return np.nan_to_num(np.array(values).transpose(1, 2, 0), posinf=0, neginf=0), [text for text, _, _ in listed[0]]


def _texts(position: str, quaternion: str, metres_length: str, quaternion_length: str) -> list[str]:
    """One text for each thing that went wrong; a mistake in both errors is one mistake."""
    texts = [text for text in (position, quaternion) if text]
    if metres_length == quaternion_length:
        return [metres_length] * bool(metres_length) + texts  # the one that every check shows comes first
    texts += [f"In the position error: {metres_length}"] * bool(metres_length)
    return texts + [f"In the orientation error: {quaternion_length}"] * bool(quaternion_length)


@functools.cache
def _known_structures() -> tuple[list[Batch], list[Structure], np.ndarray]:
    """For the batches of `head_cause`: worked out once. The last one is [structures, batches, 3]."""
    made = batches()
    known = list(structures(made))
    columns = [[s.metres for s in known], [s.quaternion for s in known], [np.ones(len(made))] * len(known)]
    return made, known, np.stack(columns, axis=2)


def head_cause(losses_of: Callable[[Batch, float], float]) -> str | None:
    """The mistake that reproduces all losses of an answer, or None.

    Args:
        losses_of: calls the answer with a batch and beta.
    """
    made, known, terms = _known_structures()
    losses = np.array([[losses_of(batch, beta) for batch in made] for beta in BETAS])  # [betas, batches]
    usable = np.isfinite(losses).all(axis=1)
    if not usable[1:].all():  # only beta 0 may be impossible: a division by it
        return None
    betas, losses = BETAS[usable], losses[usable]
    return simplest([*_sums(known, terms, betas, losses), *_joint(made, betas, losses)])


def position_cause(losses_of: Callable[[Batch, float], float]) -> str | None:
    """Where the whole is not explained: the mistake that gives the position errors alone, those of beta 0, or None."""
    made = batches()
    losses = np.array([losses_of(batch, 0.0) for batch in made])
    wide = [(batch.position.astype(np.float64), batch.true_position.astype(np.float64)) for batch in made]
    if not np.isfinite(losses).all():
        return None
    with np.errstate(all="ignore"):
        wrong = ((text, np.array([length(*pair) for pair in wide])) for text, length in LENGTHS[1:])
        fits = [Fit(f"In the position error: {text}", 1) for text, values in wrong if same_series(losses, values)]
    return simplest(fits)


def _sums(known: list[Structure], terms: np.ndarray, betas: np.ndarray, losses: np.ndarray) -> Iterator[Fit]:
    for number, factors in fitted(terms, losses):
        structure = known[number]
        used = np.abs(factors * terms[number].max(axis=0)).max(axis=0) > 1e-4 * np.abs(losses).max()
        if (not used[0] and not structure.right_metres) or (not used[1] and not structure.right_quaternion):
            continue  # what does not count has no mistake either
        for fit in explain(betas, terms[number], losses, factors):
            text = " ".join(part for part in (structure.text, fit.text) if part)
            if text and structure.parts + fit.parts <= 2.5:
                yield Fit(text, structure.parts + fit.parts)


def fitted(terms: np.ndarray, losses: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """Which sets of terms give all losses as a sum with some factors: number of the set, factors [series, terms].

    Args:
        terms: [sets, probes, terms].
        losses: [series, probes].
    """
    scale = np.maximum(np.abs(terms).max(axis=1, keepdims=True), 1e-12)
    scaled = terms / scale
    squares = scaled.transpose(0, 2, 1) @ scaled + 1e-12 * np.eye(terms.shape[2])
    factors = np.linalg.solve(squares, scaled.transpose(0, 2, 1) @ losses.T)  # [sets, terms, series]
    got = (scaled @ factors).transpose(0, 2, 1)
    for number in np.flatnonzero(same_series(losses, got).all(axis=1)):
        yield int(number), (factors[number] / scale[number].T).T


def _joint(made: list[Batch], betas: np.ndarray, losses: np.ndarray) -> Iterator[Fit]:
    wide = [Batch(*(part.astype(np.float64) for part in batch)) for batch in made]
    pairs = [next(quaternion_pairs(b.quaternion, b.true_quaternion))[1:] for b in wide]
    errors = [(rows(b.position, b.true_position), rows(*pair)) for b, pair in zip(wide, pairs, strict=True)]
    above = betas > 0

    def fits(wrong: Callable[[int, float], float]) -> bool:
        wanted = np.array([[wrong(number, beta) for number in range(len(made))] for beta in betas[above]])
        return bool(same_series(losses[above], wanted).all())

    with np.errstate(all="ignore"):
        for text, joined in JOINT:
            if fits(lambda number, beta, joined=joined: joined(*errors[number], beta)):
                yield Fit(text, 1)
        for text, scaled in WITH_ROWS:
            if fits(lambda n, beta, scaled=scaled: errors[n][0].mean() + scaled(*pairs[n], beta).mean()):
                yield Fit(text, 1)
