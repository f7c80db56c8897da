"""What stands in a court of the family: kinds, places and colours by chance, with room to walk between them."""

import math

import numpy as np

from posenet_lib.scenes.practice_court import furniture, plants
from posenet_lib.scenes.practice_court.panels import Panel
from posenet_lib.scenes.practice_court.town.houses import LEAVES
from posenet_lib.scenes.practice_court.town.palette import tint

_FLOWERS = ("flowers_red", "flowers_yellow", "flowers_violet")
_FLAGS = ("flag_museum", "flag_city", "flag_blue")
_PASSAGE_M = 2.0  # between two things that walkers go around
# kind, radius that walkers keep, colour on the map, how many at least and at most
_KINDS = (
    ("fountain", 1.2, (0.45, 0.65, 0.75), 0, 1),
    ("statue", 0.7, (0.45, 0.5, 0.42), 0, 2),
    ("kiosk", 1.3, (0.15, 0.5, 0.5), 0, 2),
    ("advertising column", 0.8, (0.85, 0.45, 0.3), 0, 2),
    ("tree", 0.6, (0.35, 0.5, 0.25), 2, 5),
    ("cypress", 0.6, (0.15, 0.33, 0.2), 0, 3),
    ("parasol", 1.2, (0.78, 0.3, 0.3), 0, 3),
    ("lamp", 0.3, (0.25, 0.3, 0.28), 2, 4),
    ("bench", 0.5, (0.6, 0.45, 0.3), 1, 5),
    ("planter", 0.8, (0.8, 0.4, 0.4), 1, 5),
    ("flag", 0.2, (0.3, 0.4, 0.6), 0, 4),
)


def furnishings(rng: np.random.Generator) -> tuple[tuple, ...]:
    """Rows as in `court.FURNISHINGS`: label, maker, x, y, turn in degrees, radius kept by walkers, colour."""
    rows: list[tuple] = []
    for label, radius, colour, least, most in _KINDS:
        for _ in range(int(rng.integers(least, most + 1))):
            for _ in range(60):  # tries; a full court gets fewer things
                x, y = round(float(rng.uniform(-9, 9)), 2), round(float(rng.uniform(-7, 6)), 2)
                if all(math.hypot(x - a, y - b) > radius + other + _PASSAGE_M for _, _, a, b, _, other, _ in rows):
                    panels = _make(label, rng)
                    rows.append(
                        (label, lambda panels=panels: panels, x, y, float(rng.integers(0, 24)) * 15, radius, colour)
                    )
                    break
    return tuple(rows)


def _make(label: str, rng: np.random.Generator) -> list[Panel]:
    if label == "tree":
        return plants.tree(
            str(rng.choice(LEAVES)), float(rng.uniform(1.8, 2.8)), float(rng.uniform(0.9, 1.5)),
            float(rng.uniform(0.8, 1.3)), 34, int(rng.integers(1, 1000)), tint(rng),
        )  # fmt: skip
    if label == "cypress":
        return plants.cypress(int(rng.integers(1, 1000)), float(rng.uniform(3.4, 5)))
    if label == "lamp":
        return furniture.lamp(tint(rng))
    if label == "bench":
        return furniture.bench(tint(rng))
    if label == "planter":
        return plants.planter(str(rng.choice(_FLOWERS)), tint(rng), float(rng.uniform(0.9, 1.6)))
    if label == "parasol":
        return furniture.parasol_table(str(rng.choice(["parasol_red", "awning_blue", "awning_orange"])))
    if label == "flag":
        return furniture.flagpole(str(rng.choice(_FLAGS)), float(rng.uniform(4.2, 5.6)))
    makers = {
        "fountain": furniture.fountain,
        "statue": furniture.statue,
        "kiosk": furniture.kiosk,
        "advertising column": furniture.advertising_column,
    }
    return makers[label]()
