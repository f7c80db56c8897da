"""Progress bars for terminals, notebooks and files alike."""

import sys
from typing import Any

from tqdm.auto import tqdm

_LINE_EVERY_S = 60.0  # in a file, where each state of the bar stays


def progress_bar(*args: Any, **options: Any) -> tqdm:
    """`tqdm`, as wide as its window: in a narrow one, a notebook's bar goes on in a second line and is not cut off.

    In a file it shows one state a minute, and its last.
    """
    in_notebook = any(base.__module__ == "tqdm.notebook" for base in tqdm.__mro__)
    if not in_notebook and not sys.stderr.isatty():
        options = {"mininterval": _LINE_EVERY_S, "maxinterval": _LINE_EVERY_S, **options}
    return tqdm(*args, dynamic_ncols=True, **options)
