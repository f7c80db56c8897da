"""Identical answers across sections and years: a table of pairs, and a page for each with both answers side by side.

Facts for the instructor, with no verdict: short answers are often alike. Answers that are the same as the reference
are marked, because many come to it by themselves.
"""

import csv
import html
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import write_text
from posenet_lib.grading.outside.hand_ins.plain_text import cell_text, plain
from posenet_lib.grading.outside.results import QuestionResult, StudentResult, load_result

MOST_PAGES = 300
_STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; margin: 1.5em; color: #1b1b1b }
.pair { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1em }
pre { background: #f5f5f5; padding: .8em; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 13px }
@media (max-width: 40em) { .pair { grid-template-columns: 1fr } }
"""


@dataclass(frozen=True)
class Handed:
    """One answer of one student, from this class or from earlier results."""

    student: str
    course: str  # "" for this class, else the name of the other results
    section: str
    question: QuestionResult

    @property
    def who(self) -> str:
        """'bob, section B, of results-2025'."""
        parts = [self.student, f"section {self.section}" if self.section else "", self.course and f"of {self.course}"]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Pair:
    """Two answers that are the same but for names, comments and formatting."""

    first: Handed
    second: Handed
    reference: bool  # the reference is the same too


def earlier_results(folder: Path) -> list[StudentResult]:
    """The results of another run: what was --out there, or its `results/`.

    Raises:
        WorkbookError: there are none.
    """
    inner = folder / "results" if (folder / "results").is_dir() else folder
    loaded = [load_result(inner, file.stem) for file in sorted(inner.glob("*.json"))]
    results = [result for result in loaded if result is not None]
    if not results:
        raise WorkbookError(f"--compare-with {folder}: no results there (give the --out folder of an earlier run)")
    return results


def similar_pairs(
    results: Sequence[StudentResult],
    earlier: Mapping[str, Sequence[StudentResult]],
    references: Mapping[str, str],
    section_of: Mapping[str, str],
) -> list[Pair]:
    """All pairs within the class, and between the class and earlier ones; a group of n in the class gives n - 1.

    Args:
        earlier: results by the name of their course.
        references: the references' fingerprints by grade_id.
        section_of: by student.
    """
    pairs = []
    here = _by_fingerprint(results, "", section_of)
    there = _merged([_by_fingerprint(old, course, {}) for course, old in earlier.items()])
    for (grade_id, mark), group in here.items():
        reference = references.get(grade_id) == mark
        pairs += [Pair(group[0], other, reference) for other in group[1:]]
        pairs += [Pair(mine, other, reference) for mine in group for other in there.get((grade_id, mark), [])]
    return sorted(pairs, key=lambda pair: (pair.reference, pair.first.question.number or math.inf))  # practice last


def _merged(tables: list[dict[tuple[str, str], list[Handed]]]) -> dict[tuple[str, str], list[Handed]]:
    merged: dict[tuple[str, str], list[Handed]] = {}
    for table in tables:
        for place, handed in table.items():
            merged.setdefault(place, []).extend(handed)
    return merged


def _by_fingerprint(
    results: Sequence[StudentResult], course: str, section_of: Mapping[str, str]
) -> dict[tuple[str, str], list[Handed]]:
    table: dict[tuple[str, str], list[Handed]] = {}
    for result in results:
        for question in result.questions:
            if question.fingerprint:
                one = Handed(result.student, course, section_of.get(result.student, ""), question)
                table.setdefault((question.grade_id, question.fingerprint), []).append(one)
    return table


def write_similar(out: Path, pairs: Sequence[Pair]) -> str:
    """`similar/pairs.csv` and a page for each pair; returns a line for the terminal."""
    folder = out / "similar"
    for old in folder.glob("*.html"):
        old.unlink()
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["question", "student", "section", "other student", "section", "of", "as the reference", "page"])
    for number, pair in enumerate(pairs, 1):
        page = f"{number:03d}.html" if number <= MOST_PAGES else ""
        if page:
            write_text(folder / page, pair_page(pair))
        cells = [pair.first.question.grade_id, pair.first.student, pair.first.section, pair.second.student]
        cells += [pair.second.section, pair.second.course or "this class", "yes" if pair.reference else "no", page]
        writer.writerow([cell_text(plain(cell)) for cell in cells])
    write_text(folder / "pairs.csv", table.getvalue())
    own = sum(not pair.reference for pair in pairs)
    return (
        f"Identical answers: {len(pairs)} pairs, {own} of them not the same as the reference ({folder / 'pairs.csv'})"
    )


def pair_page(pair: Pair) -> str:
    """Both answers side by side; everything of students is escaped."""
    same = "<p>The reference answer is the same, too.</p>" if pair.reference else ""
    title = f"{_text(pair.first.question.grade_id)}: {_text(pair.first.student)} and {_text(pair.second.student)}"
    sides = "".join(map(_side, (pair.first, pair.second)))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        f'content="width=device-width"><title>{title}</title><style>{_STYLE}</style></head><body>\n<h1>{title}</h1>\n'
        "<p>The same but for names, comments and formatting. A fact, no verdict: short answers are often alike.</p>"
        f'{same}<div class="pair">{sides}</div></body></html>\n'
    )


def _side(handed: Handed) -> str:
    code = f"<pre><code>{_text(handed.question.source or _NOT_KEPT)}</code></pre>"
    return f"<section><h2><bdi>{_text(handed.who)}</bdi></h2>{code}</section>"


_NOT_KEPT = "(That run did not keep the answers' text.)"


def _text(text: str) -> str:
    return html.escape(plain(text))
