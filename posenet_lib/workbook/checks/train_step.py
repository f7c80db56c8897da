"""Checks of the practice `train_step`: the parameters after each step, and what the step leaves behind."""

import contextlib
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from posenet_lib.workbook.checks.running import SubCheck, Wrong
from posenet_lib.workbook.checks.small_training import SmallTraining, Step

CLIPPED, FREE = 0.3, 100.0  # lengths: one that every gradient here exceeds, one that none does
_GENERIC = "The parameters are not where this step should put them. Do the five steps have the docstring's order?"
# What each mistake does to the order of the step's parts; `small_step` takes such an order.
_EARLY = "`optimizer.step()` comes before `backward()`. First the gradient, then the step."
_LEFT = "`zero_grad` comes last, so what was left before the first step counts. Call it before `backward`."
_UNCLIPPED = "The gradients are not clipped when the step is taken. Clip after `backward`, before `optimizer.step()`."
MISTAKES = (
    ("`zero_grad` is missing: the gradients of all batches add up. Call it before `backward`.", "f b c s"),
    ("`zero_grad` comes after `backward`: it throws the new gradient away.", "f b z c s"),
    ("`zero_grad` comes after `backward`: it throws the new gradient away.", "f b c z s"),
    (_LEFT, "f b c s z"),
    (_EARLY, "f z s b c"),
    (_EARLY, "f s z b c"),
    (_EARLY, "f z s c b"),
    ("`optimizer.step()` is missing.", "f z b c"),
    ("`backward()` is missing.", "f z c s"),
    (_UNCLIPPED, "f z c b s"),
    (_UNCLIPPED, "f z b s c"),
    (_UNCLIPPED, "f z b s"),
    ("Each number of the gradient is cut off by itself. All together are scaled: `clip_grad_norm_`.", "f z b v s"),
    ("Each parameter's gradient is clipped by itself. All together are one vector.", "f z b e s"),
    ("The gradients are clipped to length 1, whatever `clip_norm` says.", "f z b 1 s"),
    ("Gradients that are shorter than `clip_norm` are made longer. They stay as they are.", "f z b n s"),
    ("The step is taken twice.", "f z b c s s"),
    ("The step goes uphill: the loss has the wrong sign.", "f z - c s"),
)


def small_step(order: str) -> Step:
    """A step whose parts come in this order: f forward and loss, z zero_grad, b backward, c clip, s step."""

    def step(model, loss_function, optimizer, images, target, clip_norm):
        parameters, loss = list(model.parameters()), None
        for part in order.split():
            if part == "f":
                loss = loss_function(model(images), target)
            elif part == "z":
                optimizer.zero_grad()
            elif part in ("b", "-"):
                (loss if part == "b" else -loss).backward()
            elif part in ("c", "1"):
                nn.utils.clip_grad_norm_(parameters, clip_norm if part == "c" else 1.0)
            elif part == "v":
                nn.utils.clip_grad_value_(parameters, clip_norm)
            elif part == "e":
                for one in parameters:
                    nn.utils.clip_grad_norm_([one], clip_norm)
            elif part == "n":
                length = torch.linalg.vector_norm(torch.cat([one.grad.flatten() for one in parameters]))
                for one in parameters:
                    one.grad *= clip_norm / length
            elif part == "s":
                optimizer.step()
        return loss.detach()

    return step


RIGHT = small_step("f z b c s")


def _run(answer: Step, clip_norm: float, *, leftover: bool = False, rate: float = 0.1) -> Iterator[Tensor]:
    """The state after each of four steps."""
    training = SmallTraining(rate=rate)
    if leftover:
        training.leave_gradients()
    for _ in range(4):
        training.step(answer, clip_norm)
        yield training.state()


_SETTINGS = (
    (FREE, False),
    (FREE, True),
    (CLIPPED, False),
)


def _trajectory(answer: Step) -> Tensor:
    return torch.cat([part for clip_norm, leftover in _SETTINGS for part in _run(answer, clip_norm, leftover=leftover)])


def _cause(answer: Step) -> str:
    """The known mistake that moves the parameters in the same way, if there is just one."""
    try:
        got = _trajectory(answer)
    except Exception:  # the checks' own calls show it
        return _GENERIC
    found = {text for text, order in MISTAKES if _same(got, _trajectory(small_step(order)))}
    return found.pop() if len(found) == 1 else _GENERIC


def _same(a: Tensor, b: Tensor) -> bool:
    return torch.allclose(a, b, rtol=1e-4, atol=1e-6, equal_nan=True)


def _expect(answer: Step, clip_norm: float, *, leftover: bool = False, steps: int = 4) -> None:
    both = zip(_run(answer, clip_norm, leftover=leftover), _run(RIGHT, clip_norm, leftover=leftover), strict=True)
    for number, (got, wanted) in enumerate(both, 1):
        off = (got - wanted)[:-3].abs().max()
        if number <= steps and not off <= 1e-5:
            detail = f"After step {number}, the parameters differ by up to {off:.2g}."
            raise Wrong(_cause(answer), detail)


def _one(answer: Step) -> None:
    _expect(answer, FREE, steps=1)


def _several(answer: Step) -> None:
    _expect(answer, FREE)


def _leftover(answer: Step) -> None:
    _expect(answer, FREE, leftover=True)


def _clip(answer: Step) -> None:
    _expect(answer, CLIPPED)


def _loss(answer: Step) -> None:
    for seed in range(3):
        got, wanted = SmallTraining(seed).step(answer, CLIPPED), float(SmallTraining(seed).step(RIGHT, CLIPPED))
        if got is None:
            raise Wrong("Your code returned None: did you forget `return`?")
        if not isinstance(got, Tensor | float) or (isinstance(got, Tensor) and got.dim()):
            raise Wrong("Return the loss: a tensor with one number, or a Python number.", f"Yours is {got!r:.60}.")
        if not abs(float(got) - wanted) <= 1e-4 * max(1.0, abs(wanted)):
            raise Wrong(
                "The loss that you return is not that of this batch before the step. Keep the first one; do not "
                "compute it anew.",
                f"Expected {wanted:.4f}, got {float(got):.4f}.",
            )


def _graph(answer: Step) -> None:
    training = SmallTraining()
    results = [training.step(answer, CLIPPED) for _ in range(3)]
    if any(isinstance(got, Tensor) and got.requires_grad for got in results):
        raise Wrong(
            "The loss that you return still holds its graph. Who collects the losses of an epoch then keeps all of its "
            "activations in memory. Return `loss.detach()`."
        )
    if training.kept_graphs():
        raise Wrong("Something keeps the network's output after the step, and with it the graph and its memory.")


def _calls(answer: Step) -> None:
    training = SmallTraining()
    training.step(answer, CLIPPED)
    if training.model.calls != 1:
        raise Wrong(
            f"The network is called {training.model.calls} times in one step. Call it once: each call costs time."
        )
    if training.model.modes != {True} or not training.model.training:
        raise Wrong("Your code changes the network's mode. It comes in training mode: no `eval()` here.")


def _explain(answer: Step, error: BaseException) -> str:
    """What `loss_function` is given, if not the output and the target."""
    training, calls = SmallTraining(), []
    images, target = training.batch()
    with contextlib.suppress(Exception), torch.enable_grad():
        answer(training.model, lambda *given: calls.append(given), training.optimizer, images, target, CLIPPED)
    order = "`loss_function` gets the output first, then the target."
    whole = "Give `loss_function` the whole output, not only the main head: it picks the heads itself."
    kinds = {tuple("target" if one is target else type(one).__name__ for one in given) for given in calls}
    texts = {
        ("target", "PoseNetOutput"): f"The arguments are exchanged: {order}",
        ("Pose", "target"): whole,
        ("target", "Pose"): f"The arguments are exchanged: {order} {whole}",
    }
    return texts.get(kinds.pop(), "") if len(kinds) == 1 else ""


_ARGUMENTS = "train_step(model, loss_function, optimizer, images, target, clip_norm) has to work."
_SUB_CHECKS = (
    SubCheck("the loss that is returned", _loss, call=_ARGUMENTS),
    SubCheck("the parameters after one step", _one),
    SubCheck("the parameters after several steps", _several),
    SubCheck("gradients from before do not count", _leftover),
    SubCheck("gradients that are too long are clipped", _clip),
    SubCheck("no graph is kept", _graph),
    SubCheck("one call of the network, in training mode", _calls),
)
SUB_CHECKS = tuple(sub_check._replace(explain=_explain) for sub_check in _SUB_CHECKS)
