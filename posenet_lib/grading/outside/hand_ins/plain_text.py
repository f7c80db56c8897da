"""Text of students, made safe to show: what a terminal, a spreadsheet or a page would obey becomes visible instead."""

import re

# Control characters; marks that change the direction of what follows or end a line; halves of characters; tags that
# nobody sees. Joiners stay, because Persian names and many others are written with them.
_OBEYED = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_FORMULA = tuple("=+-@\t\r")  # with these a formula begins


def plain(text: str) -> str:
    """The text with `\\x1b` and the like written out; line ends and tabs stay."""
    return _OBEYED.sub(_written_out, text)


def plain_line(text: str) -> str:
    """The same on one line."""
    return plain(text).replace("\n", "\\n").replace("\t", "\\t")


def cell_text(text: str) -> str:
    """Text that a spreadsheet won't run as a formula."""
    return f"'{text}" if text[:1] in _FORMULA else text


def without_quote(text: str) -> str:
    """Undoes `cell_text`; an apostrophe of the text's own stays ("'t Hooft")."""
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


def _written_out(match: re.Match) -> str:
    return match[0].encode("unicode_escape").decode()
