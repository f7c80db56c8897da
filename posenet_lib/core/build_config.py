"""Settings of `posenet scene build` and `register`. The command line's options are made from these fields."""

from dataclasses import dataclass

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.settings import option


@dataclass(frozen=True)
class BuildConfig:
    """`posenet scene build`, and notebook 08: from a video or photos to a scene, by structure from motion."""

    frames: int = option(150, "how many frames of a video become photos; fewer where the camera stands still")
    # SIFT on a CPU. A network's photos are 256 pixels high, so larger ones serve the map alone.
    size: int = option(640, "longer side of the photos in pixels; larger ones are made smaller")
    features: int = option(4000, "SIFT features of a photo, at most")
    seed: int = option(0, "of all random choices: the same input gives the same map")

    def __post_init__(self):
        for name, least in (("frames", 3), ("size", 200), ("features", 100), ("seed", 0)):
            if getattr(self, name) < least:
                raise WorkbookError(f"{name} is {getattr(self, name)}; it must be at least {least}")
