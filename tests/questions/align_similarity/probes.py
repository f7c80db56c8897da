"""Hidden cells for the practice align_similarity. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% exact: Points that fit exactly are moved exactly (2 points)
# lost: Scale, rotation and shift together move every point of the source onto its place in the target.
import numpy as np

rng = np.random.default_rng(seed)
for kind, count in (("many points", 30), ("a few points", 5)):
    about(kind)
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    rotation = rotation * np.sign(np.linalg.det(rotation))
    source = rng.normal(size=(count, 3)) * [3.0, 2.0, 1.0] + rng.uniform(-9, 9, 3)
    scale, shift = rng.uniform(0.2, 5), rng.uniform(-50, 50, 3)
    found = answer(source, scale * source @ rotation.T + shift)
    points = rng.normal(size=(20, 3)) * 5
    show(found.scale * points @ np.asarray(found.rotation).T + found.shift, 0.01)

# %% noise: With noise, the residuals are as small as possible (1 point)
# lost: With noise, all three of scale, rotation and shift are those with the smallest sum of squared residuals.
import numpy as np

rng = np.random.default_rng(seed)
about("noisy points")
for _ in range(3):
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    rotation = rotation * np.sign(np.linalg.det(rotation))
    source = rng.normal(size=(14, 3)) * [3.0, 2.0, 1.0] + rng.uniform(-9, 9, 3)
    target = 0.7 * source @ rotation.T + rng.normal(size=(14, 3)) * 0.6
    found = answer(source, target)
    points = rng.normal(size=(20, 3)) * 20
    show(found.scale * points @ np.asarray(found.rotation).T + found.shift, 0.01)

# %% mirror: Never a mirror, and points in a plane suffice (1 point)
# lost: Where a mirror image fits best, or as well, the result is a rotation, with the scale that belongs to it.
import numpy as np

rng = np.random.default_rng(seed)
about("mirrored points")
for _ in range(3):
    source = rng.normal(size=(15, 3)) * [4.0, 2.0, 0.8]
    found = answer(source, source * [1.0, 1.0, -1.0] * rng.uniform(0.5, 2) + rng.uniform(-5, 5, 3))
    say(round(float(np.linalg.det(np.asarray(found.rotation)))))
    points = rng.normal(size=(20, 3)) * 5
    show(found.scale * points @ np.asarray(found.rotation).T + found.shift, 0.01)
for kind, count, flat in (("three points", 3, 1.0), ("points in a plane", 12, 0.0)):
    about(kind)
    rotation = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    rotation = rotation * np.sign(np.linalg.det(rotation))
    source = rng.normal(size=(count, 3)) * [3.0, 2.0, flat] + rng.uniform(-9, 9, 3)
    found = answer(source, 1.5 * source @ rotation.T + rng.uniform(-50, 50, 3))
    points = rng.normal(size=(20, 3)) * 5
    show(found.scale * points @ np.asarray(found.rotation).T + found.shift, 0.01)

# %% form: The arguments stay unchanged (1 point)
# lost: Source and target are the same after the call as before.
import numpy as np

rng = np.random.default_rng(seed)
source = rng.normal(size=(9, 3))
target = 2 * source + rng.normal(size=(9, 3))
given = source.copy(), target.copy()
about("the arguments after the call")
answer(*given)
say([bool(np.array_equal(*pair)) for pair in zip(given, (source, target), strict=True)])

# %% degenerate: Points that do not suffice are refused (1 point)
# lost: Points on a line, or at one place, raise a ValueError: many similarities fit them equally well.
import numpy as np

rng = np.random.default_rng(seed)
along = rng.uniform(-3, 3, (8, 1)) * rng.normal(size=3) + rng.uniform(-5, 5, 3)
for kind, source in (("points on a line", along), ("two points", along[:2]), ("one place", np.tile(along[:1], (6, 1)))):
    about(kind)
    try:
        answer(source, 2 * source + 1)
        say("an answer")
    except ValueError as error:
        say(type(error).__name__)
