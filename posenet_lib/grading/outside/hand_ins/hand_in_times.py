"""When each student handed in: Gradescope's metadata, where it is, else the times of the files."""

import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.hand_ins.submissions import Submission

_EXPORT = "submission_metadata.yml"  # of Gradescope's "Export Submissions"
_MOST_FILES = 3000


@dataclass
class HandInTimes:
    """`by_student` and `of_all` come from Gradescope; `of_all` is a container's, which grades one student.

    In a container the submission is called `student`; `names` says who that is.
    """

    by_student: dict[str, datetime] = field(default_factory=dict)
    of_all: datetime | None = None
    names: tuple[str, ...] = ()

    def of(self, submission: Submission) -> tuple[datetime | None, str]:
        """The time, and where it comes from."""
        known = self.by_student.get(submission.student) or self.of_all
        if known:
            return known, "Gradescope's record"
        return _newest_file(submission), "the newest file's time"


def hand_in_times(folder: Path, metadata: Path | None) -> HandInTimes:
    """Look for Gradescope's records.

    Args:
        folder: the submissions; an export's `submission_metadata.yml` in it is read.
        metadata: a container's `submission_metadata.json`, or an export's .yml elsewhere.

    Raises:
        WorkbookError: `metadata` can't be read.
    """
    if metadata is not None and metadata.suffix == ".json":
        return _of_container(metadata)
    export = metadata or folder / _EXPORT
    if metadata is None and not export.is_file():
        return HandInTimes()
    try:
        return HandInTimes(_export_times(export.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{export}: cannot be read ({error})") from None


def _of_container(file: Path) -> HandInTimes:
    try:
        data: Any = json.loads(file.read_text(encoding="utf-8"))
        users = [user for user in data.get("users", []) if isinstance(user, dict)]
        names = tuple(str(user[key]) for user in users for key in ("email", "name", "sid", "id") if user.get(key))
        return HandInTimes(of_all=_aware(str(data["created_at"])), names=names)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WorkbookError(f"{file}: no time of the submission in it ({type(error).__name__}: {error})") from None


def _export_times(text: str) -> dict[str, datetime]:
    """`submission_123:` begins a block; its indented `:created_at:` is the time. No other part of YAML is needed."""
    times, current = {}, ""
    for line in text.splitlines():
        if found := re.match(r"(\S[^:]*):\s*$", line):
            current = found[1].strip("\"'")
        elif current and (found := re.match(r"\s+:?created_at:\s*['\"]?(.+?)['\"]?\s*$", line)):
            try:
                times[current] = _aware(found[1])
            except ValueError:
                continue
    return times


def _aware(text: str) -> datetime:
    """Gradescope writes `2026-10-14 22:00:05.123456789 Z` and `2026-10-14T15:00:05.123-07:00`."""
    text = re.sub(r"(\.\d{6})\d+", r"\1", text.strip()).replace(" Z", "+00:00").replace(" UTC", "+00:00")
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _newest_file(submission: Submission) -> datetime | None:
    """The newest time of what was handed in; links are not followed."""
    newest, waiting, seen = None, list(submission.paths), 0
    while waiting and seen < _MOST_FILES:
        path, seen = waiting.pop(), seen + 1
        try:
            if path.is_symlink():
                continue
            if path.is_dir():
                waiting += path.iterdir()
            else:
                newest = max(newest or 0, path.stat().st_mtime)
        except OSError:
            continue
    return None if newest is None else datetime.fromtimestamp(newest, UTC)
