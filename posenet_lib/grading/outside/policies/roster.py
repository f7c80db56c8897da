"""The class as a learning platform knows it: a CSV of students, matched with the names of what was handed in.

Canvas's exported gradebook and Moodle's list of participants can be used as they are. Columns are known by their usual
names (see `_COLUMNS`); a column `submission` says how a student's files are called where no other rule fits.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError

_COLUMNS = {  # field: headings, lower case
    "student_id": ("id number", "sis user id", "student id", "student_id", "sid", "matriculation", "number"),
    "platform_id": ("id", "canvas id", "user id"),
    "login": ("sis login id", "username", "login", "login id"),
    "email": ("email address", "email", "e-mail"),
    "name": ("student", "name", "full name", "student name"),
    "first": ("first name", "firstname", "given name"),
    "last": ("last name", "lastname", "surname", "family name"),
    "section": ("section", "sections", "group", "groups"),
    "submission": ("submission", "files", "folder"),
}
_CALLED = ("email", "student_id", "login", "submission", "platform_id")  # who has no name is called by one of these


@dataclass(frozen=True)
class Person:
    """One line of the roster; what it does not say is empty."""

    name: str
    student_id: str = ""
    platform_id: str = ""
    login: str = ""
    email: str = ""
    first: str = ""
    last: str = ""
    section: str = ""
    submission: str = ""

    @property
    def keys(self) -> set[str]:
        """Everything that a submission of this person may be called, in the form of `key`."""
        local = self.email.partition("@")[0]
        names = [self.name, f"{self.first} {self.last}", f"{self.last} {self.first}"]
        if "," in self.name:  # "Lovelace, Ada"
            last, _, first = self.name.partition(",")
            names += [f"{first} {last}", f"{last} {first}"]
        given = [self.submission, self.student_id, self.platform_id, self.login, self.email, local, *names]
        return {key(text) for text in given} - {""}


@dataclass
class MatchedRoster:
    """Who is who."""

    people: list[Person]
    person_of: dict[str, Person]  # by the submission's student name
    missing: list[Person]
    unmatched: list[tuple[str, str]]  # a submission's student name, and why


def read_roster(file: Path) -> list[Person]:
    """The people of a roster.

    Raises:
        WorkbookError: it can't be read, or no column says who the students are.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{file}: cannot be read ({error}); save it as UTF-8 (CSV UTF-8 in Excel)") from None
    first_line = text.partition("\n")[0]
    rows = list(csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first_line.count)))
    headings = [heading.strip().lower() for heading in rows[0]] if rows else []
    places = {
        name: headings.index(known)
        for name, choices in _COLUMNS.items()
        if (known := next((choice for choice in choices if choice in headings), None))
    }
    if not set(places) - {"section"}:  # all others are among `Person.keys`
        listed = ", ".join(heading for name in _COLUMNS if name != "section" for heading in _COLUMNS[name][:2])
        raise WorkbookError(f"{file}: no column with names or ids; its first line needs one of: {listed}")
    people = []
    for row in rows[1:]:
        values = {name: row[place].strip() for name, place in places.items() if place < len(row)}
        name = values.pop("name", "") or " ".join(part for part in (values.get("first"), values.get("last")) if part)
        if name.lower() in ("points possible", "student, test"):  # lines of Canvas's gradebook that are no students
            continue
        if name or any(values.values()):
            called = [values.get(field, "") for field in _CALLED]
            people.append(Person(name or next(filter(None, called), ""), **values))
    return people


def match(people: Sequence[Person], students: Sequence[str]) -> MatchedRoster:
    """Match submissions with people: by the whole name, else by its beginning, as Canvas and Moodle write it.

    Canvas: `lovelaceada_LATE_1234_5678_01_mean_image`; Moodle: `Ada Lovelace_1234_assignsubmission_file_`.
    """
    person_of, unmatched = {}, []
    for student in students:
        for text in (student, re.split(r"[_%]", student)[0]):
            found = [person for person in people if key(text) and key(text) in person.keys]
            if found:
                break
        if len(found) == 1:
            person_of[student] = found[0]
        else:
            names = " and ".join(person.name for person in found[:3])
            unmatched.append((student, f"fits {names}" if found else "fits nobody in the roster"))
    taken: dict[Person, list[str]] = {}
    for student, person in person_of.items():
        taken.setdefault(person, []).append(student)
    for person, several in taken.items():
        if len(several) > 1:
            for student in several:
                del person_of[student]
                unmatched.append((student, f"{len(several)} submissions fit {person.name}: {', '.join(several[:5])}"))
    present = set(person_of.values())
    return MatchedRoster(list(people), person_of, [person for person in people if person not in present], unmatched)


def key(text: str) -> str:
    """Letters and digits alone, without accents and case: "Lovelace, Ada" and "lovelaceada" are the same."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in plain if letter.isalnum())
