"""What a trained network answers for the practice court's test photos, recorded: the beginning of notebook 00."""

import re
import textwrap
from dataclasses import dataclass

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import first_look_dir
from posenet_lib.evaluation.errors import PoseErrors
from posenet_lib.evaluation.outside_predictions import ScoredPredictions, score_predictions
from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.scene import PRACTICE_COURT, Scene, load_scene


@dataclass(frozen=True)
class FirstLook:
    """Recorded predictions, measured here and now."""

    scene: Scene
    scored: ScoredPredictions
    commands: tuple[str, ...]
    date: str
    machine: str

    @property
    def predicted(self) -> PoseArray:
        """One pose for each test photo."""
        return self.scored.predicted

    @property
    def errors(self) -> PoseErrors:
        """Of these predictions."""
        return self.scored.errors["predictions"]

    @property
    def typical(self) -> int:
        """The photo whose position error is in the middle."""
        return int(self.errors.position_m.argsort()[len(self.errors.position_m) // 2])

    def __str__(self) -> str:
        network, guess = (self.scored.summaries[name] for name in ("predictions", "mean_pose"))
        lines = [
            f"a trained network:    {network}",
            f"always the mean pose: {guess}",
            *_folded(f"recorded on {self.date}: {self.machine}", indent="", end=""),
            *(line for command in self.commands for line in _folded(command, indent="  ", end=" \\")),
        ]
        return "\n".join(lines)


def _folded(text: str, indent: str, end: str) -> list[str]:
    """Lines that fit into a notebook's cell; `end` tells a shell that a command goes on."""
    together = re.sub(r"(--[\w-]+) (?!-)", "\\1\N{NO-BREAK SPACE}", text)  # an option and its value
    lines = textwrap.wrap(
        together,
        width=96,
        initial_indent=indent,
        subsequent_indent=indent + "    ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    lines = [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
    return [line + end for line in lines[:-1]] + lines[-1:]


def first_look() -> FirstLook:
    """Read `data/first_look/`.

    Raises:
        WorkbookError: a file is missing, or does not fit the scene; it names the file and what would be right.
    """
    folder = first_look_dir()
    notes = folder / "made_by.txt"
    try:
        lines = notes.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise WorkbookError(f"{notes}: cannot be read ({error.strerror}); see {folder / 'README.md'}") from error
    if len(lines) < 3:
        raise WorkbookError(
            f"{notes} has {len(lines)} lines; it takes the commands, the day and the machine, a line each"
        )
    scene = load_scene(PRACTICE_COURT)
    scored = score_predictions(scene, folder / "predictions.csv")
    return FirstLook(scene, scored, tuple(lines[:-2]), lines[-2], lines[-1])
