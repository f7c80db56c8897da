"""Hints in steps for the practice of notebooks 09 to 11; `hints` shows them beside the others."""

EGOMOTION_HINTS: dict[str, tuple[str, ...]] = {
    "inverse_warp": (
        "Take one pixel first, as in section 2, and write down the shape of everything: `pixel_centres` gives [3, "
        "H, W]; as [3, H * W] it can be multiplied by a 3x3 matrix. The camera matrix is for another size, "
        "perhaps: by which number is its first row multiplied, and by which its second?",
        "Points of all photos: rays [3, H * W] times depths [B, 1, H * W]. A rotation and a shift are parts of "
        "the 4x4 matrix: `[:, :3, :3]` and `[:, :3, 3:]`. After the motion, z is another one than the depth: "
        "divide by the new z. Guard the division with `clamp(min=...)`, but ask for z > 0 before.",
        "A place x in 0..W becomes 2 * x / W - 1 in -1..1, and `grid_sample` wants the places as [B, H, W, 2], x "
        "first. Its arguments `padding_mode` and `align_corners` are in the docstring. Try it without motion: the "
        "photo itself must come back.",
    ),
    "photometric_error": (
        "Begin with the mean of each window: a function `mean(photo)` that pads by one pixel (`F.pad` with "
        '`mode="reflect"`) and pools 3x3 pixels with stride 1. Its result has the size of the photo. All five '
        "numbers of SSIM are such means: of the two photos, of their squares, of their product.",
        "Variance: mean(x * x) - mean(x) ** 2. Covariance: mean(x * y) - mean(x) * mean(y). On paper: two photos "
        "of one colour, 0.2 and 0.8. Which numbers are 0, and what is left of SSIM?",
        "SSIM is 1 where photos are the same, but an *error* is 0 there: (1 - SSIM) / 2, clamped. Weigh the two "
        "parts, add them, and take the mean over the channels with `keepdim=True`.",
    ),
    "left_right_consistency": (
        "Take one row. Pixel centres are at (i + 0.5) / W. The left camera's pixel at x looks for its partner at "
        "x - left(x), which lies between pixels: sample there. A number 0..1 across the width is 2 * x - 1 for "
        "`grid_sample`.",
        "Write a function that samples a disparity, shifted by shares of the width: it builds a grid [B, H, W, 2] "
        "from the shifted columns and the unshifted rows. Then you need it twice, with opposite signs.",
        "Two maps with the same disparity everywhere must give 0, whatever it is. If they do not, look at the "
        "border (`padding_mode`) and at the rows: each row must find itself.",
    ),
    "masked_minimum": (
        "Look at one pixel with two sources. Which number counts for it? And if one of them is not valid there? A "
        "number that must never be the smallest can be made infinite: `masked_fill`.",
        "`amin(dim=1)` takes the minimum over the sources and leaves [B, H, W]. You need it twice: of the warped "
        "errors that are valid, and of the unwarped ones. A pixel counts if it is valid in at least one source "
        "*and* the first minimum is below the second.",
        "`smallest[counts]` are the errors that count, as a list; take their mean. If there is none, a mean is "
        "nan: return 0 then, of a kind that `backward()` can go through, such as `warped.sum() * 0`.",
    ),
}
