"""Photos as files: of several sizes, turned by EXIF, very large, or of a kind that decodes to black or white."""

from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from PIL import Image

from posenet_lib.scenes.check.facts import ListFacts, SceneFacts
from posenet_lib.scenes.check.finding import Finding
from posenet_lib.scenes.check.two_views import CornerFinder, agreement, all_pairs, neighbour_pairs
from posenet_lib.scenes.resizing import resized_size

_QUARTERS = {1: 0, 2: 0, 3: 2, 4: 2, 5: 1, 6: 1, 7: 3, 8: 3}  # EXIF orientation -> quarter turns clockwise
_DECODED = 12  # photos of one kind and size that are decoded to see whether anything is on them
_DARK = 0.26  # of the range of 16 bits: a camera of 14 bits reaches 0.25
_AGAIN = "write them again as 8-bit PNG or JPEG: {}"
_DEEP_MODES = ("F", "I", "I;16", "I;16B", "I;16L", "I;16N")


def check(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """Findings."""
    return [*_sizes(facts), *_turned(facts, corners), *_large(facts), *_black(facts)]


def shape_of(facts: SceneFacts, path: Path) -> tuple[int, int] | None:
    """Width and height after resizing; None where there is no photo."""
    header = facts.headers.get(path)
    return resized_size(header.upright_px) if header else None


def usual_shape(facts: SceneFacts) -> tuple[int, int] | None:
    """The most common of `shape_of`."""
    counted = Counter(shape_of(facts, of.rows[index].image_path) for of, index in _rows(facts))
    return counted.most_common(1)[0][0] if counted else None


def quarter_turns(facts: SceneFacts, path: Path) -> int:
    """How often EXIF turns a photo clockwise by a quarter."""
    header = facts.headers.get(path)
    return _QUARTERS.get(header.orientation, 0) if header else 0


def _rows(facts: SceneFacts) -> list[tuple[ListFacts, int]]:
    return [(of, index) for of in facts.lists for index, row in enumerate(of.rows) if row.image_path in facts.headers]


def _sizes(facts: SceneFacts) -> list[Finding]:
    rows, usual = _rows(facts), usual_shape(facts)
    other = [(of, index) for of, index in rows if shape_of(facts, of.rows[index].image_path) != usual]
    if not other:
        return []
    of, index = other[0]
    width, height = facts.headers[of.rows[index].image_path].upright_px
    kinds = Counter(facts.headers[of.rows[index].image_path].upright_px for of, index in rows)
    listed = ", ".join(f"{count} of {size[0]}x{size[1]}" for size, count in kinds.most_common(4))
    return [
        Finding(
            f"photos have several shapes ({listed})",
            len(other),
            f"{of.where(index)} is {width}x{height}",
            "a network needs one shape: training stops when it decodes the first one that differs",
            facts.convert("one-shape") + "   # leaves the photos of other shapes out",
        )
    ]


def _turned(facts: SceneFacts, corners: CornerFinder) -> list[Finding]:
    """EXIF turns photos as a viewer does; poses of structure from motion are often of the pixels as they lie."""
    rows = _rows(facts)
    turned = [(of, i) for of, i in rows if quarter_turns(facts, of.rows[i].image_path)]
    if not turned:
        return []
    quarter = Counter(quarter_turns(facts, of.rows[i].image_path) for of, i in turned).most_common(1)[0][0]
    verdict = _poses_turned(facts, corners, quarter) if len(turned) > 0.9 * len(rows) else None
    if verdict is False:
        return []
    of, index = turned[0]
    sure = "do not turn with them" if verdict else "may not turn with them"
    return [
        Finding(
            f"photos are turned by a note in the file (EXIF orientation), and the poses {sure}",
            len(turned),
            of.where(index),
            "the photos are shown upright, as in a viewer; tools for poses often ignore the note, and then every "
            "orientation is wrong by a quarter turn or half a turn",
            facts.convert("exif") + "   # turns the poses"
            if verdict
            else facts.convert("exif") + "   # turns the poses of these photos; first make sure that it is needed",
        )
    ]


def _poses_turned(facts: SceneFacts, corners: CornerFinder, quarter: int) -> bool | None:
    """Whether the poses fit the pixels as they lie (True) or the photos as shown (False); None if nobody can tell."""
    of = facts.train
    poses = of.poses(np.ones(len(of), dtype=bool)) if of.counts.all() else None
    if poses is None:
        return None
    pairs = corners.pairs(of, of, neighbour_pairs(of, poses.quaternion_wxyz))
    if len(pairs) < 3:
        pairs = corners.pairs(of, of, all_pairs(of, of, (poses.quaternion_wxyz,) * 2))[:24]
    if len(pairs) < 3:
        return None
    shown, lying = (agreement(pairs, poses, poses, turn=turn) for turn in (0, quarter))
    if max(shown, lying) < 0.25 or max(shown, lying) < 2 * min(shown, lying):
        return None
    return lying > shown


def _large(facts: SceneFacts) -> list[Finding]:
    limit = Image.MAX_IMAGE_PIXELS
    large = [
        (of, index)
        for of, index in _rows(facts)
        if np.prod(facts.headers[of.rows[index].image_path].upright_px) > limit
    ]
    if not large:
        return []
    of, index = large[0]
    width, height = facts.headers[of.rows[index].image_path].upright_px
    return [
        Finding(
            f"photos are very large ({width}x{height})",
            len(large),
            of.where(index),
            f"Pillow warns above {limit // 10**6} million pixels and refuses above twice that; PoseNet uses 256 rows "
            "of them, so decoding takes long for nothing",
            "make smaller copies with any photo program, for example ImageMagick: mogrify -resize 25% PHOTOS",
        )
    ]


def _black(facts: SceneFacts) -> list[Finding]:
    """Photos with more than 8 bits: a few of each kind are read, and their range is told."""
    kinds = defaultdict(list)
    for of, index in _rows(facts):
        header = facts.headers[of.rows[index].image_path]
        if header.mode in _DEEP_MODES:
            kinds[header.mode, header.kind].append((of, index))
    findings = []
    for (mode, kind), rows in kinds.items():
        some = [rows[int(k)] for k in np.linspace(0, len(rows) - 1, min(_DECODED, len(rows)))]
        highest = max((_highest(of.rows[index].image_path) for of, index in some), default=None)
        trouble = _out_of_range(mode, highest) if highest is not None else None
        if trouble:
            of, index = rows[0]
            words, remedy = trouble
            findings.append(
                Finding(
                    f"{kind} photos have {words}",
                    len(rows),
                    of.where(index),
                    "the network would see black or white",
                    remedy,
                )
            )
    return findings


def _out_of_range(mode: str, highest: float) -> tuple[str, str] | None:
    """What is wrong with the values, and what to do; None if they decode as they should."""
    if mode == "F":
        if highest <= 1.5:
            return "floating-point values from 0 to 1, and decode to black", _AGAIN.format("multiply them by 255")
        if highest > 300:
            return f"floating-point values up to {highest:.0f}, and decode to white", _AGAIN.format(
                "scale them to 0..255"
            )
        return None
    if highest < _DARK * 65535:
        bits = max(8, int(np.ceil(np.log2(highest + 1))))
        words = f"values of {bits} bits in a file of 16 (the highest is {highest:.0f}), and decode nearly to black"
        return words, _AGAIN.format(f"divide them by {2 ** (bits - 8)}")
    if highest > 65535:
        return f"values up to {highest:.0f} in 32 bits, and decode to white", _AGAIN.format("scale them to 0..255")
    return None


def _highest(path: Path) -> float:
    """The largest value; 0 where the photo cannot be read."""
    try:
        with Image.open(path) as photo:
            values = np.asarray(photo, dtype=np.float64)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return 0.0
    values = values[np.isfinite(values)]
    return float(values.max()) if values.size else 0.0
