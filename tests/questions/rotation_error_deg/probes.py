"""Hidden cells for the practice rotation_error_deg. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% angles: The angle between two unit quaternions (1 point)
# lost: For unit quaternions the error is 2 arccos <q1, q2> in degrees, one for each photo.
import numpy as np

from posenet_lib.geometry import quaternion

rng = np.random.default_rng(seed)  # of this run of grading
for kind, count, spread in (("small turns", 40, 0.05), ("turns of every size", 40, 0.7), ("one photo", 1, 0.3)):
    about(kind)
    errors = []
    for _ in range(40 // count):
        true = quaternion.normalise(rng.normal(size=(count, 4)))
        near = quaternion.normalise(true + spread * rng.normal(size=(count, 4)))
        near *= np.sign((near * true).sum(axis=1, keepdims=True))
        errors.append(answer(near, true))
    show(np.concatenate(errors), 0.1)

# %% signs: q and -q are one rotation (1 point)
# lost: The error of q and of -q is the same, and never above 180 degrees: take the absolute value of the product.
import numpy as np

from posenet_lib.geometry import quaternion

rng = np.random.default_rng(seed)  # of this run of grading
true = quaternion.normalise(rng.normal(size=(60, 4)))
near = -quaternion.normalise(true + 0.3 * rng.normal(size=(60, 4)))
about("the prediction near -q")
show(answer(near, true), 0.1)

# %% lengths: Quaternions of any length (1 point)
# lost: Each quaternion is divided by its own length first; the arguments stay unchanged.
import numpy as np

rng = np.random.default_rng(seed)  # of this run of grading
for kind, low, high in (("longer ones", 1.5, 40.0), ("shorter ones", 0.02, 0.7)):
    about(kind)
    true, near = rng.normal(size=(2, 50, 4))
    near *= np.sign((near * true).sum(axis=1, keepdims=True))
    lengths = [q / np.linalg.norm(q, axis=1, keepdims=True) * rng.uniform(low, high, (50, 1)) for q in (near, true)]
    given = [q.copy() for q in lengths]
    show(answer(*lengths), 0.1)
    say([np.array_equal(*pair) for pair in zip(given, lengths, strict=True)])

# %% ends: 0 and 180 degrees, without NaN (1 point)
# lost: Rounding may bring the product above 1, where arccos is NaN; and half a turn is 180 degrees.
import numpy as np

from posenet_lib.geometry import quaternion

rng = np.random.default_rng(seed)  # of this run of grading
same = quaternion.normalise(rng.normal(size=(500, 4)))
about("the same rotation")
say(bool(np.isfinite(answer(same, same)).all()))
show(answer(same, same), 0.1)
about("half a turn")
axes = rng.normal(size=(50, 3))
half = np.concatenate([np.zeros((50, 1)), axes / np.linalg.norm(axes, axis=1, keepdims=True)], axis=1)
show(answer(quaternion.multiply(half, same[:50]), same[:50]), 0.1)
