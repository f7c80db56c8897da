"""What an import did, in words: loaded, fresh and why, not used and why."""

import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_WIDTH = 110


@dataclass(frozen=True)
class ImportReport:
    """What happened to every tensor of the network and every key of the file."""

    path: Path
    title: str  # what the file is
    trunk: str
    loaded: tuple[str, ...]  # the network's names
    fresh: dict[str, str]  # the network's names -> why they keep their random start
    unused: dict[str, str]  # the file's keys -> why they are not used
    notes: tuple[str, ...]  # where the source's network differs

    def __str__(self) -> str:
        lines = [f"Weights from {self.path}: {self.title}, for the trunk {self.trunk}."]
        lines += _row("loaded", f"{len(self.loaded)} tensors: {_parts(self.loaded)}")
        for label, reasons in (("fresh", self.fresh), ("not used", self.unused)):
            for reason in dict.fromkeys(reasons.values()):
                lines += _row(label, f"{_parts([key for key in reasons if reasons[key] == reason])}: {reason}")
        for note in self.notes:
            lines += _row("note", note)
        return "\n".join(lines)


def why_fresh(name: str) -> str:
    """Why a tensor of the network keeps its random start."""
    if "position_scale" in name:
        return "this scene's own mean and spread of positions"
    if ".regressor." in name:
        return "they answer in this scene's own frame, and have to be learned"
    if name.startswith("main.") or ".lstm." in name:
        return "PoseNet's and PoseLSTM's own layers, which a network for classification does not have"
    return "the file has no such layer"


def _parts(names: Iterable[str]) -> str:
    """Tensors by layer: the trunk as one, `aux1.fc.weight` and `.bias` as aux1.fc."""
    layers: dict[str, int] = {}
    for name in names:
        layer = "trunk" if name.startswith("trunk.") else name.rpartition(".")[0] or name
        layer = name[: name.rindex("_")] if "/" in name and name[-2:] in ("_0", "_1") else layer
        layer = name.rpartition("/")[0] if name.endswith(("/weights", "/biases")) else layer
        layers[layer] = layers.get(layer, 0) + 1
    return ", ".join("the whole trunk" if layer == "trunk" and count > 20 else layer for layer, count in layers.items())


def _row(label: str, text: str) -> list[str]:
    indent = f"  {label:10}"
    return textwrap.wrap(text, _WIDTH, initial_indent=indent, subsequent_indent=" " * len(indent))
