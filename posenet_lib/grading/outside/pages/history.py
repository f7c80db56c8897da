"""What has changed since the last run: who has handed in anew, which points are others, and why."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from posenet_lib.core.files import write_text
from posenet_lib.grading.outside.hand_ins.plain_text import cell_text
from posenet_lib.grading.outside.policies.final_grade import FinalGrade

_LAST, _LOG = "last_run.json", "history.csv"


def _facts(grade: FinalGrade) -> dict:
    result = grade.result
    return {
        "key": result.key,
        "questions": {question.grade_id: question.points for question in result.questions},
        "manual": {name: [given.points, given.why] for name, given in grade.manual.questions.items()},
        "comment": grade.manual.comment,
        "penalty": grade.penalty,
        "final": grade.final,
    }


def note_changes(out: Path, grades: Sequence[FinalGrade]) -> None:
    """Fill in each grade's `changes` by comparing with the run before; nothing is written yet."""
    before = _last_run(out)
    for grade in grades:
        old, new = before.get(grade.result.student), _facts(grade)
        grade.changes = [] if not isinstance(old, dict) else _differences(old, new)


def _differences(old: dict, new: dict) -> list[str]:
    changes = []
    handed_in_again = old.get("key") != new["key"]
    for name, points in new["questions"].items():
        earlier = (old.get("questions") or {}).get(name)
        if isinstance(earlier, int | float) and earlier != points:
            changes.append(f"{name}: {earlier:g} -> {points:g} points in the hidden tests")
    old_manual = old.get("manual") or {}
    for name in sorted({*old_manual, *new["manual"]}):
        if old_manual.get(name) != new["manual"].get(name):
            changes.append(
                f"{name}: points by hand {_shown(old_manual.get(name))} -> {_shown(new['manual'].get(name))}"
            )
    if handed_in_again and new["manual"]:
        changes.append("graded anew, and the points given by hand were kept: do they still fit?")
    elif handed_in_again:
        changes.append("graded anew: other files, tests or limits")
    if old.get("comment", "") != new["comment"]:
        changes.append("another comment")
    if old.get("penalty", 0) != new["penalty"]:
        changes.append(f"deducted for late days: {old.get('penalty', 0)} -> {new['penalty']:g}")
    if old.get("final") != new["final"] and isinstance(old.get("final"), int | float):
        changes.append(f"final: {old['final']:g} -> {new['final']:g}")
    return changes


def _shown(given: list | None) -> str:
    return f"{given[0]:g}" if given else "none"


def keep_history(out: Path, grades: Sequence[FinalGrade], now: datetime) -> None:
    """Append this run's changes to history.csv, and remember the run for the next comparison."""
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    for grade in grades:
        for change in grade.changes:
            writer.writerow([f"{now:%Y-%m-%d %H:%M}", cell_text(grade.result.student), cell_text(change)])
    log = out / _LOG
    known = log.read_text(encoding="utf-8") if log.is_file() else "time,student,change\n"
    write_text(log, known + lines.getvalue())
    facts = {grade.result.student: _facts(grade) for grade in grades}
    write_text(out / _LAST, json.dumps(_last_run(out) | facts, indent=1) + "\n")


def _last_run(out: Path) -> dict:
    try:
        data = json.loads((out / _LAST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return data if isinstance(data, dict) else {}
