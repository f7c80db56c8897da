"""Fields with help and choices, and values from a file."""

from dataclasses import dataclass

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.settings import check_choices, checked_values, option, refuse


@dataclass
class Settings:
    """Some of each kind."""

    number: float | None = option(None, "a number")
    count: int = option(1, "a whole number")
    kind: str = option("a", "a kind", ("a", "b"))
    quick: bool = option(False, "a switch")


def test_whole_numbers_are_numbers_and_nothing_else_is_converted():
    assert checked_values(Settings, {"number": 2, "count": 3}) == {"number": 2.0, "count": 3}
    for values, words in (
        ({"count": 2.5}, "count is 2.5; it must be a whole number"),
        ({"count": True}, "count is True"),
        ({"number": "2"}, "number is '2'; it must be a number"),
        ({"quick": 1}, "quick is 1; it must be true or false"),
        ({"kind": 3}, "kind is 3; it must be text in quotes"),
    ):
        with pytest.raises(WorkbookError, match=words):
            checked_values(Settings, values)


def test_unknown_names_and_choices_name_the_known():
    with pytest.raises(WorkbookError, match=r"unknown settings \['speed'\]; known are \['count', 'kind'"):
        checked_values(Settings, {"speed": 1})
    with pytest.raises(WorkbookError, match="kind is 'c'; choose one of a, b"):
        check_choices(Settings(kind="c"))


@pytest.mark.parametrize("name", ["flip", "--flip"])
def test_what_is_left_out_on_purpose_has_its_reason(name):
    with pytest.raises(WorkbookError, match="a place that does not exist"):
        refuse([name])
    with pytest.raises(WorkbookError, match="a place that does not exist"):
        checked_values(Settings, {"flip": True})
    refuse(["--speed"])
