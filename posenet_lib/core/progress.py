"""Progress bars for terminals and notebooks alike."""

from typing import Any

from tqdm.auto import tqdm


def progress_bar(*args: Any, **options: Any) -> tqdm:
    """`tqdm`, as wide as its window: in a narrow one, a notebook's bar goes on in a second line and is not cut off."""
    return tqdm(*args, dynamic_ncols=True, **options)
