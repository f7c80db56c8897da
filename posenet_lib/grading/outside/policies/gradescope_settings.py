"""What students see on Gradescope, and when: the table [gradescope] of a policy.

[gradescope]
hidden_tests = "after_published"     # the tests with points
notebook_checks = "visible"          # what the notebook's own checks say
output = "visible"                   # the lines above the tests: late days, receipt, remarks
"""

from dataclasses import dataclass, fields
from typing import Any

VISIBILITIES = ("visible", "hidden", "after_due_date", "after_published")


@dataclass(frozen=True)
class GradescopeSettings:
    """One of `VISIBILITIES` each."""

    hidden_tests: str = "visible"
    notebook_checks: str = "visible"
    output: str = "visible"


def gradescope_settings(table: dict[str, Any]) -> GradescopeSettings:
    """Check the table.

    Raises:
        ValueError: a name or a value is unknown; the message lists those that are valid.
    """
    if not isinstance(table, dict):
        raise ValueError("gradescope must be a table: [gradescope]")
    names = [item.name for item in fields(GradescopeSettings)]
    for name, value in table.items():
        if name not in names:
            raise ValueError(f"[gradescope] has no {name}; known are {', '.join(names)}")
        if value not in VISIBILITIES:
            raise ValueError(f"[gradescope] {name} is {value!r}; valid are {', '.join(VISIBILITIES)}")
    return GradescopeSettings(**table)
