"""A student's name as a file name, in a terminal, in a spreadsheet and on a page: safe, and one for each student.

What is not safe is written as in web addresses, `Ann?` as `Ann%3F`. That can be turned back, so two different names
never become one.
"""

import hashlib
import re
import unicodedata

_UNSAFE = re.compile(r"[^\w.@+=,() '\u200c\u200d-]|%")  # joiners, U+200C and U+200D, are a part of many names
_LONGEST = 120  # bytes; it becomes a file name, with more around it


def safe_name(name: str) -> str:
    """The name to use for a student who is called `name` in a file's name."""
    name = unicodedata.normalize("NFC", name)  # macOS writes an accent as a character of its own
    safe = _UNSAFE.sub(_escaped, name)
    # Dots and spaces at the ends: hidden files, the folder above, names that look the same.
    safe = re.sub(r"^[. ]+|[. ]+$", _escaped, safe) or "unnamed"
    if len(safe.encode("utf-8", "replace")) > _LONGEST:
        safe = f"{safe[: _LONGEST // 4]}_{hashlib.sha256(name.encode('utf-8', 'surrogateescape')).hexdigest()[:12]}"
    return safe


def _escaped(match: re.Match) -> str:
    return "".join(f"%{byte:02X}" for byte in match[0].encode("utf-8", "surrogateescape"))
