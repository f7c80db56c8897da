"""Late days: what a policy says, and what it means for one student."""

from datetime import UTC, datetime

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.policies.late_policy import read_policy

POLICY = """
deadline = "2026-10-24 23:59"
timezone = "Europe/Zurich"
grace_days = 2
penalty_percent = 10
most_days = 7
[extensions]
ada = 3
"Lee, Ann" = "2026-10-30 12:00"
[grace_days_used]
bob = 2
[gradescope]
hidden_tests = "after_published"
"""


@pytest.fixture
def policy(tmp_path):
    def read(text: str = POLICY):
        (tmp_path / "late.toml").write_text(text, encoding="utf-8")
        return read_policy(tmp_path / "late.toml")

    return read


def judged(policy, student: str, *time: int):
    return policy.judge(student, datetime(*time, tzinfo=UTC), "a test")


def test_summer_time_counts(policy):
    # 23:59 in Zurich is 21:59 UTC in summer; the clocks change in the night after, on 25 October.
    assert "In time." in judged(policy(), "eve", 2026, 10, 24, 21, 58).text
    late = judged(policy(), "eve", 2026, 10, 24, 22, 30)
    assert late.short == "1 d" and "31 min late" in late.text and "1 grace day used" in late.text


def test_grace_days_go_first_and_what_was_used_before_is_gone(policy):
    third_day = (2026, 10, 27, 12)
    assert judged(policy(), "eve", *third_day).penalty_percent == 10
    assert judged(policy(), "bob", *third_day).penalty_percent == 30
    assert "3 days begun" in judged(policy(), "bob", *third_day).text
    assert judged(policy(), "ada", *third_day).penalty_percent == 0


def test_extensions_are_days_or_a_deadline(policy):
    assert judged(policy(), "ada", 2026, 10, 27, 20).short == ""
    assert judged(policy(), "Lee, Ann", 2026, 10, 30, 10).short == ""
    late = judged(policy(), "Lee, Ann", 2026, 10, 30, 12)
    assert late.short == "1 d" and "with your extension" in late.text


def test_too_late_is_said(policy):
    late = judged(policy(), "eve", 2026, 11, 2)
    assert late.penalty_percent == 100 and "no points are left" in late.text


def test_unknown_time_deducts_nothing_and_says_so(policy):
    unknown = policy().judge("eve", None, "")
    assert unknown.penalty_percent == 0 and "not known" in unknown.text and unknown.short
    assert policy("grace_days = 2").judge("eve", None, "") is None, "no deadline, nothing to say"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('deadline = "2026-10-24 23:59"', "needs a timezone"),
        ('deadline = "tomorrow"\ntimezone = "Europe/Zurich"', "2026-10-14 23:59"),
        ('timezone = "Europe/Atlantis"', "Europe/Atlantis"),
        ("penalty_percent = 120", "120"),
        ("grace_days = -1", "grace_days is -1"),
        ("grace_days = true", "grace_days is True"),
        ("graces = 3", "unknown graces"),
        ('[gradescope]\nhidden_tests = "later"', "after_published"),
        ('[gradescope]\ntests = "hidden"', "hidden_tests"),
        ("grace_days = ", "cannot be read"),
        ("extensions = 3", "extensions is 3; it must be a table: a line [extensions]"),
        ('grace_days_used = "bob"', "grace_days_used is 'bob'; it must be a table"),
        ("gradescope = 1", "gradescope must be a table"),
        ("[gradescope]\noutput = []", "output is []; valid are visible"),
        ("[extensions]\nada = -2", "[extensions] ada is -2; it must be whole days, from 0"),
        ("[extensions]\nada = true", "[extensions] ada is True; it must be whole days"),
        ("[extensions]\nada = 1.5", "[extensions] ada is 1.5; it must be whole days"),
        ("[extensions]\nada = 99999999999", "[extensions] ada is 99999999999; it must be whole days"),
        ("[extensions.ada]\ndays = 2", "[extensions] ada is {'days': 2}; it must be whole days"),
        ('[extensions]\nada = "2 days"', "[extensions] ada is '2 days'; write it as \"2026-10-14 23:59\""),
        ("[grace_days_used]\nbob = true", "[grace_days_used] bob is True; it must be a whole number of days"),
        ("[grace_days_used]\nbob = 0.5", "[grace_days_used] bob is 0.5; it must be a whole number of days"),
        ("grace_days = 1.9", "grace_days is 1.9; it must be a whole number of days"),
        ("most_days = -1", "most_days is -1; it must be a whole number of days"),
        ("penalty_percent = nan", "penalty_percent is nan; it must be a number from 0 to 100"),
        ('penalty_percent = "10"', "penalty_percent is '10'; it must be a number from 0 to 100"),
        ('deadline = 20261014\ntimezone = "Europe/Zurich"', "deadline is 20261014; write it as"),
        ("timezone = 3", "no such timezone: 3"),
    ],
)
def test_a_wrong_policy_is_named(policy, text, says):
    with pytest.raises(WorkbookError, match=r"late\.toml") as caught:
        policy(text)
    assert says in str(caught.value)
