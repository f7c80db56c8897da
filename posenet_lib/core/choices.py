"""What can be chosen by name, and where it is. A new one is a new file and one line here.

Places are text (`module:name`, below `posenet_lib`), so that `posenet --help` can list all names without importing
PyTorch, and so that this room imports nothing of those that come after it.
"""

import importlib
from typing import Any

# The convolutions: functions without arguments that make a trunk (`models.posenet` says what a trunk has).
TRUNKS = {
    "googlenet": "models.googlenet:plain",
    "googlenet-bn": "models.googlenet:with_batch_norm",
    "resnet18": "models.resnet:resnet18",
    "resnet34": "models.resnet:resnet34",
    "resnet50": "models.resnet:resnet50",
    "efficientnet-lite0": "models.efficientnet_lite:efficientnet_lite0",
}

# What is trained with: functions of `training.losses.LossParts` that make a loss.
LOSSES = {
    "answer": "training.losses.answer:answer",
    "learned": "training.losses.learned_weighting:learned",
    "reprojection": "training.losses.reprojection:reprojection",
}

# Other layouts that become scenes here: modules with `HELP`, `CONVENTION`, `SOURCE`, `add_options` and `read`.
READERS = {
    "7scenes": "scenes.readers.seven_scenes",
    "12scenes": "scenes.readers.twelve_scenes",
    "ace": "scenes.readers.ace",
    "colmap": "scenes.readers.colmap",
    "euroc": "scenes.readers.euroc",
    "kitti": "scenes.readers.kitti",
    "metashape": "scenes.readers.metashape",
    "nerf": "scenes.readers.nerf",
    "nvm": "scenes.readers.visualsfm",
    "phone-ar": "scenes.readers.phone_ar",
    "polycam": "scenes.readers.polycam",
    "realitycapture": "scenes.readers.realitycapture",
    "record3d": "scenes.readers.record3d",
    "table": "scenes.readers.table",
    "tum": "scenes.readers.tum",
}

# The sub-commands of `posenet`, in the order of `--help`: modules with `add_parsers`.
COMMANDS = (
    "commands.lab",
    "commands.walkthrough",
    "commands.download",
    "commands.scene",
    "commands.weights",
    "commands.train",
    "commands.experiment",
    "commands.evaluate",
    "commands.predict",
    "commands.egomotion",
    "commands.submit",
    "commands.grade",
    "commands.courts",
    "commands.release",
    "commands.benchmark",
)


def find(place: str) -> Any:
    """The module, or what it holds under the name after the colon."""
    module, _, name = place.partition(":")
    found = importlib.import_module(f"posenet_lib.{module}")
    return getattr(found, name) if name else found
