"""Progress bars for terminals, notebooks and files alike."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tqdm.auto import tqdm

_LINE_EVERY_S = 60.0  # in a file, where each state of the bar stays


def progress_bar(*args: Any, **options: Any) -> tqdm:
    """`tqdm`, as wide as its window: in a narrow one, a notebook's bar goes on in a second line and is not cut off.

    In a file it shows one state a minute, and its last.
    """
    if not _in_notebook() and not sys.stderr.isatty():
        options = {"mininterval": _LINE_EVERY_S, "maxinterval": _LINE_EVERY_S, **options}
    return tqdm(*args, dynamic_ncols=True, **options)


@contextmanager
def stage_bar(name: str) -> Iterator[Callable[[int, int], None]]:
    """A bar for one stage of a job, which `report(done, total)` moves. In a terminal it stays, full, at the end."""
    form = "{desc}{percentage:3.0f}%|{bar:30}| {n_fmt}/{total_fmt} [{elapsed}]"
    look = {"desc": name, "leave": False} if _in_notebook() else {"desc": f"{name:28}", "bar_format": form}
    with progress_bar(total=1, **look) as bar:

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        yield report
        bar.update(bar.total - bar.n)


def _in_notebook() -> bool:
    return any(base.__module__ == "tqdm.notebook" for base in tqdm.__mro__)
