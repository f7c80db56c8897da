import numpy as np

from posenet_lib.data.transforms import Corner
from posenet_lib.geometry import quaternion
from posenet_lib.workbook import answer


@answer
def turn_label(
    quaternion_wxyz: np.ndarray, corner: Corner, image_shape: tuple[int, int, int], focal_px: float
) -> np.ndarray:
    """The orientation of a camera that looks where a crop does: the photo's, turned by the shortest way.

    The crop lies `right` and `down` pixels beside the middle one: right = corner.left - middle.left, and down =
    corner.top - middle.top. So its centre is seen in the direction (right, down, focal_px) of the camera (x to the
    right, y down, z forward). The camera turns until it looks there.

    Args:
        quaternion_wxyz: (4,), of the photo, of length 1, world to camera.
        corner: top left pixel of the crop of 224 x 224. The middle one's is `centre_corner(H, W)`; it counts as no
            turn, though it may lie half a pixel beside the photo's centre.
        image_shape: (H, W, 3) of the photo.
        focal_px: focal length in pixels.

    Returns:
        (4,), world to camera, of length 1, with w >= 0.
    """
    height, width, _ = image_shape
    right, down = corner.left - (width - 224) // 2, corner.top - (height - 224) // 2
    beside = np.hypot(right, down)
    if beside == 0:
        return quaternion.canonical_sign(quaternion_wxyz)
    half = np.arctan(beside / focal_px) / 2
    # The axis stands at right angles to the old and to the new direction.
    axis = np.array([down, -right, 0]) / beside
    turn = np.concatenate([[np.cos(half)], np.sin(half) * axis])
    return quaternion.canonical_sign(quaternion.multiply(turn, quaternion_wxyz))
