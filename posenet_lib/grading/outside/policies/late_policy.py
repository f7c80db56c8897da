"""A course's policy for late hand-ins, a small TOML file: what it says, and what it means for one student.

deadline = "2026-10-14 23:59"
timezone = "Europe/Zurich"
grace_days = 3          # of each student, without penalty
penalty_percent = 10    # of the points earned, for each day begun after the grace days
most_days = 7           # a hand-in after that many days has 0 points; leave it out for no limit

[extensions]            # days, or a deadline of their own
ada = 2
"Lee, Ann" = "2026-10-20 12:00"

[grace_days_used]       # in earlier assignments
bob = 1
"""

import math
import tomllib
import zoneinfo
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.policies.gradescope_settings import GradescopeSettings, gradescope_settings

_KEYS = {
    "deadline", "timezone", "grace_days", "penalty_percent", "most_days", "extensions", "grace_days_used", "gradescope",
}  # fmt: skip
_DAY = timedelta(days=1)
_MOST_DAYS = 3650


@dataclass(frozen=True)
class Lateness:
    """What the policy means for one hand-in."""

    text: str  # for the student: when it came, and what follows from that
    short: str = ""  # for grades.csv: "" in time, else "2 d"
    grace_used: int = 0
    penalty_percent: float = 0.0  # of the points earned


@dataclass(frozen=True)
class LatePolicy:
    """See the module's example."""

    deadline: datetime | None = None
    grace_days: int = 0
    penalty_percent: float = 0.0
    most_days: int | None = None
    extensions: dict[str, int | datetime] = field(default_factory=dict)
    grace_days_used: dict[str, int] = field(default_factory=dict)
    gradescope: GradescopeSettings = field(default_factory=GradescopeSettings)

    def known_as(self, names: Iterable[str]) -> str:
        """Which of a student's names the policy uses; the first one if it uses none."""
        names = list(names)
        return next((name for name in names if name in self.extensions or name in self.grace_days_used), names[0])

    def deadline_of(self, student: str) -> datetime:
        """With the student's own extension."""
        own = self.extensions.get(student, 0)
        return own if isinstance(own, datetime) else self.deadline + own * _DAY

    def judge(self, student: str, handed_in: datetime | None, source: str) -> Lateness | None:
        """None without a deadline. `source` says where the time comes from."""
        if self.deadline is None:
            return None
        if handed_in is None:
            return Lateness("The time of your hand-in is not known, so nothing was deducted for it.", "time unknown")
        deadline = self.deadline_of(student)
        local = handed_in.astimezone(deadline.tzinfo)
        extended = " (with your extension)" if student in self.extensions else ""
        when = f"Handed in {_time(local)} ({source}). Your deadline{extended}: {_time(deadline)}."
        late = local - deadline
        if late <= timedelta(0):
            return Lateness(f"{when} In time.")
        days = math.ceil(late / _DAY)
        grace = min(days, max(0, self.grace_days - self.grace_days_used.get(student, 0)))
        counted = days - grace
        penalty = 100.0 if self._too_late(days) else min(100.0, self.penalty_percent * counted)
        text = f"{when} That is {_length(late)} late, {_days(days)} begun."
        if self.grace_days:
            text += f" {_days(grace, 'grace day')} used."
        if self._too_late(days):
            text += f" Later than {_days(self.most_days)}, so no points are left."
        elif penalty:
            text += f" {penalty:g} % of the points earned are deducted."
        else:
            text += " Nothing is deducted."
        return Lateness(text, f"{days} d", grace, penalty)

    def _too_late(self, days: int) -> bool:
        return self.most_days is not None and days > self.most_days


def read_policy(file: Path) -> LatePolicy:
    """Read and check a policy.

    Raises:
        WorkbookError: the file can't be read, or a value in it has no meaning; the message names it.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WorkbookError(f"{file}: cannot be read as a policy ({error})") from None
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise WorkbookError(f"{file}: unknown {', '.join(unknown)}; known are {', '.join(sorted(_KEYS))}")
    try:
        return _policy(data)
    except ValueError as error:
        raise WorkbookError(f"{file}: {error}") from None


def _policy(data: dict[str, Any]) -> LatePolicy:
    zone = _zone(data.get("timezone"))
    if "deadline" in data and zone is None:
        raise ValueError('a deadline needs a timezone, such as timezone = "Europe/Zurich"')
    return LatePolicy(
        _moment(data["deadline"], zone, "deadline") if "deadline" in data else None,
        _whole_days(data.get("grace_days", 0), "grace_days"),
        _percent(data.get("penalty_percent", 0)),
        _whole_days(data["most_days"], "most_days") if "most_days" in data else None,
        {
            student: _extension(value, zone, f"[extensions] {student}")
            for student, value in _table(data, "extensions").items()
        },
        {
            student: _whole_days(value, f"[grace_days_used] {student}")
            for student, value in _table(data, "grace_days_used").items()
        },
        gradescope_settings(data.get("gradescope", {})),
    )


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    table = data.get(name, {})
    if not isinstance(table, dict):
        raise ValueError(f"{name} is {table!r}; it must be a table: a line [{name}], below it lines such as ada = 2")
    return table


def _whole_days(value: object, what: str) -> int:
    if not _is_whole(value) or not 0 <= value <= _MOST_DAYS:
        raise ValueError(f"{what} is {value!r}; it must be a whole number of days, from 0 to {_MOST_DAYS}")
    return value


def _extension(value: object, zone: zoneinfo.ZoneInfo | None, what: str) -> int | datetime:
    """Days, or a deadline of the student's own."""
    if isinstance(value, str | date):
        return _moment(value, zone, what)
    if not _is_whole(value) or not 0 <= value <= _MOST_DAYS:
        raise ValueError(f'{what} is {value!r}; it must be whole days, from 0 to {_MOST_DAYS}, or "2026-10-14 23:59"')
    return value


def _percent(value: object) -> float:
    if not (_is_whole(value) or isinstance(value, float)) or not 0 <= value <= 100:
        raise ValueError(f"penalty_percent is {value!r}; it must be a number from 0 to 100")
    return value


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _zone(name: object) -> zoneinfo.ZoneInfo | None:
    if name is None:
        return None
    try:
        return zoneinfo.ZoneInfo(str(name))
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no such timezone: {name!r}; a valid one is Europe/Zurich or America/New_York") from None


def _moment(value: object, zone: zoneinfo.ZoneInfo | None, what: str) -> datetime:
    try:
        if not isinstance(value, str | date):  # the number 20261014 is a date for Python, and no text of a person's
            raise ValueError
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f'{what} is {value!r}; write it as "2026-10-14 23:59"') from None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def _time(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} {moment.tzname() or ''}".strip()


def _length(late: timedelta) -> str:
    hours, minutes = divmod(math.ceil(late / timedelta(minutes=1)), 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"


def _days(count: int | None, what: str = "day") -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
