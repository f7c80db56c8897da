"""An experiment's file, and the runs that it asks for.

scene = "practice-court"                       # a known scene or a folder
seeds = [0, 1]                                 # each run once with each; default [0]
test_time = ["centre"]                         # how each network is asked; default ["centre"]
crops = 128                                    # of dense; optional, as is samples (of mc-dropout)

[settings]                                     # of every run: any setting of `posenet train`
max_minutes = 3

[[runs]]                                       # what differs; nothing is fine too
trunk = ["googlenet", "googlenet-bn"]          # a list makes one run of each value: lists together make a grid

[[runs]]
name = "all test times"                        # else the name is made from what differs
trunk = "googlenet-bn"
test_time = ["centre", "dense", "mc-dropout"]  # for these alone; seeds too
"""

import dataclasses
import hashlib
import itertools
import json
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from posenet_lib.core.config import PAPER_SIZE, TEST_TIMES, PredictConfig, TrainConfig
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.settings import checked_values, refuse

_TOP = ("scene", "seeds", "test_time", "crops", "samples", "settings", "runs")
_ALSO_IN_RUNS = ("name", "seeds", "test_time")


@dataclass(frozen=True)
class PlannedRun:
    """One network to train, and how it is then asked."""

    name: str  # without the seed
    config: TrainConfig
    test_times: tuple[PredictConfig, ...]

    def folder(self, context: str) -> str:
        """Its folder's name: another for other settings or another `context` (scene, answers), whatever the name."""
        c, settings = self.config, json.dumps([dataclasses.asdict(self.config), context], sort_keys=True)
        return f"{c.trunk}-{c.head}-{c.loss}-seed{c.seed}-{hashlib.sha256(settings.encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class Experiment:
    """What a file asks for."""

    scene: str
    runs: tuple[PlannedRun, ...]


def read_experiment(path: str | Path) -> Experiment:
    """Read and check the whole file, before the first run.

    Raises:
        WorkbookError: the file is missing, is no TOML, or asks for something unknown; it names the place.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows' editors write a byte order mark
    except (OSError, UnicodeDecodeError) as error:
        raise WorkbookError(f"{path}: cannot be read ({error}); give a TOML file that describes runs") from None
    try:
        return parse_experiment(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise WorkbookError(f"{path}: no valid TOML: {error}") from None
    except WorkbookError as error:
        raise WorkbookError(f"{path}: {error}") from None


def parse_experiment(data: dict[str, Any]) -> Experiment:
    """The same from the file's contents."""
    _known(data, _TOP, "at the top")
    common = data.get("settings", {})
    entries = data.get("runs", [{}])
    if not isinstance(common, dict) or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise WorkbookError("write [settings] once, and [[runs]] in double brackets before each run")
    if not isinstance(data.get("scene", ""), str):
        raise WorkbookError(f"scene is {data['scene']!r}; give a scene's name or folder in quotes")
    # A seed that one setting gives and `seeds` overrides would be lost in silence.
    settings = tuple(item.name for item in dataclasses.fields(TrainConfig) if item.name != "seed")
    _known(common, settings, "in [settings]")
    try:
        checked_values(TrainConfig, common)  # here, so that a message doesn't blame the first of the runs
    except WorkbookError as error:
        raise WorkbookError(f"in [settings]: {error}") from None
    runs: list[PlannedRun] = []
    for number, entry in enumerate(entries, start=1):
        place = f"in [[runs]] number {number}"
        _known(entry, (*_ALSO_IN_RUNS, *settings), place)
        try:
            runs += _runs(entry, common, data)
        except WorkbookError as error:
            raise WorkbookError(f"{place}: {error}") from None
    names = [(run.name, run.config.seed) for run in runs]
    if twice := sorted({f"{name!r} (seed {seed})" for name, seed in names if names.count((name, seed)) > 1}):
        raise WorkbookError(f"two runs have the same name and seed: {', '.join(twice)}; give one another `name`")
    if not runs:
        raise WorkbookError("asks for no run: `runs`, or a list in it, is empty")
    return Experiment(data.get("scene", "practice-court"), tuple(runs))


def _runs(entry: dict[str, Any], common: dict[str, Any], top: dict[str, Any]) -> Iterator[PlannedRun]:
    """All runs of one [[runs]] entry: its lists' values in all combinations, each with all seeds."""
    seeds = entry.get("seeds", top.get("seeds", [0]))
    if not isinstance(seeds, list) or not seeds or not all(type(seed) is int for seed in seeds):
        raise WorkbookError(f"seeds is {seeds!r}; give a list of whole numbers such as [0, 1, 2]")
    modes = entry.get("test_time", top.get("test_time", ["centre"]))
    modes = modes if isinstance(modes, list) else [modes]
    if not modes or any(modes.count(mode) > 1 for mode in modes):  # twice would look like another seed
        raise WorkbookError(f"test_time is {modes!r}; give at least one of {', '.join(TEST_TIMES)}, each once")
    options = {name: top[name] for name in ("crops", "samples") if name in top}
    test_times = tuple(PredictConfig.from_dict({"test_time": mode, **options}) for mode in modes)
    varied = {key: value for key, value in entry.items() if key not in _ALSO_IN_RUNS}
    lists = {key: value for key, value in varied.items() if isinstance(value, list)}
    for values in itertools.product(*lists.values()):
        chosen = dict(zip(lists, values, strict=True))
        differs = chosen if "name" in entry else {**varied, **chosen}
        words = [str(entry["name"])] if "name" in entry else []
        words += [_words(key, value) for key, value in differs.items()]
        for seed in seeds:
            config = TrainConfig.from_dict({"image_size": PAPER_SIZE, **common, **varied, **chosen, "seed": seed})
            yield PlannedRun(", ".join(words) or "as in [settings]", config, test_times)


def _words(key: str, value: Any) -> str:
    return f"{key.replace('_', ' ')} {value}"


def _known(table: dict[str, Any], valid: Sequence[str], place: str) -> None:
    if unknown := sorted(set(table) - set(valid)):
        refuse(unknown)
        advice = "write `seeds = [...]` at the top or in [[runs]]; " if "seed" in unknown else ""
        raise WorkbookError(f"unknown {', '.join(map(repr, unknown))} {place}; {advice}known are {', '.join(valid)}")
