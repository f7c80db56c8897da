"""Hints in steps for the practice; `hints` shows them beside those of the TODOs."""

PRACTICE_HINTS: dict[str, tuple[str, ...]] = {
    "to_network_input": (
        "Take one pixel with red 10 where the mean image has 20. What is the difference, and in which kind of number "
        "can it be written? Convert before you subtract, not afterwards.",
        "A crop of a tensor is a slice of its first two axes, rows and then columns: `[top : top + 224, ...]`. Photo "
        "and mean image need the same one. It does not matter whether you crop or subtract first.",
        "The formula (v / 255 - 0.5) / 0.5 works on a whole tensor at once. At the end the channels move from the last "
        "axis to the first, and the order of rows and columns stays: `permute` takes the old axes in their new order. "
        "(`reshape` only counts the numbers anew.)",
    ),
    "turn_label": (
        "Draw the photo from above: the camera, the photo's centre straight ahead at the distance `focal_px`, the "
        "crop's centre beside it. How far beside, in pixels? The middle crop, and only that, needs no turn.",
        "Which number of `corner` belongs to right, which to down? The angle has the tangent beside / focal_px. A "
        "camera that turns right turns about its y axis, which points down; one that looks down turns about x. "
        "Which signs do (right, down) get in the axis? Try one of them alone with the check.",
        "A quaternion is (cos(a / 2), sin(a / 2) * axis) with an axis of length 1. The label takes world to camera; "
        "then comes your turn, from the old camera to the new one. Which of the two is `first` in `multiply`?",
    ),
    "InceptionBlock": (
        "Look at the picture and count the boxes that have weights: six convolutions, each followed by ReLU. Which of "
        "the seven numbers in `c` is the input of each, and which its output? Make them in `__init__`, each kept in "
        "`self`; `nn.Sequential` keeps those that follow one another together.",
        "A convolution of size k makes a picture smaller by k - 1, unless it is padded. How many zeros does it need on "
        "each side for 3 x 3, and for 5 x 5? The max pool has the same question: its stride is 1 here, not 2.",
        "In `forward`, all four branches read the same `x`. `torch.cat` puts tensors together along one axis, which is "
        "its argument `dim`. The shape is [batch, channels, height, width]. The order matters: 1x1, 3x3, 5x5, pool.",
    ),
    "PoseHead": (
        "Follow one photo through the docstring with a pencil: [channels, 14, 14] into the pool. A window of 5 that "
        "moves by 3 has how many places in 14? So what is the shape after the pool, after the convolution, and how "
        "many numbers are that in one row?",
        "Which steps have weights? Four: one convolution and three fully connected layers (`nn.Linear`). Make them in "
        "`__init__`, with the pool and the dropout. Between the picture and the row stands `flatten`; which axis must "
        "it leave alone?",
        "Dropout draws at random each time it is called. Position and quaternion describe one camera: both should see "
        "the same features. So what do you keep in a variable, and give to both last layers?",
        "The position goes through `to_metres`, the quaternion does not, and nothing makes its length 1 here. "
        "`Pose(position, quaternion)` puts the two together.",
    ),
    "replace_classifiers": (
        "A module is an attribute of another: `net.fc` is the last layer, and `net.fc = ...` puts another one in its "
        "place. Which layer of `net.aux1` gives one number for each class? Leave those before it alone.",
        "The docstring lists what stands in `net.fc` in order. `nn.Sequential` makes one module of several. How many "
        "numbers go into its first layer, and how many come out of its last one?",
        "torchvision drops a fifth of the features before `net.fc`. `nn.Identity()` is a module that does nothing: it "
        "takes the place of a layer that is not wanted.",
    ),
    "train_step": (
        "Five things happen: the network answers, the loss judges the answer, `backward()` writes a gradient into each "
        "parameter, the gradients are clipped, and the optimizer moves the parameters. In which of them does the "
        "number `loss` come into being, and what do you return?",
        "`backward()` **adds** to the gradients that are there already. So where must `optimizer.zero_grad()` stand, "
        "and why is anywhere before `backward()` as good?",
        "`torch.nn.utils.clip_grad_norm_` takes all parameters at once and the length; the name's last `_` says that "
        "it changes them in place. It needs gradients that are there, and has to be done before they are used.",
        "A loss remembers how it was computed (its graph), with every activation of the network. If you return it as "
        "it is, whoever keeps a list of losses keeps all of that. `detach()` gives the number alone.",
    ),
    "rotation_error_deg": (
        "First make both quaternions unit ones: each row divided by its own length. `np.linalg.norm` needs `axis` for "
        "that, and `keepdims=True` so that (N, 4) can be divided by (N, 1).",
        "The product <q1, q2> multiplies number by number and adds up the four. What does its sign mean, if "
        "q and -q are the same rotation? And what is `np.arccos` of 1.0000000000000002?",
        "A quaternion holds the cosine of *half* the angle. So what must be done with the result of `arccos`, before "
        "or after it becomes degrees?",
    ),
    "align_similarity": (
        "Two clouds of points lie in different places. Which shift brings their means together, when the rotation is "
        "known? Take the mean off both clouds first: what remains to be found is a rotation and a scale alone.",
        "Collect all pairs in one 3 x 3 matrix: the mean of the outer products b a^T of the centred points (b from the "
        "target). Its singular value decomposition U D V^T says which directions belong together. Which product of U "
        "and V^T takes a's directions to b's? `np.linalg.svd` returns V^T, not V.",
        "A product of U and V^T may be a mirror. Its determinant tells. Then the direction that matters least, the "
        "last one, has to be turned round: a diagonal matrix of signs between U and V^T does it. The scale counts the "
        "same signs: sum of sign times singular value, divided by the variance of the centred source.",
        "When is the rotation free? Hold a pencil with three dots on it, and turn it about its length. Which singular "
        "values of the centred source are 0 then? And for dots on a sheet of paper? One of the two needs a ValueError.",
    ),
}
