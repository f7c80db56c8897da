"""The files that the workbook knows: where they come from, how long they are, and how to tell that they are right."""

from dataclasses import dataclass
from pathlib import Path

import pooch

from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.workspace import datasets_dir, pretrained_dir


@dataclass(frozen=True)
class KnownFile:
    """One file, and what it becomes: a scene under data/datasets, or weights under pretrained_models."""

    name: str  # what the user calls it
    file_name: str
    what: str  # one line for the list
    addresses: tuple[str, ...]  # tried in this order
    size: int | None = None  # bytes
    sha256: str | None = None  # all of it, or its first letters as torchvision publishes them in the file's name
    is_scene: bool = False

    @property
    def path(self) -> Path:
        """Where the file itself lies, downloaded or put there by hand."""
        return (datasets_dir() if self.is_scene else pretrained_dir()) / self.file_name

    @property
    def target(self) -> Path:
        """What is there in the end: the scene's folder, or the file."""
        return datasets_dir() / self.name if self.is_scene else self.path

    @property
    def is_here(self) -> bool:
        """Whether nothing has to be done. A file of known size that has another one is not counted."""
        if self.is_scene:
            return (self.target / "dataset_train.txt").is_file()
        return self.path.is_file() and self.size in (None, self.path.stat().st_size)

    @property
    def facts(self) -> str:
        """Size and hash in a few words."""
        size = f"{self.size / 1e6:,.0f} MB" if self.size else "size unknown"
        if self.sha256 is None:
            return f"{size}, hash unknown"
        return f"{size}, SHA-256 " + ("known" if len(self.sha256) == 64 else f"begins with {self.sha256}")

    def check(self, path: Path) -> None:
        """Compare a file with what is known about it.

        Raises:
            WorkbookError: its size or its hash is another one.
        """
        size = path.stat().st_size
        if self.size is not None and size != self.size:
            raise WorkbookError(f"{path}: has {size:,} bytes, {self.name} has {self.size:,}")
        if self.sha256 is not None:
            found = pooch.file_hash(str(path))
            if not found.startswith(self.sha256):
                raise WorkbookError(
                    f"{path}: is not {self.name}: its SHA-256 is {found[: len(self.sha256)]}, expected {self.sha256}"
                )


def find_known(name: str) -> KnownFile:
    """The known file that is called so; 'kings-college' finds KingsCollege.

    Raises:
        WorkbookError: there is none; all are listed.
    """
    for known in KNOWN_FILES:
        if _plain(name) in (_plain(known.name), _plain(known.file_name)):
            return known
    names = ", ".join(known.name for known in KNOWN_FILES)
    raise WorkbookError(f"no known download {name!r}; choose one of {names}")


def _plain(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


def _cambridge(name: str, what: str, handle: int, stream: str) -> KnownFile:
    """A scene of Cambridge Landmarks, by its place in the university's repository, and by that of its file."""
    return KnownFile(
        name=name,
        file_name=f"{name}.zip",
        what=what,
        addresses=(
            f"https://www.repository.cam.ac.uk/bitstream/handle/1810/{handle}/{name}.zip",
            f"https://api.repository.cam.ac.uk/server/api/core/bitstreams/{stream}/content",
        ),
        is_scene=True,
    )


def _torchvision(name: str, what: str, file_name: str) -> KnownFile:
    """ImageNet weights as torchvision names them: `<network>-<first letters of the SHA-256>.pth`."""
    return KnownFile(
        name=name,
        file_name=file_name,
        what=what,
        addresses=(f"https://download.pytorch.org/models/{file_name}",),
        sha256=file_name.rpartition("-")[2].removesuffix(".pth"),
    )


KNOWN_FILES: tuple[KnownFile, ...] = (
    _cambridge(
        "KingsCollege", "Cambridge Landmarks, 1,220 + 343 photos", 251342, "1cd2b04b-ada9-4841-8023-8207f1f3519b"
    ),
    _cambridge("OldHospital", "Cambridge Landmarks", 251340, "ae577bfb-bdce-488c-8ce6-3765eabe420e"),
    _cambridge("ShopFacade", "Cambridge Landmarks, the smallest", 251336, "4e5c67dd-9497-4a1d-add4-fd0e00bcb8cb"),
    _cambridge("StMarysChurch", "Cambridge Landmarks", 251294, "2559ba20-c4d1-4295-b77f-183f580dbc56"),
    _cambridge("GreatCourt", "Cambridge Landmarks", 251291, "bceda7ac-e51c-40ca-b9d7-d758d40cdcf4"),
    _cambridge("Street", "Cambridge Landmarks, the largest", 251292, "d39a7732-591f-470a-9f5e-2a9892118abd"),
    KnownFile(
        name="places-googlenet",
        file_name="places-googlenet.pickle",
        what="GoogLeNet trained on Places: what PoseNet started from",
        addresses=("https://vision.in.tum.de/webarchive/hazirbas/poselstm-pytorch/places-googlenet.pickle",),
        size=124_794_267,
        sha256="1588a1a8e5dcd54ef79e2b7616289eb563ce22d95a19a8340c936c79a752b780",
    ),
    _torchvision("imagenet-googlenet", "torchvision's GoogLeNet, batch norm", "googlenet-1378be20.pth"),
    _torchvision("imagenet-resnet18", "torchvision's ResNet-18", "resnet18-f37072fd.pth"),
    _torchvision("imagenet-resnet34", "torchvision's ResNet-34", "resnet34-b627a593.pth"),
    _torchvision("imagenet-resnet50", "torchvision's ResNet-50", "resnet50-0676ba61.pth"),
)
