"""Hints in steps. They say what to think about and which tool fits; none of them is the solution."""

from posenet_lib.core.errors import WorkbookError
from posenet_lib.workbook.checks import has_passed
from posenet_lib.workbook.egomotion_hints import EGOMOTION_HINTS
from posenet_lib.workbook.feedback import say
from posenet_lib.workbook.practice_hints import PRACTICE_HINTS
from posenet_lib.workbook.questions import question

_GRADED_HINTS: dict[str, tuple[str, ...]] = {
    "generate_mean_image": (
        "What is the mean of a pixel? Take the pixel at one place, row 10 and column 20, in all photos. Its red values "
        "have a mean, its green values have one, its blue values have one. The mean image holds these three numbers "
        "for every place, so it has the shape of one photo.",
        "The steps for one photo: bring it to the right size (`posenet_lib.photos.resize_smaller_side` does it), "
        "then turn it into an array of floats. Why floats? A uint8 holds 0..255 only: 200 + 100 gives 44 in uint8.",
        "There may be too many photos for the memory, and you can go through them only once. So do not collect them. "
        "Keep two things while you go: a sum and a count. What does the sum start with, when you don't know the shape "
        "before you have seen the first photo?",
        "At the end, make one array out of the sum and the count, and look at its `dtype`: `float32` is asked for. Do "
        "not divide by 255 and do not round: the values stay in 0..255.",
    ),
    "head_loss": (
        "The formula gives one number for each photo: a distance in metres, plus beta times a distance between two "
        "quaternions. Only after that, take the mean over the photos of the batch. On paper: what is the loss of a "
        "photo whose position is wrong by (3, 4, 0) m and whose quaternion is right?",
        "A distance is the length of a difference: the square root of the sum of squares. `torch.linalg.vector_norm` "
        "computes it. Look up its argument `dim`: without it, you get one length for the whole batch; with it, one for "
        "each row. Which axis of [B, 3] holds the components?",
        "The true quaternion has to have length 1 before you subtract it: divide each row by its own length. Rows and "
        "lengths have the shapes [B, 4] and [B]; which argument of the norm keeps the axis, so that you can divide? "
        "Leave the prediction as it is, and make a new tensor: `a /= b` would change the caller's batch.",
        "Print the shape after every step. You should see [B] for the position errors, [B] for the orientation errors, "
        "and [] for the result. If `backward()` fails, some step left torch: look for `.item()`, `.detach()`, `numpy`.",
    ),
    "PoseLoss": (
        "A head's loss is what `head_loss` computes. This class only remembers beta and the weights, calls `head_loss` "
        "for each head, and adds the results up. Which values does `__init__` have to keep in `self`?",
        "The order of `head_weights` is (aux1, aux2, main), but the order of `PoseNetOutput` is (main, aux1, aux2). "
        "Use the names, `output.main` and so on, not the positions. A weight multiplies all of its head's loss, so you "
        "do not need to touch beta.",
        "In evaluation the network computes the main head alone, and `output.aux1` and `output.aux2` are None. Which "
        "line of your `forward` fails then? Start with the main head, and add another head only if it is there.",
    ),
}
HINTS = _GRADED_HINTS | PRACTICE_HINTS | EGOMOTION_HINTS

_next_step: dict[str, int] = {}  # of this kernel: which hint comes next


def hint(name: object, step: int | None = None) -> None:
    """Show the next hint for a TODO, or a given one (1 is the first); none any more once its check has passed.

    Args:
        name: the TODO's name, `"head_loss"`; the function or class itself will do.

    Raises:
        WorkbookError: there is no such TODO, or no such step.
    """
    name = question(name if isinstance(name, str) else getattr(name, "__name__", repr(name))).grade_id
    hints = HINTS[name]
    if step is None and has_passed(name):
        say(f"check({name}) has passed: there is nothing left to hint at.")
        return
    if step is None:
        step = _next_step.get(name, 1)
        _next_step[name] = min(step + 1, len(hints))
    elif step not in range(1, len(hints) + 1):
        raise WorkbookError(f"{name} has hints 1 to {len(hints)}; there is no hint {step!r}.")
    more = "Run this cell again for the next one." if step < len(hints) else "This is the last one."
    say(f"Hint {step} of {len(hints)} for {name}: {hints[step - 1]} ({more})")
