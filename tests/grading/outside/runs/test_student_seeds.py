"""A court for each student: no two alike, kept when the roster changes, and nothing of the secret in them."""

import stat

import pytest

from posenet_lib import cli
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.pretrain_config import PretrainConfig
from posenet_lib.grading.outside.policies.roster import Person
from posenet_lib.grading.outside.runs.student_seeds import (
    FIRST_SEED,
    LAST_SEED,
    give_seeds,
    read_secret,
    read_seeds,
    write_seeds,
)

SECRET = b"the secret of this course"
CLASS = [Person(f"Student {n}", student_id=f"{n:05}") for n in range(400)]
ANN, BOB = Person("Ann Lee", email="ann@u.example", section="A"), Person("=Bob", login="bob")


def seeds(people, secret=SECRET, earlier=()):
    return {student.person: student.seed for student in give_seeds(people, secret, earlier)}


def test_seeds_are_all_different_and_in_their_own_range():
    found = seeds(CLASS)
    assert len(set(found.values())) == 400
    assert all(FIRST_SEED <= seed <= LAST_SEED for seed in found.values())
    pretraining = PretrainConfig()
    assert pretraining.first_seed + pretraining.courts <= FIRST_SEED


def test_a_seed_depends_on_the_student_and_the_secret_alone():
    assert seeds([BOB, ANN]) == seeds([ANN, BOB]) and seeds([ANN])[ANN] == seeds([ANN, BOB])[ANN]
    assert seeds([ANN])[ANN] != seeds([ANN], b"another secret of a course")[ANN]
    moved = Person("Lee, Ann", email="Ann@u.example", section="B")  # the same id, written in another way
    assert seeds([moved])[moved] == seeds([ANN])[ANN]


def test_a_seed_that_is_taken_is_not_given_again():
    taken = give_seeds([ANN], SECRET)
    clash = [type(taken[0])(BOB, taken[0].seed)]
    assert seeds([ANN, BOB], earlier=clash)[ANN] != taken[0].seed
    assert seeds([ANN, BOB], earlier=clash)[BOB] == taken[0].seed


def test_who_has_a_seed_keeps_it(tmp_path):
    file = tmp_path / "seeds.csv"
    write_seeds(file, give_seeds([ANN], SECRET))
    kept = give_seeds([ANN, BOB], b"another secret of a course", read_seeds(file))
    assert kept[0].seed == seeds([ANN])[ANN]


def test_two_students_with_one_id_are_named():
    with pytest.raises(WorkbookError, match=r"two lines for '7' .*id number, a login or an email"):
        give_seeds([Person("Ann", student_id="7"), Person("Bob", student_id="7")], SECRET)
    with pytest.raises(WorkbookError, match="no students"):
        give_seeds([], SECRET)


def test_the_table_comes_back_also_from_a_spreadsheet(tmp_path):
    file = tmp_path / "seeds.csv"
    students = give_seeds([ANN, BOB], SECRET)
    write_seeds(file, students)
    text = file.read_text()
    assert f"posenet scene render --seed {students[0].seed}" in text and "\n'=Bob" in text  # no formula
    assert read_seeds(file) == students
    file.write_text("\ufeff" + text.replace(",", ";") + ";;\n")
    assert read_seeds(file) == students


def test_a_name_that_begins_with_an_apostrophe_keeps_its_court(tmp_path):
    file = tmp_path / "seeds.csv"
    students = give_seeds([Person("'t Hooft, Ann")], SECRET)
    write_seeds(file, students)
    assert read_seeds(file) == students
    assert give_seeds([Person("'t Hooft, Ann")], b"another secret of a course", read_seeds(file)) == students


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name,seed\nann,12000\nbob,12000\n", "line 3: the seed 12000 is that of line 2 too"),
        ("name,seed\nann,77\n", "line 2: the seed is '77'; students' courts have whole numbers from 10000"),
        ("name,seed\nann,\n", "line 2: the seed is ''"),
        ("name,seed\nann\n", "line 2: the seed is ''"),
        ("name,seed\nann,1e5\n", "line 2: the seed is '1e5'"),
        ("name,court\nann,12000\n", "no column 'seed'"),
        ("name,seed\n", "no students"),
        ("", "no column 'seed'"),
    ],
)
def test_a_wrong_table_is_refused_with_its_line(tmp_path, text, said):
    (tmp_path / "seeds.csv").write_text(text)
    with pytest.raises(WorkbookError, match=r"seeds\.csv") as error:
        read_seeds(tmp_path / "seeds.csv")
    assert said in str(error.value) and "\n" not in str(error.value)


def test_secrets(tmp_path):
    file = tmp_path / "secret.txt"
    with pytest.raises(WorkbookError, match="cannot be read"):
        read_secret(file)
    made = read_secret(file, make=True)
    assert len(made) == 64 and read_secret(file) == made and read_secret(file, make=True) == made
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_text("short\n")
    with pytest.raises(WorkbookError, match="5 characters; it needs at least 16"):
        read_secret(file)


def test_the_command(tmp_path, capsys):
    roster, secret, out = tmp_path / "students.csv", tmp_path / "secret.txt", tmp_path / "seeds.csv"
    roster.write_text("Name,Email,Section\nAnn Lee,ann@u.example,A\nBob Ray,bob@u.example,B\n")
    give = ["courts", "give", "--roster", str(roster), "--secret", str(secret), "--out", str(out)]
    assert cli.main(give) == 0
    assert "2 courts, 2 of them new" in (said := capsys.readouterr().out) and "a new secret" in said
    first = read_seeds(out)
    roster.write_text(roster.read_text() + "Cy Poe,cy@u.example,B\n")
    assert cli.main(give) == 0
    assert "3 courts, 1 of them new" in (said := capsys.readouterr().out) and "a new secret" not in said
    assert read_seeds(out)[:2] == first
    assert secret.read_text().strip() not in out.read_text()


def test_another_section_is_added_and_the_first_one_stays(tmp_path, capsys):
    roster, out = tmp_path / "students.csv", tmp_path / "seeds.csv"
    give = ["courts", "give", "--roster", str(roster), "--secret", str(tmp_path / "secret.txt"), "--out", str(out)]
    roster.write_text("Name,Email,Section\nAnn Lee,ann@u.example,A\nBob Ray,bob@u.example,A\n")
    assert cli.main(give) == 0
    first = read_seeds(out)
    assert "not in this roster" not in capsys.readouterr().out
    roster.write_text("Name,Email,Section\nCy Poe,cy@u.example,B\nAnn B. Lee,ann@u.example,B\n")
    assert cli.main(give) == 0
    said = capsys.readouterr().out
    assert "3 courts, 1 of them new" in said
    assert "1 in the table, but not in this roster: Bob Ray. Their lines stay as they are." in said
    found = read_seeds(out)
    assert [student.person.name for student in found] == ["Ann B. Lee", "Bob Ray", "Cy Poe"]
    assert [student.seed for student in found[:2]] == [student.seed for student in first]
