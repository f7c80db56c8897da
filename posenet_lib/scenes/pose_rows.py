"""The text of a pose list, line by line: which photo, which numbers, and what is wrong with a line.

Reading is strict, so that no number is taken for another; `lenient` reads whatever can be told apart (other separators,
decimal commas, headings, UTF-16, a photo's other ending), for `posenet scene check` and `posenet scene convert`.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.shell import quoted
from posenet_lib.scenes.photo_names import relative_name
from posenet_lib.scenes.photo_troubles import PhotosOnDisk, check_photo

COLUMNS = ("X", "Y", "Z", "W", "P", "Q", "R")
LARGEST = 1e30  # so far a number is one; beyond, squares overflow
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+(?:[eE][-+]?\d+)?")
_UTF16 = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, eq=False)
class PoseRow:
    """One line of a pose list, as it is written."""

    line: int  # from 1
    name: str  # the photo's, relative to the scene's folder, with forward slashes
    image_path: Path
    numbers: np.ndarray  # (7,) float64; position and quaternion, if the list keeps the convention
    angles: bool = False  # six numbers were written: three angles are the last; the seventh is 0


class Problem(NamedTuple):
    """What is wrong with a line."""

    line: int  # 0 for the whole file
    text: str
    remedy: str = ""  # a command or a sentence


class PoseRows(NamedTuple):
    """What a list holds."""

    rows: tuple[PoseRow, ...]
    problems: tuple[Problem, ...]


class BadLineError(ValueError):
    """A line that cannot be read; `remedy` says what to do, where somebody knows."""

    def __init__(self, text: str, remedy: str = ""):
        super().__init__(text)
        self.remedy = remedy


def convert_command(folder: Path, *steps: str) -> str:
    """The command that writes a repaired copy of a scene beside it."""
    folder = Path(folder)
    name = folder.name if folder.name not in ("", "..") else folder.resolve().name
    out = folder.parent / f"{name}-repaired"
    words = ["posenet", "scene", "convert", quoted(folder), "--out", quoted(out)]
    return " ".join([*words, *(("--from", *steps) if steps else ())])


def read_rows(path: Path, *, check_images: bool, lenient: bool = False) -> PoseRows:
    """All lines of a list.

    Args:
        check_images: also require that each photo exists, starts like one and ends like one.
        lenient: read what can be told apart; problems are then only those lines that stay unread.

    Raises:
        WorkbookError: the file is missing or no text.
    """
    text, problem = _text(path)
    if problem and not lenient:
        return PoseRows((), (problem,))
    rows: list[PoseRow] = []
    problems: list[Problem] = []
    first_line_of: dict[str, int] = {}
    photos = PhotosOnDisk(path.parent)
    for number, line in enumerate(_lines(text), start=1):
        if not line.strip() or is_header(line):
            continue
        try:
            row = _lenient_row(line, number, path.parent, photos) if lenient else _row(line, number, path)
            if row is None:  # a heading
                if rows:
                    raise BadLineError(f"is no pose: {_shown(line)}")
                continue
            if row.name in first_line_of:
                raise BadLineError(f"photo {row.name} is already on line {first_line_of[row.name]}; keep one")
            first_line_of[row.name] = number
            if check_images:
                _check_photo(row, path.parent, photos)
        except ValueError as error:
            problems.append(Problem(number, str(error), getattr(error, "remedy", "")))
        else:
            rows.append(row)
    return PoseRows(tuple(rows), tuple(problems))


def is_header(line: str) -> bool:
    """The data sets' own heading, or a comment."""
    # "imagefile," with its comma: a photo may be called ImageFile0001.png.
    return line.strip().lower().startswith(("visual landmark dataset", "imagefile,", "#"))


def _text(path: Path) -> tuple[str, Problem | None]:
    """The file's text, and what is wrong with its encoding."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise WorkbookError(f"{path}: no such pose list") from None
    except (IsADirectoryError, PermissionError) as error:
        raise WorkbookError(f"{path}: cannot be read as a pose list ({error})") from error
    encoding = _UTF16.get(content[:2])
    if not encoding and b"\0" in content[:200]:
        encoding = "utf-16-le" if content[1:200:2].count(0) >= content[0:200:2].count(0) else "utf-16-be"
    if encoding:
        text = content.decode(encoding, errors="replace")
        words = "is UTF-16 text, as some Windows programs write it; the workbook's lists are UTF-8"
        if "\0" in text:
            raise WorkbookError(f"{path}: cannot be read as a pose list (it holds bytes that are no text)")
        return text, Problem(0, words, _mend(path, "save it again as UTF-8"))
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        words = f"cannot be read as a pose list (byte {content[error.start]:#04x} is not UTF-8)"
        return content.decode("cp1252", errors="replace"), Problem(line, words, _mend(path, "save it again as UTF-8"))


def _lines(text: str) -> Iterator[str]:
    # Not splitlines(): it also splits at characters that may stand in a photo's name.
    yield from text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _mend(path: Path, by_hand: str, *steps: str) -> str:
    """The command where the list is a scene's, else what to do by hand."""
    return convert_command(path.parent, *steps) if path.name.startswith("dataset_") else by_hand


def _row(line: str, number: int, path: Path) -> PoseRow:
    """One line -> row, strictly. Raises BadLineError with what is wrong in it."""
    words = line.rsplit(maxsplit=7)  # from the right: a photo's name may hold spaces
    folder = path.parent
    if len(words) < 8:
        raise _too_few(line, path)
    name = relative_name(words[0].strip().strip('"'), folder)
    if " " in name and is_number(name.split()[-1]) and not (folder / name).is_file():
        # With a column too many, the first number would become a part of the name, and the others each slip by one.
        if _is_colmap(line):
            raise BadLineError(f"looks like a line of COLMAP's images.txt: {_shown(line)}", _import("colmap"))
        found = _told_apart(line)
        extra = f" ({len(found.words)} numbers)" if found else ""
        raise BadLineError(
            f"has more than 7 columns ({' '.join(COLUMNS)}) after the photo's name{extra}: {_shown(line)}",
            _mend(path, "take the further columns out") + "   # keeps the first seven numbers",
        )
    numbers = []
    for column, word in zip(COLUMNS, words[1:], strict=True):
        try:
            numbers.append(float(word))
        except ValueError:
            raise _no_number(line, column, word, path) from None
        if not abs(numbers[-1]) < LARGEST:
            raise BadLineError(
                f"{column} is {word!r}; a finite number is needed (lost tracking is often written so)",
                _mend(path, "take the line out", "lost"),
            )
    if np.linalg.norm(numbers[3:]) < 1e-6:
        raise BadLineError(
            "the quaternion W P Q R is zero, which is no rotation; a unit quaternion is needed (lost tracking is often "
            "written so)",
            _mend(path, "take the line out", "lost"),
        )
    if is_number(name) and not (folder / name).is_file():
        raise BadLineError(f"begins with the number {name}, not with a photo's name: {_shown(line)}", _import("tum"))
    return PoseRow(number, name, folder / name, np.array(numbers))


def _too_few(line: str, path: Path) -> BadLineError:
    """Why a line has not seven numbers after spaces."""
    found = _told_apart(line)
    if found is None and not any(is_number(word) for word in line.split()[1:]):
        return BadLineError(
            f"is no pose and no heading that the workbook knows: {_shown(line)} (has 0 numbers after a photo's name "
            "where 7 are expected). Put # at its start, or take it out",
            _mend(path, ""),
        )
    if found is None:
        count = max(0, len(line.split()) - 1)
        return BadLineError(
            f"has {count} numbers after the photo's name where 7 are expected ({' '.join(COLUMNS)}): {_shown(line)}"
        )
    if found.separator:
        words = {",": "commas", ";": "semicolons", "\t": "tabs"}[found.separator]
        comma = " and decimal commas" if found.decimal_commas else ""
        return BadLineError(
            f"has {words}{comma} where the workbook's lists have spaces and decimal points: {_shown(line)}",
            _mend(path, "write spaces between the columns, and decimal points"),
        )
    if len(found.words) == 6:
        return BadLineError(
            f"has 6 numbers after the photo's name where 7 are expected ({' '.join(COLUMNS)}); are the last three the "
            f"angles omega, phi, kappa in degrees? {_shown(line)}",
            f"posenet scene check {quoted(path.parent)}   # finds out which angles they are"
            if path.name.startswith("dataset_")
            else "",
        )
    return BadLineError(
        f"has decimal commas where the workbook's lists have decimal points: {_shown(line)}",
        _mend(path, "write decimal points"),
    )


def _no_number(line: str, column: str, word: str, path: Path) -> BadLineError:
    found = _told_apart(line)
    if found is None and not any(is_number(word) for word in line.split()[1:]):
        return _too_few(line, path)
    if found and found.decimal_commas:
        return BadLineError(
            f"{column} is {word!r}, with a decimal comma where the workbook's lists have decimal points",
            _mend(path, "write decimal points"),
        )
    if found and found.separator:
        return _too_few(line, path)
    if _is_colmap(line):
        return BadLineError(f"looks like a line of COLMAP's images.txt: {_shown(line)}", _import("colmap"))
    return BadLineError(f"{column} is {word!r}, which is not a number")


class _Parts(NamedTuple):
    name: str
    words: Sequence[str]  # numbers, with decimal points
    separator: str  # "" for spaces
    decimal_commas: bool


def _told_apart(line: str) -> _Parts | None:
    """A name and six numbers or more, with whatever separates them; None if it is not clear."""
    for separator in (";", "\t", "", ","):
        if separator and separator not in line:
            continue
        words = [word.strip().strip('"') for word in (line.split(separator) if separator else line.split())]
        while words and not words[-1]:
            words.pop()
        if separator == ",":
            numbers, commas = [word if is_number(word) else None for word in words], False
        else:
            numbers = [_number_word(word) for word in words]
            commas = any(_DECIMAL_COMMA.fullmatch(word) for word in words)
        last_text = max((i for i, word in enumerate(numbers) if word is None), default=-1)
        if last_text >= 0 and len(words) - last_text - 1 >= 6:
            name = (separator or " ").join(words[: last_text + 1]).strip()
            return _Parts(name, numbers[last_text + 1 :], separator, commas)
    return None


def _number_word(word: str) -> str | None:
    if is_number(word):
        return word
    return word.replace(",", ".") if _DECIMAL_COMMA.fullmatch(word) else None


def _lenient_row(line: str, number: int, folder: Path, photos: PhotosOnDisk) -> PoseRow | None:
    """None for a line without numbers: a heading."""
    found = _told_apart(line)
    if found is None:
        if sum(_number_word(word) is not None for word in re.split(r"[\s;,]+", line)[1:]) >= 2:
            raise BadLineError(f"has not seven numbers after a photo's name: {_shown(line)}")
        return None
    name = relative_name(found.name, folder)
    if not (folder / name).is_file():
        name = photos.meant(name) or name
    numbers = np.array([float(word) for word in found.words[:7]])
    return PoseRow(number, name, folder / name, np.resize(np.append(numbers, 0.0), 7), angles=len(numbers) == 6)


def _check_photo(row: PoseRow, folder: Path, photos: PhotosOnDisk) -> None:
    """Raises BadLineError."""
    if row.image_path.is_file():
        try:
            return check_photo(row.image_path)
        except ValueError as error:
            raise BadLineError(str(error)) from None
    if meant := photos.meant(row.name):
        same = unicodedata.normalize("NFC", meant) == unicodedata.normalize("NFC", row.name)
        why = " (the same letters; its accents or umlauts are stored in another way)" if same else ""
        raise BadLineError(
            f"photo {row.image_path} does not exist; did you mean {meant}?{why}", convert_command(folder)
        )
    if len(same := photos.several(row.name)) > 1:
        raise BadLineError(
            f"photo {row.image_path} does not exist, and {len(same)} folders have one of that name ({same[0]}, "
            f"{same[1]}); write the folder in the list"
        )
    raise BadLineError(f"photo {row.image_path} does not exist")


def is_number(word: str) -> bool:
    """Whether Python reads it as one."""
    try:
        float(word)
    except ValueError:
        return False
    return True


def _is_colmap(line: str) -> bool:
    words = line.split()
    return len(words) >= 10 and all(is_number(word) for word in words[:9]) and not is_number(words[-1])


def _import(format_name: str) -> str:
    return f"posenet scene import {format_name} SRC --out DIR"


def _shown(line: str) -> str:
    return repr(line.strip()[:120])
