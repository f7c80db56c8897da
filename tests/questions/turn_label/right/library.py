from posenet_lib.data.crop_turn import turned_with_crop
from posenet_lib.workbook import answer


@answer
def turn_label(quaternion_wxyz, corner, image_shape, focal_px):
    return turned_with_crop(quaternion_wxyz[None], [corner], image_shape, focal_px)[0]
