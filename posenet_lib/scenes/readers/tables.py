"""Tables of poses: columns by their names, whatever the program calls them."""

import csv
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.text import all_lines, number_of

# What this workbook calls a column -> how files call it, in small letters without units and underscores.
ALIASES = {
    "name": "name image imagefile imagename file filename filepath photo label path rgb",
    "frame": "frame frameid frameindex index",
    "time": "time timestamp ts seconds",
    "x": "x posx positionx easting xeasting xest prsrx",
    "y": "y posy positiony northing ynorthing yest prsry",
    "z": "z posz positionz alt altitude height zaltitude zest prsrz",
    "tx": "tx translationx",
    "ty": "ty translationy",
    "tz": "tz translationz",
    "qw": "qw w quatw rotationw qrsw qrsrw",
    "qx": "qx quatx rotationx qrsx",
    "qy": "qy quaty rotationy qrsy",
    "qz": "qz quatz rotationz qrsz",
    "omega": "omega omegadeg",
    "phi": "phi phideg",
    "kappa": "kappa kappadeg",
    "yaw": "yaw heading yawest",
    "pitch": "pitch pitchest",
    "roll": "roll rollest",
    "f": "f focal focallength",
    **{f"r{row}{column}": f"r{row}{column} m{row}{column}" for row in (1, 2, 3) for column in (1, 2, 3)},
}
MATRIX = tuple(f"r{row}{column}" for row in (1, 2, 3) for column in (1, 2, 3))
_MEANING = {alias: column for column, aliases in ALIASES.items() for alias in aliases.split()}


@dataclass(frozen=True)
class Row:
    """One line, its words by column."""

    words: dict[str, str]
    where: str  # file and line

    def number(self, column: str) -> float:
        """One number; a decimal comma is one where commas do not part the columns."""
        return number_of(self.words[column], self.where, column)

    def numbers(self, columns: Sequence[str]) -> list[float]:
        """Several of them."""
        return [self.number(column) for column in columns]


def read_table(path: Path, order: str | None = None) -> tuple[list[str], list[Row]]:
    """As `open_table`, with all rows in memory."""
    columns, rows = open_table(path, order)
    return columns, list(rows)


def open_table(path: Path, order: str | None = None) -> tuple[list[str], Iterator[Row]]:
    """The columns' names, and the rows one after the other; parted by commas, semicolons, tabs or spaces.

    The names come from `order` ('name,x,y,z,qw,qx,qy,qz', and '-' for a column that is skipped), else from the first
    line that names columns, with or without '#' before it.

    Raises:
        WorkbookError: there is no header or no row; while rows are read, also that one has fewer columns.
    """
    rows = _rows(path, order)
    first = next(rows, None)
    if first is None:
        raise WorkbookError(f"{path}: the table has no row")
    columns = first[0]
    return columns, (row for _, row in itertools.chain([first], rows))


def _rows(path: Path, order: str | None) -> Iterator[tuple[list[str], Row]]:
    """Each row, with the columns' names."""
    columns = _positions([column_name(word) for word in order.replace(",", " ").split()]) if order else None
    separator = None
    any_row = False
    for number, line in all_lines(path):
        where, text = f"{path}, line {number}", line.strip()
        if not text:
            continue
        heads = [] if any_row else _header(text)
        if heads and (columns is None or order):
            columns, separator = (columns or _positions(heads)), _separator(text)
            continue
        if text.startswith("#"):
            continue
        if columns is None:
            raise WorkbookError(
                f"{where}: {text[:60]!r} comes before any line with the columns' names; "
                "give their order, for example --order name,x,y,z,qw,qx,qy,qz"
            )
        separator = separator or _separator(text)
        words = _split(text, separator)
        if len(words) < len(columns):
            raise WorkbookError(f"{where}: has {len(words)} columns where {len(columns)} are named: {text[:60]!r}")
        if order and len(words) > len(columns):
            raise WorkbookError(
                f"{where}: has {len(words)} columns and --order names {len(columns)}; '-' skips one: {text[:60]!r}"
            )
        pairs = list(zip(columns, _decimal_points(words, separator), strict=False))
        any_row = True
        yield columns, Row(dict(reversed(pairs)), where)  # of two columns with one meaning, the first counts


def require(columns: Sequence[str], wanted: Sequence[str], path: Path) -> None:
    """Refuse a table without these columns, by their names in it."""
    if missing := [column for column in wanted if column not in columns]:
        raise WorkbookError(
            f"{path}: there is no column {', '.join(missing)}; the columns are {', '.join(columns)[:200]} "
            "(a table without a line of names needs --order where the format has that option)"
        )


def column_name(written: str) -> str:
    """'#Label' -> 'name', 'Z/Altitude [m]' -> 'z'; unknown names in small letters."""
    plain = written.partition("[")[0].partition("(")[0].strip().strip('#"').strip().lower()
    plain = "".join(character for character in plain if character.isalnum())
    return _MEANING.get(plain, plain)


def _header(text: str) -> list[str]:
    """The columns' names if the line has names in place of numbers, else nothing."""
    words = _split(text.lstrip("# "), _separator(text))
    names = [column_name(word) for word in words]
    return names if sum(name in ALIASES for name in names) >= 4 else []


def _positions(columns: list[str]) -> list[str]:
    """Names that mean something only beside others.

    px, py, pz are a position where there is no x; RealityCapture's px and py beside x are a principal point. p, q, r
    after w are the quaternion of the Cambridge lists.
    """
    if "x" not in columns and {"px", "py", "pz"} <= set(columns):
        columns = [column[1] if column in ("px", "py", "pz") else column for column in columns]
    if "qx" not in columns and {"qw", "p", "q", "r"} <= set(columns):
        columns = [{"p": "qx", "q": "qy", "r": "qz"}.get(column, column) for column in columns]
    return columns


def _separator(text: str) -> str:
    return next((mark for mark in (";", "\t", ",") if mark in text), " ")


def _split(text: str, separator: str) -> list[str]:
    if separator == " ":
        return text.split()
    return [word.strip() for word in next(_csv(text, separator), [])]


def _csv(text: str, separator: str) -> Iterator[list[str]]:
    try:
        yield from csv.reader([text], delimiter=separator)
    except csv.Error:  # a field above csv's limit, or a NUL
        yield text.split(separator)


def _decimal_points(words: list[str], separator: str) -> list[str]:
    if separator == ",":
        return words
    return [word.replace(",", ".") if _decimal_comma(word) else word for word in words]


def _decimal_comma(word: str) -> bool:
    whole, comma, part = word.partition(",")
    return bool(comma) and part.isdigit() and whole.lstrip("+-").isdigit()
