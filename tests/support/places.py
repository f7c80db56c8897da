"""Where things are: the repository, the shipped scene, and the questions with all their answers."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COURT = ROOT / "data" / "PracticeCourt"
NOTEBOOKS = ROOT / "notebooks"

# One folder a question, named by its grade_id. As `--answers` this folder gives the reference answers.
ANSWERS = ROOT / "tests" / "questions"
SOLUTIONS = {path.parent.name: path.read_text(encoding="utf-8") for path in sorted(ANSWERS.glob("*/solution.py"))}
WRONG_ANSWERS = {name: sorted((ANSWERS / name / "wrong").glob("*.py")) for name in SOLUTIONS}
RIGHT_ANSWERS = {name: sorted((ANSWERS / name / "right").glob("*.py")) for name in SOLUTIONS}


def question_of(file: Path) -> str:
    """The grade_id of a right or wrong answer's file."""
    return file.parent.parent.name
