"""Text that a terminal or a page would obey is shown instead; text of any language stays as it is."""

import pytest

from posenet_lib.grading.outside.hand_ins.plain_text import plain, plain_line


@pytest.mark.parametrize("text", ["잘못된 값", "می‌خواهم", "ñ é ü 漢字 हिन्दी", "👩‍🔬", "a\tb\nc", "100 % <b>"])
def test_ordinary_text_stays(text):
    assert plain(text) == text


def test_what_would_be_obeyed_is_written_out():
    assert plain("\x1b[2J\u202egnp.exe\x9b31m\r\ud800\u2028") == "\\x1b[2J\\u202egnp.exe\\x9b31m\\r\\ud800\\u2028"
    assert plain_line("a\nb\tc") == "a\\nb\\tc"
