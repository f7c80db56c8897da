"""Commands that a message shows, written so that they can be pasted: Windows' cmd quotes and names paths otherwise."""

import os
import re
import shlex

WINDOWS = os.name == "nt"
_PLAIN = re.compile(r"[\w.,:=@+~/\\-]+")  # what cmd and PowerShell take as one word without quotes


def quoted(word: object) -> str:
    """A word of a command, in quotes where the shell of this system needs them."""
    text = str(word)
    if not WINDOWS:
        return shlex.quote(text)
    return text if _PLAIN.fullmatch(text) else f'"{text}"'  # cmd knows no single quotes; no path holds a double one


def install_command(extra: str) -> str:
    """What installs one of pyproject.toml's optional parts into the workbook's environment, as README.md makes it."""
    pip = r".venv\Scripts\pip" if WINDOWS else ".venv/bin/pip"
    return f"{pip} install -e {quoted(f'.[{extra}]')}"
