"""Which injected errors are found on which scenes: `python -m tests.scenes.check.matrix [SCENE ...]`.

Every kind of error at several strengths, on scenes without photos (walks of other seeds) and on scenes that are given
as folders, with their photos. A cell says found / tried; 'clean' says how many findings a scene without error has.
"""

import sys
import time
from collections import defaultdict
from pathlib import Path

import numpy as np

from posenet_lib.geometry.poses import PoseArray
from posenet_lib.scenes.check import CHECKS, readable
from posenet_lib.scenes.check.two_views import CornerFinder
from posenet_lib.scenes.pose_list import read_pose_list
from tests.scenes.check.walks import KINDS, facts_of, walked

CONVENTIONS = (
    ("xyzw",), ("c2w",), ("xyzw", "c2w"), ("t",), ("opengl",), ("c2w", "opengl"), ("xyzw", "c2w", "opengl"),
    ("qfirst",), ("hloc",), ("opk",), ("opk-w2c",), ("xyzw", "t"),
)  # fmt: skip
SEEDS = 3  # walks of each kind
CORNERS = CornerFinder()  # photos are looked at once


def findings(facts) -> list:
    """All but what needs list files."""
    return [finding for check in CHECKS if check is not readable for finding in check.check(facts, CORNERS)]


def errors(scene, folder: Path, rng: np.random.Generator):
    """(kind, words that a right finding's remedy holds, facts with the error)."""
    for names in CONVENTIONS:
        kind = "+".join(names)
        expected = {"hloc": ("qfirst", "t")}.get(kind, names)
        yield kind, expected, facts_of(scene, folder, dict.fromkeys(("train", "test"), names))
        for label in ("train", "test"):
            yield f"{kind} in {label}", (*expected, f"--list {label}"), facts_of(scene, folder, {label: names})
    for unit, scale in (("cm", 100.0), ("mm", 1000.0)):
        yield unit, (f"--from {unit}",), facts_of(scene, folder, scales={"train": scale, "test": scale})
    for unit, scale in (("cm", 100.0), ("mm", 1000.0), ("feet", 1 / 0.3048)):
        for label in ("train", "test"):
            yield f"{unit} in {label}", (unit, f"--list {label}"), facts_of(scene, folder, scales={label: scale})
    size = np.median(
        np.linalg.norm(scene["train"][1].position_m - np.median(scene["train"][1].position_m, axis=0), axis=1)
    )
    for factor in (30, 1e3, 1e9):
        yield f"outlier x{factor:g}", ("outliers",), facts_of(_with_outlier(scene, factor * size, rng), folder)
    for offset in ((5e5, 5.78e6, 100.0), (3e4, 2e4, 0.0)):
        yield f"offset {offset[0]:g}", ("offset",), facts_of(_moved(scene, np.array(offset)), folder)
    for rows in (1, 5):
        yield f"identity x{rows}", ("lost",), facts_of(_lost(scene, rows, rng), folder)
    yield "frozen x8", ("lost",), facts_of(_frozen(scene, 8), folder)
    for period in (2, 5):
        yield f"random split 1/{period}", ("test-blocks",), facts_of(_random_split(scene, period, rng), folder)


def _with_outlier(scene, distance: float, rng):
    names, poses = scene["train"]
    position = poses.position_m.copy()
    direction = rng.normal(size=3)
    position[int(rng.integers(len(position)))] += distance * direction / np.linalg.norm(direction)
    return {**scene, "train": (names, PoseArray(position, poses.quaternion_wxyz))}


def _moved(scene, offset):
    return {label: (names, PoseArray(p.position_m + offset, p.quaternion_wxyz)) for label, (names, p) in scene.items()}


def _lost(scene, rows: int, rng):
    names, poses = scene["train"]
    position, wxyz = poses.position_m.copy(), poses.quaternion_wxyz.copy()
    chosen = rng.choice(np.arange(2, len(position) - 2), rows, replace=False)
    position[chosen], wxyz[chosen] = 0, [1, 0, 0, 0]
    return {**scene, "train": (names, PoseArray(position, wxyz))}


def _frozen(scene, length: int):
    """The tracker stops while the camera goes on."""
    names, poses = scene["train"]
    position, wxyz = poses.position_m.copy(), poses.quaternion_wxyz.copy()
    first = min(12, len(position) - length - 2)
    position[first : first + length], wxyz[first : first + length] = position[first], wxyz[first]
    return {**scene, "train": (names, PoseArray(position, wxyz))}


def _random_split(scene, period: int, rng):
    names, poses = scene["train"]
    test = rng.uniform(size=len(names)) < 1 / period
    return {
        label: (
            [name for name, chosen in zip(names, mask, strict=True) if chosen],
            poses.take(mask),
        )
        for label, mask in (("train", ~test), ("test", test))
    }


def main(folders: list[str]) -> None:
    """Print the matrix."""
    scenes = {}
    for folder in folders:
        scene = {}
        for label in ("train", "test"):
            records = read_pose_list(Path(folder) / f"dataset_{label}.txt", check_images=False)
            poses = PoseArray(*(np.array([getattr(r, n) for r in records]) for n in ("position_m", "quaternion_wxyz")))
            scene[label] = ([record.name for record in records], poses)
        scenes[Path(folder).name] = [(scene, Path(folder))]
    for kind in KINDS:
        scenes[kind] = [(walked(kind, seed), Path("nowhere")) for seed in range(1, 1 + SEEDS)]
    if only := [name for name in sys.argv if name.startswith("--only=")]:
        scenes = {name: value for name, value in scenes.items() if name in only[0][7:].split(",")}
    table, false_alarms, order = defaultdict(dict), [], []
    for name, many in scenes.items():
        began = time.perf_counter()
        for number, (scene, folder) in enumerate(many):
            clean = findings(facts_of(scene, folder))
            row = table["clean (false alarms)"].setdefault(name, [0, 0])
            row[0] += len(clean)
            row[1] += 1
            false_alarms += [f"{name} {number}: {finding.finding}" for finding in clean]
            for kind, words, facts in errors(scene, folder, np.random.default_rng(number)):
                found = findings(facts)
                order.append(kind)
                cell = table[kind].setdefault(name, [0, 0])
                cell[0] += any(all(word in finding.remedy for word in words) for finding in found)
                cell[1] += 1
                if "-v" in sys.argv and not any(all(w in finding.remedy for w in words) for finding in found):
                    print(f"missed: {kind} on {name} {number}: {[finding.remedy[-40:] for finding in found]}")
        print(f"{name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
    names = list(scenes)
    print(f"| error | {' | '.join(names)} |\n|---|{'---|' * len(names)}")
    for kind in ["clean (false alarms)", *dict.fromkeys(order)]:
        print(f"| {kind} | " + " | ".join("{}/{}".format(*table[kind][name]) for name in names) + " |")
    for alarm in false_alarms:
        print("false alarm:", alarm)


if __name__ == "__main__":
    main([argument for argument in sys.argv[1:] if not argument.startswith("-")])
