"""What stands somewhere else on the next walk: a bicycle, people, boxes, a ball, a handcart."""

from posenet_lib.scenes.practice_court.figures import person, scaled
from posenet_lib.scenes.practice_court.lighting import ClutterItem
from posenet_lib.scenes.practice_court.panels import Panel, ball, box, place, upright

SKIN = (0.58, 0.31, 0.20)


def _boxes() -> list[Panel]:
    paper = {"texture": "pale_wood", "tint": (1.05, 0.9, 0.72)}
    return box((-0.4, -0.3, 0), (0.2, 0.3, 0.5), **paper) + box((0.25, -0.2, 0), (0.7, 0.25, 0.38), **paper) + place(
        box((-0.22, -0.2, 0), (0.2, 0.2, 0.34), **paper), -0.08, 0, 0.5, 20)  # fmt: skip


def _bicycle(texture: str) -> list[Panel]:
    return [upright(-0.87, 0, 0, 1.75, 1.05, "s", texture, two_sided=True)]


def _cart() -> list[Panel]:
    parts = box((-0.5, -0.3, 0.35), (0.5, 0.3, 0.7), "wood", bottom=True, tint=(0.5, 0.9, 0.6), top="soil")
    for y in (-0.34, 0.34):
        parts.append(upright(-0.28, y, 0, 0.56, 0.56, "s", "clock", two_sided=True, tint=(0.3, 0.25, 0.2)))
    return parts + [
        upright(-0.5, k, 0.68, 1.0, 0.45, "s", "flowers_yellow", two_sided=True, normal=(0, -0.5, 0.8))
        for k in (-0.15, 0.1)
    ]


MAKERS = {
    "woman": lambda: person((0.42, 0.02, 0.05), (0.02, 0.025, 0.07), (0.06, 0.02, 0.01), SKIN),
    "man": lambda: person((0.02, 0.09, 0.26), (0.12, 0.10, 0.07), (0.02, 0.015, 0.01), SKIN),
    "child": lambda: scaled(person((0.85, 0.42, 0.01), (0.04, 0.14, 0.06), (0.30, 0.14, 0.03), SKIN), 0.65),
    "boxes": _boxes,
    "ball": lambda: ball(0.16, 0.16, "parasol_red", 10, 6, repeat=(4, 0.5)),
    "bicycle": lambda: _bicycle("bicycle_blue"),
    "cart": _cart,
}


def clutter_panels(items: tuple[ClutterItem, ...]) -> list[Panel]:
    """Panels of the given things.

    Raises:
        ValueError: a kind is unknown.
    """
    panels = []
    for item in items:
        if item.kind not in MAKERS:
            raise ValueError(f"no clutter of the kind {item.kind!r}; there are {sorted(MAKERS)}")
        panels += place(MAKERS[item.kind](), item.x, item.y, turn_deg=item.turn_deg)
    return panels
