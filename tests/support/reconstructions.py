"""NVM files, as the Cambridge Landmarks scenes bring them."""

from pathlib import Path


def nvm_text(records, points, sightings) -> str:
    """As VisualSFM writes it: JPEG names, tabs, and a second, empty model at the end."""
    cameras = [
        f"{Path(r.name).with_suffix('.jpg')}\t1670.5 {' '.join(map(repr, map(float, r.quaternion_wxyz)))} "
        f"{' '.join(map(repr, map(float, r.position_m)))} -0.05 0 "
        for r in records
    ]
    rows = [
        f"{' '.join(map(str, xyz))} 10 20 30 {len(seen)} " + " ".join(f"{camera} 7 1.5 -2.5" for camera in seen) + " "
        for xyz, seen in zip(points, sightings, strict=True)
    ]
    return "\n".join(["NVM_V3 ", "", str(len(cameras)), *cameras, "", str(len(rows)), *rows, "", "0", "#the last", ""])
