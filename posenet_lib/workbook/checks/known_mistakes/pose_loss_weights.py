"""What the losses of three heads are multiplied by in `PoseLoss`. Order here: aux1, aux2, main.

loss = sum over the heads of (a x position error + c x orientation error) + d. Right: a = w, c = w beta, d = 0.
"""

import itertools
import math
from collections.abc import Callable, Iterator

import numpy as np

Weights = np.ndarray  # [3]
Factors = tuple[Weights, Weights]  # a [3], c [3]
WRONG_HEADS = "The weights go to the wrong heads. Their order is (aux1, aux2, main)."
DIVIDED = (
    "The sum is divided by the sum of the weights, or by 3, or the heads' predictions were averaged. The formula adds "
    "the three losses."
)
MAIN_WEIGHT = "The main head's weight is not applied."
_HARD_CODED = "The head weights are hard-coded. Use the argument head_weights."
_WHOLE = "The head weights are cut off or rounded to whole numbers. They may be any floats."
_SQUARED = "The head weights are squared. Is each loss multiplied by its weight twice?"
_DEFAULTS = np.array([0.3, 0.3, 1.0])


def _softmax(w: Weights) -> Weights:
    return np.exp(w) / np.exp(w).sum()


WEIGHTS: tuple[tuple[str, Callable[[Weights], Weights]], ...] = (
    ("", lambda w: w),
    ("The head weights are not applied.", lambda w: np.ones(3)),
    ("The head weights are not applied.", lambda w: np.ones(3) / 3),
    (MAIN_WEIGHT, lambda w: np.array([w[0], w[1], 1])),
    ("The weights of the auxiliary heads are not applied.", lambda w: np.array([1, 1, w[2]])),
    ("Both auxiliary heads have the same weight. Each has its own.", lambda w: np.array([w[0], w[0], w[2]])),
    ("Both auxiliary heads have the same weight. Each has its own.", lambda w: np.array([w[1], w[1], w[2]])),
    (_HARD_CODED, lambda w: _DEFAULTS),
    (DIVIDED, lambda w: w / w.sum()),
    (DIVIDED, lambda w: w / 3),
    (DIVIDED, lambda w: w / 2),
    (_SQUARED, lambda w: w**2),
    ("The head weights' square roots are used. A weight is a factor as it is.", np.sqrt),
    ("The losses are divided by their weights. A weight is a factor.", lambda w: 1 / w),
    ("The weights are taken as 1 - w. A weight is a factor as it is.", lambda w: 1 - w),
    ("The weights are taken as 1 + w. A weight is a factor as it is.", lambda w: 1 + w),
    ("The weights go through a softmax. A weight is a factor as it is.", _softmax),
    ("The weights are exponents of e. A weight is a factor as it is.", np.exp),
    ("The weights are exponents of e. A weight is a factor as it is.", lambda w: np.exp(-w)),
    ("All heads have the same weight, the mean of the three. Each has its own.", lambda w: np.full(3, w.mean())),
    ("All heads have the same weight, the sum of the three. Each has its own.", lambda w: np.full(3, w.sum())),
    ("All heads have the main head's weight. Each has its own.", lambda w: np.full(3, w[2])),
    ("All heads have the weight of the first auxiliary head. Each has its own.", lambda w: np.full(3, w[0])),
    ("The weights are added up from head to head. Each head has its own weight.", np.cumsum),
    ("The weights are divided by the largest one.", lambda w: w / w.max()),
    ("The weights are multiplied with each other.", lambda w: np.full(3, w.prod())),
    (_WHOLE, np.trunc),
    (_WHOLE, np.round),
)

# How often each head's loss, multiplied by its own weight, is counted.
COUNTS: dict[tuple[float, float, float], str] = {
    (1, 1, 1): "",
    (0, 0, 1): "The auxiliary heads are ignored. In training, all three heads count.",
    (0, 1, 1): "The first auxiliary head is ignored.",
    (1, 0, 1): "The second auxiliary head is ignored.",
    (1, 1, 0): "The main head is ignored.",
    (1, 0, 0): "The first auxiliary head alone counts. Does `return` stand inside the loop?",
    (0, 1, 0): "The second auxiliary head alone counts. Does each head's loss replace the one before it?",
    (1, 1, 2): "The main head counts twice.",
    (2, 1, 1): "The first auxiliary head counts twice.",
    (1, 2, 1): "The second auxiliary head counts twice.",
    (2, 2, 1): "The auxiliary heads count twice.",
    (0.5, 0.5, 1): "The auxiliary heads' losses are averaged. The formula adds all three.",
}

BETAS: tuple[tuple[str, Callable[[float, Weights], float | Weights]], ...] = (
    ("", lambda beta, w: beta),
    ("beta is not applied.", lambda beta, w: 1.0),
    ("beta is squared.", lambda beta, w: beta**2),
    ("You took the square root of beta.", lambda beta, w: math.sqrt(beta)),
    ("You divide by beta. It multiplies the orientation error.", lambda beta, w: 1 / beta),
    ("beta is cut off to a whole number. It may be any float.", lambda beta, w: math.trunc(beta)),
    ("beta is rounded to a whole number. It may be any float.", lambda beta, w: round(beta)),
    ("beta is multiplied by the head's weight twice. `head_loss` already holds beta.", lambda beta, w: beta * w),
    ("beta is divided by 3. Every head uses the same beta.", lambda beta, w: beta / 3),
    ("beta is multiplied by the sum of the weights.", lambda beta, w: beta * w.sum()),
    ("beta is hard-coded. Use the argument beta.", lambda beta, w: 500.0),
    ("The orientation errors are missing: is beta 0 in your code?", lambda beta, w: 0.0),
    (
        "beta counts for the main head only. Every head uses the same beta.",
        lambda beta, w: np.array([0.0, 0.0, beta]),
    ),
    (
        "beta counts for the main head only. Every head uses the same beta.",
        lambda beta, w: np.array([1.0, 1.0, beta]),
    ),
    (
        "beta counts for the auxiliary heads only. Every head uses the same beta.",
        lambda beta, w: np.array([beta, beta, 1.0]),
    ),
)

SPECIAL: tuple[tuple[str, Callable[[Weights, float], Factors]], ...] = (
    (
        "A head's weight multiplies only its position error. It belongs to the whole loss of that head.",
        lambda w, beta: (w, np.full(3, beta)),
    ),
    (
        "A head's weight multiplies only its orientation error. It belongs to the whole loss of that head.",
        lambda w, beta: (np.ones(3), w * beta),
    ),
    (
        "The weights are used in place of beta: each multiplies the orientation error alone.",
        lambda w, beta: (np.ones(3), w),
    ),
    (
        "beta multiplies the position error. It belongs to the orientation error; `head_loss` does that.",
        lambda w, beta: (w * beta, w),
    ),
    (
        "beta multiplies the whole sum. `head_loss` already holds it.",
        lambda w, beta: (w * beta, w * beta**2),
    ),
    (
        "beta multiplies both errors. It belongs to the orientation error alone.",
        lambda w, beta: (w * beta, w * beta),
    ),
    (
        "The position errors are missing.",
        lambda w, beta: (np.zeros(3), w * beta),
    ),
    (
        "The main head's prediction is used for all three heads.",
        lambda w, beta: (np.array([0, 0, w.sum()]), np.array([0, 0, w.sum() * beta])),
    ),
    *(
        (
            f"The {name} auxiliary head's prediction is used for all three heads.",
            lambda w, beta, place=place: (w.sum() * place, w.sum() * beta * place),
        )
        for name, place in (("first", np.array([1, 0, 0])), ("second", np.array([0, 1, 0])))
    ),
    *(
        (
            "One auxiliary head is used twice, the other not at all.",
            lambda w, beta, share=share: (share(w), share(w) * beta),
        )
        for share in (
            lambda w: np.array([w[0] + w[1], 0, w[2]]),
            lambda w: np.array([0, w[0] + w[1], w[2]]),
        )
    ),
    *(
        (
            "The main head's prediction is used for an auxiliary head too.",
            lambda w, beta, share=share: (share(w), share(w) * beta),
        )
        for share in (
            lambda w: np.array([0, w[1], w[2] + w[0]]),
            lambda w: np.array([w[0], 0, w[2] + w[1]]),
        )
    ),
)


def weight_rules() -> Iterator[tuple[str, int, Callable[[Weights, float], Factors]]]:
    """Text, number of parts, and the factors that this mistake gives for weights and beta; two parts at most."""
    orders = list(itertools.permutations(range(3)))
    for (w_text, change), order, (counts, c_text), (b_text, other_beta) in itertools.product(
        WEIGHTS, orders, COUNTS.items(), BETAS
    ):
        texts = [text for text in (w_text, WRONG_HEADS if order != (0, 1, 2) else "", c_text, b_text) if text]
        if len(texts) <= 2:

            def factors(w, beta, change=change, order=order, counts=counts, other_beta=other_beta):
                used = change(w)[list(order)] * counts
                return used, used * other_beta(beta, w)

            yield " ".join(texts), len(texts), factors
    for text, special in SPECIAL:
        yield text, 1, special
