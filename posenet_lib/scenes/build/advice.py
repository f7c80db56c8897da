"""What a reconstruction is worth, and what to film differently where it is poor."""

from collections.abc import Sequence

_FEW = 0.9  # of the photos, in the largest model
_ERROR_PX = 1.3
_TRACK = 3.0  # photos that see a point, in the mean
_SHOWN = 4


def describe_mapping(mapped: dict, names: Sequence[str]) -> list[str]:
    """Sentences: what was reconstructed, then what would make it better.

    Args:
        mapped: what `colmap.mapping.reconstruct` returns.
        names: of all photos, in order.
    """
    registered = {photo["name"] for photo in mapped["photos"]}
    said = [
        f"{len(registered)} of {len(names)} photos have a pose; {mapped['points']} points, each seen in "
        f"{mapped['track']:.1f} photos in the mean; reprojection error {mapped['error_px']:.2f} px."
    ]
    if len(mapped["models"]) > 1 and len(registered) < len(names):  # others are beginnings that were given up
        sizes = ", ".join(map(str, mapped["models"]))
        said.append(f"The photos fell into {len(mapped['models'])} models of {sizes} photos; the largest was taken.")
    if mapped["forward"]:
        said.append("The first two photos look along the walk, which fixes depth badly: look to the side more often.")
    if len(registered) < _FEW * len(names):
        missing = _stretches([name in registered for name in names], names)
        said.append(
            f"No pose for {missing}. There, turn more slowly, keep things with detail in view, do not film bare walls "
            "or windows, and come by places that were filmed before."
        )
    if mapped["error_px"] > _ERROR_PX:
        said.append(
            "The error is large: hold the phone steadier and walk more slowly (a rolling shutter bends fast views), "
            "lock focus and exposure, switch stabilisation off, and keep moving people out of view."
        )
    if mapped["track"] < _TRACK:
        said.append("Points are seen in few photos: take more frames (--frames), or walk more slowly.")
    return said


def _stretches(kept: Sequence[bool], names: Sequence[str]) -> str:
    """`a ... b, c` of the names that are not kept."""
    parts, start = [], None
    for index, keep in enumerate([*kept, True]):
        if not keep and start is None:
            start = index
        if keep and start is not None:
            last = index - 1
            parts.append(names[start] if start == last else f"{names[start]} ... {names[last]}")
            start = None
    more = f" and {len(parts) - _SHOWN} more stretches" if len(parts) > _SHOWN else ""
    return ", ".join(parts[:_SHOWN]) + more
