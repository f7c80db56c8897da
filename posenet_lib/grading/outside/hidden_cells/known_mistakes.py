"""Known mistakes and what each costs: answers in `tests/questions/<grade_id>/wrong/` that have a line `# costs:`.

Each of them is the reference with one thing done wrong. Its line `# loses:` says which hidden cells fail then, and
`# costs:` for which of these points are lost; the others fail for the same mistake and keep theirs. A number that
differs from student to student, such as the size of a batch, has a line `# also: 4 -> 2, 8, 16`.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError

_HEADER = re.compile(r"^# (expect|loses|costs|also): (.*)$", re.MULTILINE)
_ALSO = re.compile(r"([\d.]+) -> ([\d., ]+)")


@dataclass(frozen=True)
class KnownMistake:
    """One mistake. `costs` names the hidden cells whose points are lost."""

    name: str
    source: str
    message: str  # part of what the notebook's checks say about it
    costs: tuple[str, ...]


def read_mistakes(folder: Path, cells: Collection[str]) -> tuple[KnownMistake, ...]:
    """The mistakes of one question's folder `wrong/`, the file's own first, then with the numbers of `# also:`.

    Raises:
        WorkbookError: a line of the header is wrong; it names the file and what would be right.
    """
    found: list[KnownMistake] = []
    for file in sorted(folder.glob("*.py")):
        source = file.read_text(encoding="utf-8")
        header = dict(_HEADER.findall(source))
        if "costs" not in header:
            continue
        loses, costs = (tuple(header.get(key, "").split(", ")) for key in ("loses", "costs"))
        unknown = [name for name in (*loses, *costs) if name not in cells]
        if unknown or not set(costs) < set(loses):
            raise WorkbookError(
                f"{file}: the line '# costs: {header['costs']}' has to name some of those in '# loses: "
                f"{header.get('loses', '')}', not all of them; the hidden cells are {', '.join(cells)}"
            )
        if not header.get("expect"):
            raise WorkbookError(f"{file}: the line '# costs:' needs a line '# expect: part of the check's message' too")
        one = KnownMistake(file.stem, source, header["expect"], costs)
        found += [one, *_with_other_numbers(one, header["also"], file)] if "also" in header else [one]
    return tuple(found)


def _with_other_numbers(mistake: KnownMistake, line: str, file: Path) -> list[KnownMistake]:
    form = _ALSO.fullmatch(line)
    body = _HEADER.sub("", mistake.source)
    if form is None or not re.search(_whole(form[1]), body):
        raise WorkbookError(
            f"{file}: the line '# also: {line}' has to be like '# also: 4 -> 2, 8, 16', with a number of the code first"
        )
    others = [number.strip() for number in form[2].split(",")]
    return [
        KnownMistake(
            f"{mistake.name} ({number})",
            re.sub(_whole(form[1]), number, body),
            re.sub(_whole(form[1]), number, mistake.message),
            mistake.costs,
        )
        for number in others
    ]


def _whole(number: str) -> str:
    """That number, and not a part of another one or of a name."""
    return rf"(?<![\w.]){re.escape(number)}(?![\w]|\.\d)"
