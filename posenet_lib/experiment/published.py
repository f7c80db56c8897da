"""Published results on King's College, and a reader's own beside them."""

from typing import NamedTuple

from posenet_lib.core.config import PredictConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import runs_dir
from posenet_lib.experiment.run import evaluate_once
from posenet_lib.models.checkpoint import BEST, load_checkpoint
from posenet_lib.models.checkpoint_file import OtherNetworksError
from posenet_lib.scenes.scene import load_scene

KINGS_COLLEGE = "KingsCollege"


class Published(NamedTuple):
    """One line of a table; medians over the 343 test photos."""

    method: str
    result: str  # position / rotation
    source: str


KINGS_COLLEGE_RESULTS = (
    Published("PoseNet", "1.92 m / 5.40 deg", "Kendall et al. 2015, rotation as corrected by its authors"),
    Published("PoseNet, 128 crops", "1.66 m / 4.86 deg", "the same; printed as 2.43 deg, half the angle"),
    Published("PoseNet, a widely used PyTorch port", "1.19 m / 4.51 deg", "its epoch was picked on the test photos"),
    Published("PoseLSTM", "0.99 m / 3.65 deg", "Walch et al. 2017; 0.90 m / 3.96 deg in the PyTorch port"),
    Published("students, 200 epochs, 4 to 5 hours", "14.45 m / 6.17 deg to 4.81 m / 5.22 deg", "course notebooks"),
    Published("the best student, 500 epochs, 11.5 hours", "2.91 m / 2.83 deg", "course notebook"),
)


def own_kings_college() -> Published:
    """The line for the reader's newest run on King's College; empty until there is one.

    The first time it evaluates the run (a minute or more), and writes the result into the run's folder.
    """
    runs = sorted(runs_dir().glob(f"*/{BEST}"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in runs:
        try:
            checkpoint = load_checkpoint(path)
            if checkpoint.scene_name != KINGS_COLLEGE:
                continue
            found = evaluate_once(PredictConfig(), load_scene(KINGS_COLLEGE), path.parent)
        except OtherNetworksError:  # of notebooks 10 and 11
            continue
        except WorkbookError as error:
            reason = str(error).splitlines()[0].replace("|", "\\|")  # a table's row is one line
            return Published("**you**", "", f"{path.parent.name} could not be evaluated: {reason}")
        config = checkpoint.config
        made = ", ".join([config.trunk, *([config.head] if config.head != "posenet" else [])])
        result = f"{found['median_position_m']:.2f} m / {found['median_rotation_deg']:.2f} deg"
        return Published(f"**you**, {made}", result, f"your run `{path.parent.name}`")
    return Published("**you**", "", "train on King's College (notebook 05), then run this cell again")


def kings_college_table() -> str:
    """All of it as a Markdown table, the reader's line last."""
    lines = ["| method | median position / rotation | source |", "|---|---|---|"]
    return "\n".join(lines + [f"| {' | '.join(row)} |" for row in (*KINGS_COLLEGE_RESULTS, own_kings_college())])
