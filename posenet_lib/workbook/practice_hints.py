"""Hints in steps for the practice; `hints` shows them beside those of the TODOs."""

PRACTICE_HINTS: dict[str, tuple[str, ...]] = {
    "InceptionBlock": (
        "Look at the picture and count the boxes that have weights: six convolutions, each followed by ReLU. Which of "
        "the seven numbers in `c` is the input of each, and which its output? Make them in `__init__`, each kept in "
        "`self`; `nn.Sequential` keeps those that follow one another together.",
        "A convolution of size k makes a picture smaller by k - 1, unless it is padded. How many zeros does it need on "
        "each side for 3 x 3, and for 5 x 5? The max pool has the same question: its stride is 1 here, not 2.",
        "In `forward`, all four branches read the same `x`. `torch.cat` puts tensors together along one axis, which is "
        "its argument `dim`. The shape is [batch, channels, height, width]. The order matters: 1x1, 3x3, 5x5, pool.",
    ),
}
