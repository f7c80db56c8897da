"""Rotations as three angles: the two conventions of photogrammetry, as matrices camera to world.

Both give camera axes as OpenGL has them (x right, y up, z backward), over a world with z up: at angles 0, the camera
looks straight down, the top of the photo to the north (+y).
"""

import numpy as np

from posenet_lib.geometry import conventions


def about(axis: str, angle_deg: float) -> np.ndarray:
    """(3, 3) of a turn about 'x', 'y' or 'z', counter-clockwise as seen from its tip."""
    cos, sin = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    return {
        "x": np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]]),
        "y": np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]]),
        "z": np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]]),
    }[axis]


def from_yaw_pitch_roll(yaw_deg: float, pitch_deg: float, roll_deg: float) -> np.ndarray:
    """(3, 3) = Rz(-yaw) Rx(pitch) Ry(roll): yaw clockwise from north.

    RealityCapture (which calls yaw heading), Metashape and Pix4D mean the same by their angles.
    """
    return about("z", -yaw_deg) @ about("x", pitch_deg) @ about("y", roll_deg)


def from_omega_phi_kappa(omega_deg: float, phi_deg: float, kappa_deg: float) -> np.ndarray:
    """(3, 3) = Rx(omega) Ry(phi) Rz(kappa), as Metashape and Pix4D write it."""
    return conventions.from_omega_phi_kappa(np.array([[omega_deg, phi_deg, kappa_deg]]))[0]
