"""Hidden cells for the practice turn_label. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% direction: The camera looks where the crop's centre is (2 points)
# lost: The turned camera's z axis has to point where the old camera saw the crop's centre.
import numpy as np

from posenet_lib.data.transforms import Corner
from posenet_lib.geometry import quaternion

rng = np.random.default_rng(seed)  # of this run of grading
for kind, shape in (("a landscape photo", (256, 455, 3)), ("a portrait photo", (455, 256, 3)), ("HD", (540, 960, 3))):
    about(kind)
    looks = []
    for _ in range(12):
        label = quaternion.canonical_sign(quaternion.normalise(rng.normal(size=4)))
        corner = Corner(*(int(rng.integers(0, size - 223)) for size in shape[:2]))
        looks.append(quaternion.to_matrix(answer(label, corner, shape, rng.uniform(150, 700)))[2])
    show(np.stack(looks), 0.002)

# %% whole: No roll, length 1, w >= 0 (1 point)
# lost: The turn goes the shortest way, without roll; the result has length 1 and w >= 0.
import numpy as np

from posenet_lib.data.transforms import Corner
from posenet_lib.geometry import quaternion

rng = np.random.default_rng(seed)  # of this run of grading
results = []
for _ in range(24):
    label = quaternion.canonical_sign(quaternion.normalise(rng.normal(size=4)))
    corner = Corner(int(rng.integers(0, 33)), int(rng.integers(0, 232)))
    results.append(answer(label, corner, (256, 455, 3), rng.uniform(150, 700)))
about("all four numbers")
show(np.stack(results), 0.002)
about("the middle crop")
labels = [quaternion.canonical_sign(quaternion.normalise(rng.normal(size=4))) for _ in range(6)]
show(np.stack([answer(label, Corner(16, 115), (256, 455, 3), 300.0) for label in labels]), 0.002)
