"""Points and comments that an instructor writes into grades.csv, kept when the file is written again.

For each question there are two columns, `manual head_loss` (points that count in place of the hidden tests') and
`why head_loss` (the reason, shown to the student), and one `comment` for the whole hand-in.
"""

import csv
import io
from dataclasses import dataclass, field
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hand_ins.plain_text import cell_text, without_quote


@dataclass
class ManualPoints:
    """Of one question."""

    points: float
    why: str = ""


@dataclass
class ManualEntry:
    """Of one student."""

    questions: dict[str, ManualPoints] = field(default_factory=dict)
    comment: str = ""

    def __bool__(self) -> bool:
        return bool(self.questions or self.comment)


def manual_columns(grade_ids: list[str]) -> list[str]:
    """Headings, in their order."""
    return [heading for name in grade_ids for heading in (f"manual {name}", f"why {name}")] + ["comment"]


def manual_cells(entry: ManualEntry, grade_ids: list[str]) -> list[str]:
    """The cells below `manual_columns`."""
    cells = []
    for name in grade_ids:
        given = entry.questions.get(name)
        cells += [f"{given.points:g}", cell_text(given.why)] if given else ["", ""]
    return [*cells, cell_text(entry.comment)]


def read_manual(file: Path) -> dict[str, ManualEntry]:
    """What grades.csv holds of it, by student; nothing if there is no file yet.

    Raises:
        WorkbookError: a manual number is none; the message names the student and the column. Nothing is lost then.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{file}: cannot be read ({error}); save it as UTF-8 (CSV UTF-8 in Excel)") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # spreadsheets write what the country's settings say
    entries = {}
    for row in csv.DictReader(io.StringIO(text), delimiter=delimiter):
        student = without_quote((row.get("student") or "").strip())
        entry = ManualEntry(comment=without_quote((row.get("comment") or "").strip()))
        for heading, value in row.items():
            if heading and heading.startswith("manual ") and isinstance(value, str) and value.strip():
                name = heading.removeprefix("manual ")
                why = without_quote((row.get(f"why {name}") or "").strip())
                entry.questions[name] = ManualPoints(_number(value.strip(), file, student, heading), why)
        if student and entry:
            entries[student] = entry
    return entries


def _number(text: str, file: Path, student: str, heading: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 <= value < 1e6:
        raise WorkbookError(f"{file}: {student}, column '{heading}': {text!r} is no number of points (0 or more)")
    return value
