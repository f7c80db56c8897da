"""Rows about the notebooks' sliders: a step is to be on the screen before a reader thinks of waiting."""

import itertools
from collections.abc import Callable, Iterator
from functools import partial

from posenet_lib.benchmark.rows import Row, Task
from posenet_lib.benchmark.setup import Setup
from posenet_lib.workbook.first_look import first_look
from posenet_lib.workbook.live_network import PhotoAsked, live_network
from posenet_lib.workbook.pictures import CropOfPhoto, PhotoBesideView, PhotoOnMap

_MOST_MS = 250  # a step


def slider_tasks(setup: Setup) -> list[Task]:
    """The pictures of notebooks 00, 01, 02 and 06, on the practice court; the handout has none."""
    return [Task("steps of sliders", partial(_rows, setup))]


def _rows(setup: Setup) -> Iterator[Row]:
    look = first_look()
    court, places = look.scene, [(0,), (50,), (95,)]
    sliders: dict[str, tuple[Callable, list[tuple]]] = {
        "a crop and its corner": (CropOfPhoto(court.train.open_store()[100]), [(0, 0), (20, 100), (32, 160)]),
        "a photo on the map": (PhotoOnMap(court, court.test), places),
        "a photo beside its view": (PhotoBesideView(court, look.predicted, look.errors), places),
        "a live network's answer": (PhotoAsked(live_network(look)), places),
    }
    for name, (picture, steps) in sliders.items():
        following = itertools.cycle(steps)
        step = partial(_show_next, picture, following)
        timing = setup.stopwatch.in_turns(step, at_most_s=5, together=len(steps))
        step_ms = 1e3 * timing.seconds[0]
        yield Row(f"slider, {name}", None, step_ms, "ms", _MOST_MS / step_ms, 1.0, timing.note)


def _show_next(picture: Callable, steps: Iterator[tuple]) -> str:
    return picture(*next(steps)).html
