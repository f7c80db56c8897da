"""What the text says to expect of a cell, tested after the cell has run: every 'Expect' is a promise.

A code cell's metadata carries the tests, beside what the cell needs:

    "posenet": {"expect": [{"claim": "4 numbers", "holds": "len(q) == 4", "when": "scene.is_practice_court"}]}

`claim` is quoted from the text before the cell (a test holds that). `holds` and `when` are Python over the names of the
notebook; `printed` is what the cell wrote, `numbers` the numbers in it. Without `when` a claim holds everywhere.
"""

import ast
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from nbformat import NotebookNode

TRUE, FALSE, NOT_HERE = "came true", "did not come true", "not promised here"
_NUMBER = re.compile(r"(?<![\w.])[-+]?(?:\d+(?:,\d{3})+|\d+)(?:\.\d+)?(?:e[-+]?\d+)?(?![\w])")


@dataclass(frozen=True)
class Outcome:
    """One claim, and what became of it."""

    claim: str
    verdict: str
    found: str = ""  # the values that the test compared, or why it could not be made


@dataclass(frozen=True)
class Expectations:
    """All claims of a walkthrough."""

    outcomes: Mapping[tuple[str, str], Sequence[Outcome]] = field(default_factory=dict)  # by notebook and cell id

    @property
    def failed(self) -> list[tuple[str, str, Outcome]]:
        """Notebook, cell and outcome of each claim that did not come true."""
        return [(*place, one) for place, found in self.outcomes.items() for one in found if one.verdict == FALSE]

    def __str__(self) -> str:
        everything = [one for found in self.outcomes.values() for one in found]
        tested = sum(one.verdict != NOT_HERE for one in everything)
        lines = [f"Expectations: {tested - len(self.failed)} of {tested} came true"]
        if away := len(everything) - tested:
            lines[0] += f"; {away} speak of other scenes, or of a run of another length"
        lines += [f"  {name}, cell {cell}: {one.claim!r}: {one.found}" for name, cell, one in self.failed]
        return "\n".join(lines)


def cell_expectations(cell: NotebookNode) -> list[dict[str, str]]:
    """The tests that a cell carries."""
    return [dict(one) for one in cell.metadata.get("posenet", {}).get("expect", [])]


def printed_text(cell: NotebookNode) -> str:
    """What an executed cell wrote: streams, values, tables; of a picture its description."""
    parts = []
    for output in cell.get("outputs", []):
        data = output.get("data", {})
        parts.append(output.get("text", "") or data.get("text/markdown", "") or data.get("text/plain", ""))
    return "\n".join(parts)


def question_for_kernel(cell: NotebookNode) -> str:
    """An expression that a notebook's kernel evaluates; `outcomes_from_kernel` reads its value."""
    arguments = f"{json.dumps(cell_expectations(cell))!r}, globals(), {printed_text(cell)!r}"
    return f"__import__({__name__!r}, fromlist=['judge_as_text']).judge_as_text({arguments})"


def outcomes_from_kernel(value: Mapping[str, Any]) -> list[Outcome]:
    """From the kernel's reply to `question_for_kernel`."""
    if value["status"] != "ok":
        raise RuntimeError(f"{value['ename']}: {value['evalue']}")
    return [Outcome(**one) for one in json.loads(ast.literal_eval(value["data"]["text/plain"]))]


def judge_as_text(expectations: str, names: Mapping[str, Any], printed: str) -> str:
    """`judge`, with JSON in and out: runs in the notebook's kernel."""
    return json.dumps([asdict(judge(one, names, printed)) for one in json.loads(expectations)])


def judge(expectation: Mapping[str, str], names: Mapping[str, Any], printed: str) -> Outcome:
    """Test one claim.

    Args:
        expectation: claim, holds and perhaps when, as in a cell's metadata.
        names: the notebook's.
        printed: what the cell wrote.
    """
    numbers = [float(text.replace(",", "")) for text in _NUMBER.findall(printed)]
    known = {**names, "printed": printed, "numbers": numbers}
    claim = expectation["claim"]
    try:
        if not eval(expectation.get("when", "True"), known):
            return Outcome(claim, NOT_HERE)
        if eval(expectation["holds"], known):
            return Outcome(claim, TRUE)
        return Outcome(claim, FALSE, _compared(expectation["holds"], known))
    except Exception as error:  # a name that is gone, a number that is not there: the claim was not kept
        return Outcome(claim, FALSE, f"could not be tested: {type(error).__name__}: {error}")


def _compared(expression: str, known: dict[str, Any]) -> str:
    """The values on both sides of the first comparison that is false, for the reader of the report."""
    tree = ast.parse(expression, mode="eval").body
    parts = tree.values if isinstance(tree, ast.BoolOp) and isinstance(tree.op, ast.And) else [tree]
    wrong = next(part for part in parts if not eval(ast.unparse(part), known))
    sides = [wrong.left, *wrong.comparators] if isinstance(wrong, ast.Compare) else []
    values = [f"{ast.unparse(s)} is {eval(ast.unparse(s), known)}" for s in sides if not isinstance(s, ast.Constant)]
    return f"{ast.unparse(wrong)} is false" + (f" ({'; '.join(values)})" if values else "")
