"""Photos that train and test: by the same name, a link, another way to write the path, or a copy under another name."""

import hashlib
from collections import defaultdict
from functools import lru_cache
from pathlib import Path

import numpy as np

from posenet_lib.scenes.check.facts import SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.photo_names import place_of

_CHUNK, _START = 1 << 20, 1 << 14


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings."""
    findings = []
    seen: set[int] = set()
    for in_which_way, shared in (
        ("under the same name", _same_names(facts)),
        ("as the same file (a link, or the path written another way)", _same_files(facts)),
        ("as a copy with the same content", _same_content(facts)),
        ("with exactly the same pose (a copy that was saved again, or made smaller?)", _same_poses(facts)),
    ):
        new = [(test, train) for test, train in shared if test not in seen]
        seen |= {test for test, _ in new}
        if new:
            test, train = new[0]
            findings.append(
                Finding(
                    f"test photos are training photos too, {in_which_way}",
                    len(new),
                    f"{facts.test.where(test)} is {facts.train.where(train)}",
                    "the network has seen them: the test says nothing about new photos",
                    facts.convert("shared") + "   # leaves them out of the training list",
                )
            )
    return findings


def shared_rows(facts: SceneFacts) -> list[tuple[int, int]]:
    """(row of the test list, row of the training list) of each shared photo."""
    first: dict[int, int] = {}
    for pairs in (_same_names(facts), _same_files(facts), _same_content(facts), _same_poses(facts)):
        for test, train in pairs:
            first.setdefault(test, train)
    return sorted(first.items())


def _same_names(facts: SceneFacts) -> list[tuple[int, int]]:
    row_of = {row.name: index for index, row in enumerate(facts.train.rows)}
    return [(index, row_of[row.name]) for index, row in enumerate(facts.test.rows) if row.name in row_of]


def _same_files(facts: SceneFacts) -> list[tuple[int, int]]:
    row_of = {}
    for index, row in enumerate(facts.train.rows):
        if identity := _identity(row.image_path):
            row_of.setdefault(identity, index)
    pairs = ((index, _identity(row.image_path)) for index, row in enumerate(facts.test.rows))
    return [(index, row_of[identity]) for index, identity in pairs if identity in row_of]


def _identity(path: Path) -> tuple[int, int] | None:
    """The same for all names and links of one file."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        return None
    return (status.st_dev, status.st_ino) if status.st_ino else None


def _same_content(facts: SceneFacts) -> list[tuple[int, int]]:
    """Only files of one size can be equal, and only those are read."""
    by_size = defaultdict(list)
    for index, row in enumerate(facts.train.rows):
        if size := _size(row.image_path):
            by_size[size].append(index)
    pairs = []
    start, whole = lru_cache(maxsize=None)(_start), lru_cache(maxsize=None)(_hash)
    for index, row in enumerate(facts.test.rows):
        for other in by_size.get(_size(row.image_path) or -1, ()):
            two = row.image_path, facts.train.rows[other].image_path
            if start(two[0]) == start(two[1]) != b"" and whole(two[0]) == whole(two[1]) != b"":
                if not _next_frames(row.name, facts.train.rows[other].name):
                    pairs.append((index, other))
                break
    return pairs


def _same_poses(facts: SceneFacts) -> list[tuple[int, int]]:
    """A camera never comes back to a pose to the last digit; unless it stood still, and its tracker has no noise."""
    poses: dict[bytes, list[int]] = {}
    for index in np.flatnonzero(facts.train.counts):
        poses.setdefault(facts.train.numbers[index].tobytes(), []).append(int(index))
    found = [
        (int(index), poses.get(facts.test.numbers[index].tobytes(), [])) for index in np.flatnonzero(facts.test.counts)
    ]
    return [(index, rows[0]) for index, rows in found if len(rows) == 1]


def _next_frames(first: str, second: str) -> bool:
    """Whether one follows the other in a sequence: cameras store a frame twice now and then, which is no leak."""
    (folder, number), (other, beside) = place_of(first), place_of(second)
    return folder == other and abs(number - beside) == 1


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except (OSError, ValueError):
        return None


def _start(path: Path) -> bytes:
    """Enough to tell photos that are not packed, and so all have one size, apart."""
    try:
        with open(path, "rb") as file:
            return file.read(_START)
    except OSError:
        return b""


def _hash(path: Path) -> bytes:
    digest = hashlib.blake2b()
    try:
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return b""
    return digest.digest()
