"""The TODOs of the workbook and its practice, as data. A new one is one more line here, its checks, and its hints.

Training and everything after it need the TODOs' answers. Practice can be left out: the library's own parts stand in.
It has no points, until an instructor gives it some (`tests/questions/<grade_id>/probes.py`, the line `# points:`).

`grade_id` is at once the name of the function or class, of its recorded file (`answers/<grade_id>.py`), of the folder
of its reference and hidden cells (`tests/questions/<grade_id>/`), and nbgrader's `grade_id` in the notebook.
"""

from dataclasses import dataclass

from posenet_lib.core.errors import WorkbookError


@dataclass(frozen=True)
class Question:
    """One exercise: where it is, what it is worth, and which module of `posenet_lib.workbook.checks` judges it."""

    grade_id: str
    number: int | None  # of a TODO; None is practice
    notebook: str
    title: str
    points: int
    checks: str

    @property
    def is_practice(self) -> bool:
        """Whether nothing that comes later needs it."""
        return self.number is None

    @property
    def label(self) -> str:
        """'TODO 3' or 'Practice'."""
        return "Practice" if self.is_practice else f"TODO {self.number}"

    @property
    def place(self) -> str:
        """Where the student finds it: 'TODO 3 in notebooks/04_loss.ipynb'."""
        what = f"the practice {self.grade_id}" if self.is_practice else self.label
        return f"{what} in notebooks/{self.notebook}"


QUESTIONS: tuple[Question, ...] = (
    Question(
        "generate_mean_image",
        1,
        "01_mean_image.ipynb",
        "The mean image of the training photos",
        3,
        "generate_mean_image",
    ),
    Question("head_loss", 2, "04_loss.ipynb", "The loss of one pose head", 4, "head_loss"),
    Question("PoseLoss", 3, "04_loss.ipynb", "The weighted loss of the three heads", 3, "pose_loss"),
)
PRACTICE: tuple[Question, ...] = (
    Question("turn_label", None, "02_transforms.ipynb", "The label of a crop", 0, "turn_label"),
    Question("to_network_input", None, "02_transforms.ipynb", "From a photo to the input", 0, "to_network_input"),
    Question("InceptionBlock", None, "03_googlenet.ipynb", "An inception block", 0, "inception_block"),
    Question("PoseHead", None, "03_googlenet.ipynb", "A pose head", 0, "pose_head"),
    Question("replace_classifiers", None, "03_googlenet.ipynb", "A PoseNet of a classifier", 0, "replace_classifiers"),
    Question("train_step", None, "05_training.ipynb", "One step of training", 0, "train_step"),
    Question("rotation_error_deg", None, "06_visualization.ipynb", "The rotation error", 0, "rotation_error_deg"),
    Question("align_similarity", None, "08_your_own_scene.ipynb", "Two scenes in one frame", 0, "align_similarity"),
    Question("inverse_warp", None, "09_view_synthesis.ipynb", "One photo made of another", 0, "inverse_warp"),
    Question(
        "photometric_error", None, "10_depth_from_stereo.ipynb", "How different two photos are", 0, "photometric_error"
    ),
    Question(
        "left_right_consistency",
        None,
        "10_depth_from_stereo.ipynb",
        "Two cameras that agree",
        0,
        "left_right_consistency",
    ),
    Question(
        "masked_minimum",
        None,
        "11_depth_and_motion_from_video.ipynb",
        "The best of several sources",
        0,
        "masked_minimum",
    ),
)
BY_ID: dict[str, Question] = {question.grade_id: question for question in (*QUESTIONS, *PRACTICE)}


def usable_in(asked: Question) -> set[str]:
    """Names of the other answers that an answer may use: practice may use all, a TODO only TODOs."""
    return {other.grade_id for other in BY_ID.values() if asked.is_practice or not other.is_practice}


def valid_names() -> str:
    """'generate_mean_image, head_loss or PoseLoss', for messages."""
    *first, last = BY_ID
    return f"{', '.join(first)} or {last}"


def question(name: str) -> Question:
    """Look up a question by its name.

    Raises:
        WorkbookError: no TODO has that name; the message lists those that do.
    """
    if name not in BY_ID:
        raise WorkbookError(f"`{name}` is not the name of a TODO. Valid names: {valid_names()}.")
    return BY_ID[name]
