"""What a run is worth: a small TOML file.

points = 5           # of a run that knows its court
full_at = 0.35       # all points up to this share of the errors of 'always the mean pose' ...
nothing_at = 0.8     # ... and none from here on; in between, a straight line

A run's share is the larger one of two: median position error by that of the mean pose, and the same for the rotation.
"""

import math
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

from posenet_lib.core.errors import WorkbookError


@dataclass(frozen=True)
class RunPolicy:
    """See the module's example."""

    points: float = 5.0
    full_at: float = 0.35
    nothing_at: float = 0.8

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < math.inf:
                raise ValueError(f"{field.name} is {value!r}; it must be a number above 0")
        if not self.full_at < self.nothing_at <= 1:
            raise ValueError(
                f"full_at is {self.full_at:g} and nothing_at {self.nothing_at:g}; they must be shares, full_at below "
                "nothing_at, and nothing_at at most 1, which is as good as no network"
            )

    def earned(self, share: float) -> float:
        """Points for a share of the mean pose's errors, to the tenth."""
        part = (self.nothing_at - share) / (self.nothing_at - self.full_at)
        return round(self.points * min(1.0, max(0.0, part)), 1)


def read_run_policy(file: Path) -> RunPolicy:
    """Read and check a policy.

    Raises:
        WorkbookError: the file can't be read, or a value in it has no meaning; the message names it.
    """
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WorkbookError(f"{file}: cannot be read as a policy ({error})") from None
    known = [field.name for field in fields(RunPolicy)]
    if unknown := sorted(set(data) - set(known)):
        raise WorkbookError(f"{file}: unknown {', '.join(unknown)}; known are {', '.join(known)}")
    try:
        return RunPolicy(**data)
    except ValueError as error:
        raise WorkbookError(f"{file}: {error}") from None
