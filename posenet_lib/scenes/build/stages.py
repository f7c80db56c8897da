"""A long job in stages: each leaves a mark when it is done, so that a run that was killed goes on where it was."""

import hashlib
import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from posenet_lib.core.files import write_text

Progress = Callable[[int, int], None]


class StageTime(NamedTuple):
    """How long a stage took, in this run or in the one that finished it."""

    name: str
    seconds: float


class Stages:
    """The stages of one job in a folder of their own.

    Args:
        work: the folder; each stage writes into a subfolder or file that it is given.
        bar: called with a stage's name before it begins; returns what its progress is reported to, and is closed.
    """

    def __init__(self, work: Path, bar: Callable[[str], Any]):
        self.work = work
        self.times: list[StageTime] = []
        self.went_on: list[str] = []  # stages that an earlier run had finished
        self._bar = bar
        self._key = ""

    def run(self, name: str, settings: Any, places: list[Path], do: Callable[[Progress], Any]) -> Any:
        """The stage's result: of an earlier run if that finished it from the same input, else of `do`.

        Args:
            settings: all that the result depends on beside the stages before.
            places: what the stage writes. Removed if it is from other input; else kept, for `do` to go on with.
            do: makes the result, which JSON can hold.
        """
        self._key = hashlib.blake2b(f"{self._key}{name}{settings!r}".encode(), digest_size=12).hexdigest()
        begun, done = self.work / f"{name}.begun", self.work / f"{name}.done"
        if _says(done, self._key) and all(place.exists() for place in places):
            kept = json.loads(done.read_text(encoding="utf-8"))
            self.went_on.append(name)
            self.times.append(StageTime(name, kept["seconds"]))
            return kept["result"]
        if not _says(begun, self._key):
            for place in places:
                shutil.rmtree(place) if place.is_dir() else place.unlink(missing_ok=True)
            write_text(begun, json.dumps({"key": self._key}))
        started = time.monotonic()
        with self._bar(name) as progress:
            result = do(progress)
        seconds = time.monotonic() - started
        write_text(done, json.dumps({"key": self._key, "seconds": seconds, "result": result}))
        self.times.append(StageTime(name, seconds))
        return json.loads(json.dumps(result))


def _says(mark: Path, key: str) -> bool:
    try:
        return json.loads(mark.read_text(encoding="utf-8"))["key"] == key
    except (OSError, ValueError, KeyError, TypeError):
        return False
