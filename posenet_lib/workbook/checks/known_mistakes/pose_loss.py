"""The cause of a wrong `PoseLoss`: which factors of the three heads' errors give the answer's own numbers?"""

import functools
from collections.abc import Callable, Iterator

import numpy as np

from posenet_lib.workbook.checks.known_mistakes.head_loss import Batch, batches, fitted, structures
from posenet_lib.workbook.checks.known_mistakes.head_loss_differences import SWAPPED
from posenet_lib.workbook.checks.known_mistakes.mistake import Fit, same_series, simplest
from posenet_lib.workbook.checks.known_mistakes.pose_loss_together import SETTINGS, HeadBatch, numbers, together
from posenet_lib.workbook.checks.known_mistakes.pose_loss_weights import MAIN_WEIGHT, WRONG_HEADS, Weights, weight_rules

_SIZES = (4, 2, 6, 3, 5, 8, 7, 2, 3, 4)
_ARGUMENTS = "The arguments of `head_loss` are swapped. The prediction comes first, then the truth."
_IN_EVALUATION = "In evaluation, the main head's loss times its own weight is all that counts."


LossesOf = Callable[[HeadBatch, float, tuple[float, ...], bool], float]  # with beta, head_weights, evaluation


def head_batches() -> list[HeadBatch]:
    """Each head has errors of its own; the truth is one."""
    made = [batches(seed, _SIZES) for seed in (11, 12, 13)]
    return [HeadBatch(tuple(_for_truth(batch, three[2]) for batch in three)) for three in zip(*made, strict=True)]


def _for_truth(batch: Batch, truth: Batch) -> Batch:
    """The same errors about another truth."""
    return Batch(
        truth.true_position + (batch.position - batch.true_position),
        batch.quaternion,
        truth.true_position,
        truth.true_quaternion,
    )


@functools.cache
def _terms() -> tuple[list[HeadBatch], list[tuple[str, np.ndarray]]]:
    """The probes, and for each way to get a head's errors: its text, [probes, 7] (three metres, three turned, 1)."""
    made = head_batches()
    by_head = [list(structures([batch.heads[head] for batch in made])) for head in range(3)]
    ones = np.ones(len(made))
    ways = []
    for three in zip(*by_head, strict=True):
        if three[0].parts <= 1:
            ways.append(
                (three[0].text, np.column_stack([*(s.metres for s in three), *(s.quaternion for s in three), ones]))
            )
    return made, ways


@functools.cache
def _rules() -> list[tuple[str, int, np.ndarray]]:
    """Text, parts, factors [settings, 7]."""
    rules = []
    with np.errstate(all="ignore"):
        for text, parts, factors in weight_rules():
            rows = [np.concatenate([*factors(w, beta), [0.0]]) for beta, w in SETTINGS]
            rules.append((text, parts, np.nan_to_num(np.array(rows))))
    return rules


def heads_cause(losses_of: LossesOf, evaluation: bool) -> str | None:
    """The mistake that reproduces all losses of an answer, or None."""
    made, ways = _terms()
    training = _losses(losses_of, made, evaluation=False)
    fits = [] if training is None else list(_fits(training, made, ways))
    if not evaluation:
        if any(not fit.text for fit in fits):
            return _beta_zero(losses_of, made, ways[0][1])
        return simplest(fits)
    got = _losses(losses_of, made, evaluation=True)
    if got is None:
        return None
    cause = simplest(fit for fit in fits if fit.text)
    return _evaluation_cause(got, ways[0][1], cause) or cause


def _beta_zero(losses_of: LossesOf, made: list[HeadBatch], right: np.ndarray) -> str | None:
    """Where all else is right: which beta does the answer use for 0?"""
    w = SETTINGS[0][1]
    try:
        losses = np.array([losses_of(batch, 0.0, tuple(w.tolist()), False) for batch in made])
    except Exception:  # the checks' own calls show it
        return None
    beyond, turned = losses - right[:, :3] @ w, right[:, 3:6] @ w
    instead = float(np.median(beyond / turned))
    if abs(instead) < 1e-3 or not same_series(losses, right[:, :3] @ w + instead * turned):
        return None
    text = f"Where beta is 0 you use {instead:.4g} in its place: `beta or ...` takes 0 for a missing value. "
    return f"{text}0 is a valid beta."


def _losses(losses_of: LossesOf, made: list[HeadBatch], *, evaluation: bool) -> np.ndarray | None:
    """[settings, probes]."""
    try:
        losses = [[losses_of(batch, beta, tuple(w.tolist()), evaluation) for batch in made] for beta, w in SETTINGS]
    except Exception:  # the checks' own calls show it
        return None
    return np.array(losses) if np.isfinite(losses).all() else None


def _fits(losses: np.ndarray, made: list[HeadBatch], ways: list[tuple[str, np.ndarray]]) -> Iterator[Fit]:
    right = ways[0][1]
    wanted = np.stack([factors for _, _, factors in _rules()]) @ right.T  # [rules, settings, probes]
    for number in np.flatnonzero(same_series(losses, wanted).all(axis=1)):
        text, parts, _ = _rules()[number]
        yield Fit(text, parts)
    plain = np.array([np.concatenate([w, w * beta, [0.0]]) for beta, w in SETTINGS])
    for text, terms in ways[1:]:
        if same_series(losses, plain @ terms.T).all():
            yield Fit(_ARGUMENTS if text == SWAPPED else text, 1)
    yield from together(losses, made, right)
    for _, factors in fitted(right[None], losses):
        yield from numbers(factors)


def _evaluation_cause(losses: np.ndarray, right: np.ndarray, training: str | None) -> str | None:
    """With the main head alone: loss = a x metres + c x turned + d."""
    terms = right[:, [2, 5, 6]]

    def reproduces(factor: Callable[[Weights, float], tuple[float, float]]) -> bool:
        wanted = np.array([[*factor(w, beta), 0.0] for beta, w in SETTINGS]) @ terms.T
        return bool(same_series(losses, wanted).all())

    for text, _, factors in _rules():
        if text == training and same_series(losses, factors[:, [2, 5, 6]] @ terms.T).all():
            return training
    causes = {
        f"{MAIN_WEIGHT} It counts in evaluation too.": lambda w: 1.0,
        "The main head gets another head's weight. " + WRONG_HEADS.partition(". ")[2]: lambda w: w[0],
        "The main head gets the second weight. " + WRONG_HEADS.partition(". ")[2]: lambda w: w[1],
        f"In evaluation the main head stands in for the heads that are None. {_IN_EVALUATION}": lambda w: w.sum(),
        f"In evaluation the loss is divided by the sum of the weights. {_IN_EVALUATION}": lambda w: w[2] / w.sum(),
        f"In evaluation the loss is divided by 3. {_IN_EVALUATION}": lambda w: w[2] / 3,
        f"In evaluation the weight is squared. {_IN_EVALUATION}": lambda w: w[2] ** 2,
        f"In evaluation the loss is 0. {_IN_EVALUATION}": lambda w: 0.0,
    }
    found = [
        Fit(text, 1) for text, own in causes.items() if reproduces(lambda w, beta, own=own: (own(w), own(w) * beta))
    ]
    named = {
        "In evaluation beta is not applied.": lambda w, beta: (w[2], w[2]),
        "In evaluation the orientation error is missing.": lambda w, beta: (w[2], 0.0),
        "In evaluation beta is hard-coded. Use the argument beta.": lambda w, beta: (w[2], w[2] * 500.0),
    }
    found += [Fit(text, 1) for text, factor in named.items() if reproduces(factor)]
    return simplest(found)
