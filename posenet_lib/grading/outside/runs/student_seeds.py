"""A court for each student: seeds from a roster and a secret, and the table that keeps them.

A seed is the HMAC-SHA-256 (RFC 2104) of the student's id under the secret: it says nothing about any other student's.
"""

import csv
import hmac
import io
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.files import replacing, write_text
from posenet_lib.grading.outside.hand_ins.plain_text import cell_text, plain_line, without_quote
from posenet_lib.grading.outside.policies.roster import Person, key

FIRST_SEED, LAST_SEED = 10_000, 9_999_999  # those below are PracticeCourt's, pretraining's and everybody's to play with
_SHORTEST = 16  # characters of a secret
_COLUMNS = {"name": "name", "student_id": "id number", "login": "login", "email": "email", "section": "section",
            "submission": "submission"}  # fmt: skip


@dataclass(frozen=True)
class SeededStudent:
    """One line of seeds.csv."""

    person: Person
    seed: int


def read_secret(file: Path, *, make: bool = False) -> bytes:
    """The course's secret.

    Args:
        file: text, one line.
        make: write a new one where there is no such file, readable for its owner alone.

    Raises:
        WorkbookError: there is none, it can't be read, or it is so short that it could be guessed.
    """
    if make and not file.exists():
        with replacing(file) as temporary:
            temporary.touch(mode=0o600)
            temporary.write_text(secrets.token_hex(32) + "\n", encoding="ascii")
    try:
        secret = file.read_bytes().strip()
    except OSError as error:
        raise WorkbookError(f"{file}: the secret cannot be read ({error.strerror})") from None
    if len(secret) < _SHORTEST:
        raise WorkbookError(f"{file}: the secret has {len(secret)} characters; it needs at least {_SHORTEST}")
    return secret


def keyed_number(secret: bytes, text: str) -> int:
    """A number of 128 bits that nobody can work out without the secret."""
    return int.from_bytes(hmac.digest(secret, text.encode("utf-8", "surrogateescape"), "sha256")[:16], "big")


def give_seeds(people: Sequence[Person], secret: bytes, earlier: Sequence[SeededStudent] = ()) -> list[SeededStudent]:
    """A seed for each, no two alike: first those of `earlier`, then who is new.

    Who has one in `earlier` keeps it, also if the secret is another one, or if `people` are another section.

    Raises:
        WorkbookError: the roster is empty, or two students have one id, or one name and no id.
    """
    if not people:
        raise WorkbookError("the roster holds no students")
    students = {_identity(student.person): student for student in earlier}
    taken, seen = {student.seed for student in earlier}, set()
    for person in people:
        who = _identity(person)
        if who in seen:
            raise WorkbookError(
                f"the roster has two lines for {plain_line(who.partition(' ')[2])!r} ({plain_line(person.name)}); "
                "give each student an id number, a login or an email of their own"
            )
        seen.add(who)
        seed = students[who].seed if who in students else _free_seed(secret, who, taken)
        students[who] = SeededStudent(person, seed)
        taken.add(seed)
    return list(students.values())


def not_in_roster(students: Sequence[SeededStudent], people: Sequence[Person]) -> list[Person]:
    """Who has a court but no line in the roster: another section, somebody who has left, or another id."""
    known = {_identity(person) for person in people}
    return [student.person for student in students if _identity(student.person) not in known]


def _identity(person: Person) -> str:
    """What is a student's own and stays."""
    for name in ("student_id", "login", "email", "name"):
        if key(value := getattr(person, name)):
            return f"{name} {value.strip().casefold()}"
    raise WorkbookError(f"the roster has a line without an id, login, email or name: {person}")


def _free_seed(secret: bytes, who: str, taken: set[int]) -> int:
    count = LAST_SEED - FIRST_SEED + 1
    tries = (FIRST_SEED + keyed_number(secret, f"court {attempt} {who}") % count for attempt in range(10**6))
    return next(seed for seed in tries if seed not in taken)


def write_seeds(file: Path, students: Sequence[SeededStudent]) -> None:
    """The table: names and ids as the roster has them, the seed, and the command that renders the court."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS.values(), "seed", "command"])
    for student in students:
        known = [cell_text(plain_line(getattr(student.person, name))) for name in _COLUMNS]
        writer.writerow([*known, student.seed, f"posenet scene render --seed {student.seed}"])
    write_text(file, out.getvalue())


def read_seeds(file: Path) -> list[SeededStudent]:
    """The table again, also as a spreadsheet has saved it.

    Raises:
        WorkbookError: it can't be read, has no seeds, or a line is wrong; it names file and line.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{file}: cannot be read ({error}); it is what `posenet courts give` has written") from None
    first_line = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first_line.count))
    headings = [heading.strip().lower() for heading in next(reader, [])]
    if "seed" not in headings:
        raise WorkbookError(f"{file}: no column 'seed'; it is what `posenet courts give` has written")
    column = headings.index("seed")
    places = {name: headings.index(heading) for name, heading in _COLUMNS.items() if heading in headings}
    students, line_of = [], {}
    for row in reader:
        if not any(cell.strip() for cell in row):
            continue
        values = {name: without_quote(row[place].strip()) for name, place in places.items() if place < len(row)}
        where = f"{file}, line {reader.line_num}"
        seed = _seed(row[column] if column < len(row) else "", where)
        if seed in line_of:
            raise WorkbookError(
                f"{where}: the seed {seed} is that of line {line_of[seed]} too; each student needs another one"
            )
        line_of[seed] = reader.line_num
        students.append(SeededStudent(Person(values.pop("name", ""), **values), seed))
    if not students:
        raise WorkbookError(f"{file}: no students in it")
    return students


def _seed(text: str, where: str) -> int:
    seed = int(text) if text.strip().isascii() and text.strip().isdigit() else -1
    if not FIRST_SEED <= seed <= LAST_SEED:
        raise WorkbookError(
            f"{where}: the seed is {plain_line(text)[:40]!r}; students' courts have whole numbers from {FIRST_SEED} to "
            f"{LAST_SEED}"
        )
    return seed
