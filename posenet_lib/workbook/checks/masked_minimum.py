"""Checks of `masked_minimum`: a handful of pixels, two or three sources, and numbers that one reads off."""

from collections.abc import Callable

import torch
from torch import Tensor

from posenet_lib.workbook.checks.head_loss_results import require_scalar
from posenet_lib.workbook.checks.running import SubCheck, Wrong

Answer = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]


def _call(answer: Answer, warped: Tensor, unwarped: Tensor, valid: Tensor) -> tuple[float, Tensor]:
    """The loss, and the pixels that count [B, H, W]."""
    with torch.enable_grad():
        got = answer(warped.clone(), unwarped.clone(), valid.clone())
    if got is None:
        raise Wrong("Your code returned None: did you forget `return`?")
    if not isinstance(got, tuple | list) or len(got) != 2:
        raise Wrong("Return two things: the loss, and the pixels that count.")
    loss, counts = got
    value = require_scalar(loss)
    shape = (len(warped), *warped.shape[2:])
    if not isinstance(counts, Tensor) or counts.shape != torch.Size(shape) or counts.dtype != torch.bool:
        what = f"{tuple(counts.shape)}, {counts.dtype}" if isinstance(counts, Tensor) else type(counts).__name__
        raise Wrong(f"The pixels that count are a bool tensor [B, H, W], here {shape}; yours is {what}.")
    return value, counts


def _row(*values: float) -> list:
    return list(values)


def _sources(*rows: list) -> Tensor:
    """One photo, one row of pixels, one list a source -> [1, S, 1, W]."""
    return torch.tensor(rows)[None, :, None, :]


_ALL = torch.ones(1, 2, 1, 4, dtype=torch.bool)
_FIRST, _SECOND = _row(0.1, 0.4, 0.3, 0.2), _row(0.3, 0.2, 0.1, 0.6)


def _shapes(answer: Answer) -> None:
    warped = torch.rand(2, 3, 4, 5)
    _call(answer, warped, warped + 0.1, torch.ones(2, 3, 4, 5, dtype=torch.bool))


def _minimum(answer: Answer) -> None:
    loss, counts = _call(
        answer, _sources(_FIRST, _SECOND), _sources(_row(0.9, 0.9, 0.9, 0.9), _row(0.9, 0.9, 0.9, 0.9)), _ALL
    )
    if not counts.all():
        raise Wrong("Every source is worse without being warped, and all are valid: every pixel counts here.")
    expected = (0.1 + 0.2 + 0.1 + 0.2) / 4
    causes = {
        (0.2 + 0.3 + 0.2 + 0.4) / 4: "You take the mean over the sources; for each pixel the smallest error counts.",
        (0.3 + 0.4 + 0.3 + 0.6) / 4: "You take the largest error of the sources; the smallest one counts.",
        0.1: "The minimum goes over the pixels too: take it over the sources (`dim=1`), then the mean over the pixels.",
        0.6: "You sum over the pixels; take their mean.",
        0.25: "You take the better source as a whole; the minimum is for each pixel.",
    }
    _compare(loss, expected, causes, "Errors 0.1 0.4 0.3 0.2 of one source, 0.3 0.2 0.1 0.6 of the other one.")


def _compare(loss: float, expected: float, causes: dict[float, str], detail: str) -> None:
    if abs(loss - expected) > 1e-5:
        cause = next((text for value, text in causes.items() if abs(loss - value) < 1e-5), None)
        raise Wrong(
            cause or "The loss is another one: work it out on paper.",
            f"{detail} Expected {expected:.4f}, got {loss:.4f}.",
        )


def _valid(answer: Answer) -> None:
    valid = torch.tensor([[[[False, True, True, True]], [[True, True, False, False]]]])
    high = _sources(_row(0.9, 0.9, 0.9, 0.9), _row(0.9, 0.9, 0.9, 0.9))
    loss, counts = _call(answer, _sources(_FIRST, _SECOND), high, valid)
    expected = (0.3 + 0.2 + 0.3 + 0.2) / 4
    causes = {
        0.15: "Errors of sources in which a pixel is not valid take part: leave them out before the minimum.",
        0.05: "Errors that are not valid became 0, and 0 is the smallest: make them infinite (`masked_fill`) instead.",
        0.2: "Only pixels that are valid in all sources count; one source is enough.",
    }
    _compare(loss, expected, causes, "Some pixels are outside of one source.")
    if not counts.all():
        raise Wrong("A pixel counts if it is valid in at least one source, not in all.")


def _nowhere(answer: Answer) -> None:
    valid = torch.tensor([[[[False, True, True, True]], [[False, True, True, True]]]])
    high = _sources(_row(0.9, 0.9, 0.9, 0.9), _row(0.9, 0.9, 0.9, 0.9))
    loss, counts = _call(answer, _sources(_FIRST, _SECOND), high, valid)
    if counts[0, 0, 0] or not counts[0, 0, 1:].all():
        raise Wrong("The first pixel is valid in no source: it cannot count. All others do.")
    causes = {
        (0.2 + 0.1 + 0.2)
        / 4: "Divide by the number of pixels that count, not by all: otherwise it pays to leave the photo."
    }
    _compare(loss, (0.2 + 0.1 + 0.2) / 3, causes, "The first of four pixels is outside of both sources.")


def _automask(answer: Answer) -> None:
    unwarped = _sources(_row(0.9, 0.9, 0.9, 0.2), _row(0.05, 0.9, 0.15, 0.9))  # pixel 0 fits better unwarped; 3 as well
    loss, counts = _call(answer, _sources(_FIRST, _SECOND), unwarped, _ALL)
    right = [False, True, True, False]
    if counts[0, 0].tolist() != right:
        got = counts[0, 0].tolist()
        cause = "Compare the smallest warped error with the smallest unwarped one of all sources."
        if got == [not one for one in right]:
            cause = "The mask is the wrong way round: a pixel counts where warping makes it fit better."
        elif all(got):
            cause = "The pixels that fit as they are are not masked: compare with `unwarped`."
        elif got == [False, True, True, True]:
            cause = "A pixel that fits exactly as well without being warped is masked too: `<`, not `<=`."
        raise Wrong(cause, f"Expected {right}, got {got}.")
    causes = {
        (0.1 + 0.2 + 0.1 + 0.2) / 4 / 2: "Divide by the number of pixels that count, not by all: a mask must not pay.",
        (0.05 + 0.2 + 0.1 + 0.2) / 4: "The unwarped errors enter the loss: they only say which pixels count.",
    }
    _compare(loss, (0.2 + 0.1) / 2, causes, "Two of four pixels count.")
    unwarped = _sources(_row(0.05, 0.9, 0.9, 0.9), _row(0.9, 0.9, 0.9, 0.9))
    loss, _ = _call(answer, _sources(_FIRST, _SECOND), unwarped, _ALL)
    causes = {
        0.15: "The mask is returned, but the loss is still the mean over all pixels.",
        (0.2 + 0.1 + 0.2) / 4: "Divide by the number of pixels that count, not by all: a mask must not pay.",
    }
    _compare(loss, (0.2 + 0.1 + 0.2) / 3, causes, "Three of four pixels count.")


def _none(answer: Answer) -> None:
    warped = _sources(_FIRST, _SECOND).requires_grad_()
    for unwarped, valid in ((torch.zeros(1, 2, 1, 4), _ALL), (torch.ones(1, 2, 1, 4), torch.zeros_like(_ALL))):
        with torch.enable_grad():
            loss, counts = answer(warped, unwarped, valid)
        if counts.any():
            raise Wrong("Here no pixel can count: either all fit as they are, or none is valid.")
        if not torch.isfinite(loss) or float(loss) != 0:
            raise Wrong("If no pixel counts, the loss is 0.", f"Yours is {float(loss)}: a mean over nothing is nan.")
        if loss.grad_fn is not None:
            warped.grad = None
            loss.backward()
            if warped.grad is not None and not torch.isfinite(warped.grad).all():
                raise Wrong("If no pixel counts, the gradient must be finite: one such batch would spoil the network.")


def _gradient(answer: Answer) -> None:
    warped = _sources(_FIRST, _SECOND).requires_grad_()
    high = _sources(_row(0.9, 0.9, 0.9, 0.2), _row(0.9, 0.9, 0.9, 0.9))
    with torch.enable_grad():
        loss, _ = answer(warped, high, _ALL)
        if loss.grad_fn is None:
            raise Wrong("The loss has no grad_fn. Stay in torch: no NumPy, `.detach()`, `.item()`.")
        loss.backward()
    expected = _sources(_row(1 / 3, 0.0, 0.0, 0.0), _row(0.0, 1 / 3, 1 / 3, 0.0))
    if (
        warped.grad is None
        or not torch.isfinite(warped.grad).all()
        or not torch.allclose(warped.grad, expected, atol=1e-4)
    ):
        got = "missing" if warped.grad is None else warped.grad[0, :, 0].tolist()
        raise Wrong(
            "Only the smallest error of each pixel that counts has a gradient, 1 / (their number).", f"Yours: {got}."
        )


SUB_CHECKS = (
    SubCheck("a loss and a mask", _shapes),
    SubCheck("minimum over sources", _minimum),
    SubCheck("only valid errors", _valid),
    SubCheck("valid in no source", _nowhere),
    SubCheck("auto-masking", _automask),
    SubCheck("no pixel counts", _none),
    SubCheck("gradient", _gradient),
)
