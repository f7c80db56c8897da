"""Where things are: the repository, the shipped scene, and the questions with all their answers."""

from pathlib import Path

from posenet_lib.workbook.questions import PRACTICE, QUESTIONS

ROOT = Path(__file__).resolve().parents[2]
COURT = ROOT / "data" / "PracticeCourt"
NOTEBOOKS = ROOT / "notebooks"

# One folder a question, named by its grade_id. As `--answers` this folder gives the reference answers.
ANSWERS = ROOT / "tests" / "questions"
SOLUTIONS = {path.parent.name: path.read_text(encoding="utf-8") for path in sorted(ANSWERS.glob("*/solution.py"))}
GRADED, PRACTICE_NAMES = ([question.grade_id for question in some] for some in (QUESTIONS, PRACTICE))
WRONG_ANSWERS = {name: sorted((ANSWERS / name / "wrong").glob("*.py")) for name in GRADED}
RIGHT_ANSWERS = {name: sorted((ANSWERS / name / "right").glob("*.py")) for name in GRADED}
PRACTICE_WRONG = [file for name in PRACTICE_NAMES for file in sorted((ANSWERS / name / "wrong").glob("*.py"))]
PRACTICE_RIGHT = [file for name in PRACTICE_NAMES for file in sorted((ANSWERS / name / "right").glob("*.py"))]


def question_of(file: Path) -> str:
    """The grade_id of a right or wrong answer's file."""
    return file.parent.parent.name
