"""Who is who, and the files for learning platforms."""

import csv
import io

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.pages.learning_platforms import canvas_csv, moodle_csv, roster_lines
from posenet_lib.grading.outside.policies.final_grade import FinalGrade
from posenet_lib.grading.outside.policies.manual_points import ManualEntry, ManualPoints
from posenet_lib.grading.outside.policies.roster import match, read_roster
from tests.support.results import a_result

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section
    Points Possible,,,,
"Lovelace, Ada",101,s1,ada,A
"Ångström, Bo",102,s2,bo,A
"Missing, Max",103,s3,max,B
"""
MOODLE = "First name;Last name;ID number;Email address;Groups\nAda;Lovelace;s1;ada@example.org;A\n"


@pytest.fixture
def roster(tmp_path):
    def read(text: str):
        (tmp_path / "students.csv").write_text(text, encoding="utf-8")
        return read_roster(tmp_path / "students.csv")

    return read


@pytest.mark.parametrize(
    "called",
    ["ada", "s1", "101", "Lovelace, Ada", "Ada Lovelace", "lovelaceada_LATE_55_66_01_mean_image"],
)
def test_a_submission_may_be_called_in_many_ways(roster, called):
    found = match(roster(CANVAS), [called])
    assert [person.name for person in found.person_of.values()] == ["Lovelace, Ada"] and not found.unmatched
    assert len(found.missing) == 2


def test_moodles_columns_and_names(roster):
    people = roster(MOODLE)
    assert people[0].name == "Ada Lovelace" and people[0].section == "A"
    for called in ("Ada Lovelace_1234_assignsubmission_file_", "ada@example.org"):
        assert match(people, [called]).person_of


def test_accents_do_not_matter(roster):
    assert match(roster(CANVAS), ["angstrombo_1_2_x"]).person_of


def test_who_fits_nobody_or_two_is_named(roster):
    found = match(roster(CANVAS + '"Lovelace, Ada",104,s4,ada2,B\n'), ["eve", "Ada Lovelace", "bo", "s2"])
    reasons = dict(found.unmatched)
    assert "nobody" in reasons["eve"] and "and" in reasons["Ada Lovelace"]
    assert "2 submissions" in reasons["bo"] and "2 submissions" in reasons["s2"]
    assert any("eve" in line for line in roster_lines(found))


def test_points_go_to_both_platforms_and_formulas_do_not(roster):
    people = roster(CANVAS + "=1+1,105,s5,odd,B\n")
    manual = ManualEntry({"head_loss": ManualPoints(2.5, "=SUM(A1)")}, "well done")
    grades = [FinalGrade(a_result("ada"), manual), FinalGrade(a_result("odd"))]
    found = match(people, ["ada", "odd"])
    canvas = list(csv.DictReader(io.StringIO(canvas_csv(found, grades, "Week 3"))))
    assert canvas[0]["Week 3"] == "3" and canvas[1]["Week 3"] == "2.5" and canvas[2]["Week 3"] == ""
    assert canvas[4]["Student"] == "'=1+1"
    moodle = list(csv.DictReader(io.StringIO(moodle_csv(found, grades, "Week 3"))))
    assert moodle[0]["ID number"] == "s1" and "well done" in moodle[0]["Week 3 (feedback)"]


def test_a_roster_of_the_platforms_ids_alone_will_do(roster):
    people = roster("id,section\n101,A\n102,B\n")
    found = match(people, ["101", "103"])
    assert found.person_of["101"].section == "A" and [person.name for person in found.missing] == ["102"]


@pytest.mark.parametrize("headings", ["colour,size", "section,size", "Groups"])
def test_a_roster_without_names_is_refused(roster, headings):
    with pytest.raises(WorkbookError, match="no column with names or ids") as caught:
        roster(f"{headings}\nred,3\n")
    listed = str(caught.value).partition("one of: ")[2].split(", ")
    assert "id" in listed and "section" not in listed
    for heading in listed:  # each of them alone is enough
        assert roster(f"{heading},section\nx,A\n")
