"""7-Scenes (Shotton et al., CVPR 2013) -> a scene in the workbook's own format.

The data set's layout: ``seq-NN/frame-NNNNNN.color.png`` with ``frame-NNNNNN.pose.txt`` beside it, a 4x4 matrix that
takes camera coordinates to world coordinates in metres; `TrainSplit.txt` and `TestSplit.txt` name the sequences.
"""

import argparse
import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posenet_lib.core.errors import WorkbookError
from posenet_lib.geometry.intrinsics import read_intrinsics, write_intrinsics
from posenet_lib.geometry.poses import pose_from_matrix
from posenet_lib.scenes.focal_length import INTRINSICS
from posenet_lib.scenes.pose_list import PoseRecord, write_pose_list

HELP = "Turn a 7-Scenes scene or sequence into a scene here."


def add_options(parser: argparse.ArgumentParser) -> None:
    """Beside source and --out."""
    parser.add_argument(
        "--test-blocks",
        metavar="LENGTH:PERIOD",
        help="split one sequence by blocks: 100:4 tests frames 300-399, 700-799, ... "
        "(default: the official TrainSplit.txt and TestSplit.txt)",
    )


def read(options: argparse.Namespace) -> tuple[int, int]:
    """What `posenet scene import-7scenes` does; returns numbers of training and test photos."""
    blocks = TestBlocks.parse(options.test_blocks) if options.test_blocks else None
    return import_seven_scenes(options.source, options.out, blocks)


@dataclass(frozen=True)
class TestBlocks:
    """Split one sequence by blocks: of every `period` blocks of `length` frames, the last one tests.

    Neighbouring frames are nearly the same photo, so a random split would test on what was trained.
    """

    __test__ = False  # the name starts with Test, and pytest would collect it

    length: int
    period: int

    @classmethod
    def parse(cls, text: str) -> "TestBlocks":
        """'100:4' -> frame i tests when (i // 100) % 4 == 3."""
        match = re.fullmatch(r"(\d+):(\d+)", text.strip())
        if not match or int(match[1]) < 1 or int(match[2]) < 2:
            raise WorkbookError(
                f"test blocks {text!r} are not LENGTH:PERIOD with LENGTH >= 1 and PERIOD >= 2; "
                "for example 100:4 tests every fourth block of 100 frames"
            )
        return cls(int(match[1]), int(match[2]))

    def tests(self, frame: int) -> bool:
        """Whether this frame belongs to the test split."""
        return (frame // self.length) % self.period == self.period - 1


def import_seven_scenes(source: str | Path, out: str | Path, test_blocks: TestBlocks | None = None) -> tuple[int, int]:
    """Write `out` as a scene with `dataset_train.txt`, `dataset_test.txt` and the photos, linked or copied.

    Args:
        source: a 7-Scenes scene (with split files), or one sequence's folder (then `test_blocks` is needed).

    Returns:
        Numbers of training and test photos.

    Raises:
        WorkbookError: frames, poses or split files are missing or wrong (named), or `out` already holds something.
    """
    source, out = Path(source), Path(out)
    if not source.is_dir():
        raise WorkbookError(f"{source}: no such folder")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise WorkbookError(f"{out} already holds something; remove it or choose another --out")
    train, test = _split(source, test_blocks)
    for label, records in (("training", train), ("test", test)):
        if not records:
            raise WorkbookError(f"{source}: the split leaves no {label} photo; check the split files or --test-blocks")

    out.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    try:
        for record in (*train, *test):
            _link_or_copy(record.image_path, partial / record.name)
        write_pose_list(partial / "dataset_train.txt", train)
        write_pose_list(partial / "dataset_test.txt", test)
        write_intrinsics(partial / INTRINSICS, _intrinsics(source))
        partial.chmod(0o755)  # mkdtemp makes a folder that only its owner may enter
        if out.exists():
            out.rmdir()
        partial.rename(out)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return len(train), len(test)


def _intrinsics(source: Path) -> np.ndarray:
    """The data set says (585, 585) and (320, 240) for all its scenes; a file beside the photos goes before that."""
    path = source / INTRINSICS
    return read_intrinsics(path) if path.is_file() else np.array([[585.0, 0, 320], [0, 585, 240], [0, 0, 1]])


def _split(source: Path, test_blocks: TestBlocks | None) -> tuple[list[PoseRecord], list[PoseRecord]]:
    sequences = sorted(folder for folder in source.glob("seq-*") if folder.is_dir())
    splits = [source / "TrainSplit.txt", source / "TestSplit.txt"]
    if test_blocks is None and sequences and all(path.is_file() for path in splits):
        named = [_sequences_in(path) for path in splits]
        if both := set(named[0]) & set(named[1]):
            raise WorkbookError(f"{splits[1]}: {min(both).name} is in {splits[0].name} too, so the test is no test")
        train, test = ([r for folder in folders for r in _read_sequence(folder)] for folders in named)
        return train, test
    if test_blocks is None:
        raise WorkbookError(
            f"{source} has no TrainSplit.txt and TestSplit.txt beside seq-NN folders; for a single sequence say which "
            "frames test, for example --test-blocks 100:4"
        )
    if not sequences:
        records = _read_sequence(source)
    elif len(sequences) == 1:
        records = _read_sequence(sequences[0])
    else:
        raise WorkbookError(
            f"{source} holds {len(sequences)} sequences, and --test-blocks splits one; give one of them as the source"
        )
    tests = [test_blocks.tests(_frame_number(record.image_path)) for record in records]
    return (
        [record for record, is_test in zip(records, tests, strict=True) if not is_test],
        [record for record, is_test in zip(records, tests, strict=True) if is_test],
    )


def _sequences_in(split: Path) -> list[Path]:
    """`sequence1` on a line means the folder `seq-01`."""
    folders = []
    for number, line in enumerate(split.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        match = re.fullmatch(r"seq(?:uence)?-?\s*(\d+)", line.strip())
        if not match:
            raise WorkbookError(f"{split}, line {number}: {line.strip()!r} is no sequence; expected 'sequence1'")
        folder = split.parent / f"seq-{int(match[1]):02d}"
        if not folder.is_dir():
            raise WorkbookError(f"{split}, line {number}: {folder} does not exist (is the sequence unpacked?)")
        if folder in folders:
            raise WorkbookError(f"{split}, line {number}: {line.strip()!r} is named twice; keep one")
        folders.append(folder)
    return folders


def _frame_number(photo: Path) -> int:
    return int(photo.name.split("-")[1].split(".")[0])


def _read_sequence(folder: Path) -> list[PoseRecord]:
    photos = sorted(path for path in folder.iterdir() if re.fullmatch(r"frame-\d+\.color\.(png|jpe?g)", path.name))
    if not photos:
        raise WorkbookError(f"{folder}: no frame-NNNNNN.color.png (or .jpg) in it")
    return [_read_frame(photo) for photo in photos]


def _read_frame(photo: Path) -> PoseRecord:
    pose_file = photo.with_name(photo.name.split(".")[0] + ".pose.txt")
    if not pose_file.is_file():
        raise WorkbookError(f"{pose_file} is missing; every photo needs its pose")
    try:
        numbers = np.array(pose_file.read_text().split(), dtype=np.float64)
        if numbers.size != 16:
            raise ValueError(f"has {numbers.size} numbers where a 4x4 matrix has 16")
        if not np.isfinite(numbers).all():
            raise ValueError("holds a number that is not finite")
        position_m, quaternion_wxyz = pose_from_matrix(numbers.reshape(4, 4))
    except ValueError as error:
        raise WorkbookError(f"{pose_file}: {error}") from None
    return PoseRecord(f"{photo.parent.resolve().name}/{photo.name}", photo, position_m, quaternion_wxyz)


def _link_or_copy(source: Path, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    try:
        os.link(source.resolve(), target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)
