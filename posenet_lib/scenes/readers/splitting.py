"""Which imported photos train and which test: by whole stretches, never by chance.

Neighbouring frames are nearly the same photo, so a random split would test on what was trained.
"""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.readers.read_pose import ReadPose, Source
from posenet_lib.scenes.readers.text import lines_of

_SHARE = 0.2  # of the photos, for the test when nobody says which
_FOLDER_SHARE = (0.1, 0.4)  # a last folder of such a share is a better stretch than a part of one


@dataclass(frozen=True)
class TestBlocks:
    """Split one sequence by blocks: of every `period` blocks of `length` frames, the last one tests."""

    __test__ = False  # the name starts with Test, and pytest would collect it

    length: int
    period: int

    @classmethod
    def parse(cls, text: str) -> "TestBlocks":
        """'100:4' -> frame i tests when (i // 100) % 4 == 3."""
        match = re.fullmatch(r"(\d{1,9}):(\d{1,9})", text.strip())
        if not match or int(match[1]) < 1 or int(match[2]) < 2:
            raise WorkbookError(
                f"test blocks {text!r} are not LENGTH:PERIOD with LENGTH >= 1 and PERIOD >= 2; "
                "for example 100:4 tests every fourth block of 100 frames"
            )
        return cls(int(match[1]), int(match[2]))

    def tests(self, frame: int) -> bool:
        """Whether this frame belongs to the test split."""
        return (frame // self.length) % self.period == self.period - 1


@dataclass(frozen=True)
class SplitChoice:
    """What the user said about the split; nothing by default."""

    blocks: TestBlocks | None = None
    folders: Sequence[str] = ()
    list_file: Path | None = None

    @property
    def given(self) -> bool:
        """Whether the user said anything."""
        return bool(self.blocks or self.folders or self.list_file)


def add_split_options(parser: argparse.ArgumentParser) -> None:
    """Three ways to say which photos test; without them, the source's own split, else the last stretch."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--test-blocks",
        metavar="LENGTH:PERIOD",
        help="test every PERIOD-th block of LENGTH photos in their order: 100:4 tests photos 300-399, 700-799, ... "
        "(7-Scenes: frame numbers; without any of the three --test options: the source's own split, else the last "
        "stretch of about 20 percent)",
    )
    ways.add_argument(
        "--test-folder",
        action="append",
        metavar="NAME",
        help="the photos of this folder test (a walk of its own); may be given several times",
    )
    ways.add_argument("--test-list", type=Path, metavar="FILE", help="the photos that this file names test, one a line")


def split_choice(options: argparse.Namespace) -> SplitChoice:
    """What `add_split_options` parsed."""
    blocks = TestBlocks.parse(options.test_blocks) if options.test_blocks else None
    return SplitChoice(blocks, tuple(options.test_folder or ()), options.test_list)


def split_poses(
    source: Source, poses: Sequence[ReadPose], choice: SplitChoice
) -> tuple[list[ReadPose], list[ReadPose], str]:
    """Training, test, and a sentence that says how they were chosen.

    Args:
        poses: in their order, lost frames included, so that those move no block.

    Raises:
        WorkbookError: what the user named is not in the source.
    """
    if choice.blocks:
        tests = [choice.blocks.tests(index if p.number is None else p.number) for index, p in enumerate(poses)]
        note = f"of every {choice.blocks.period} blocks of {choice.blocks.length} photos, the last one tests"
    elif choice.folders:
        tests = _in_folders(poses, choice.folders)
        note = f"the photos in {', '.join(choice.folders)} test"
    elif choice.list_file:
        tests = _in_list(poses, choice.list_file)
        note = f"the photos named by {choice.list_file} test"
    elif source.split_note:
        poses = [pose for pose in poses if pose.split]
        tests = [pose.split == "test" for pose in poses]
        note = source.split_note
    else:
        tests, note = _last_stretch(poses)
    train = [pose for pose, is_test in zip(poses, tests, strict=True) if not is_test]
    test = [pose for pose, is_test in zip(poses, tests, strict=True) if is_test]
    return train, test, f"Split: {note}."


def _in_folders(poses: Sequence[ReadPose], folders: Sequence[str]) -> list[bool]:
    wanted = [folder.replace("\\", "/").strip("/") for folder in folders]
    have = sorted({pose.name.rpartition("/")[0] for pose in poses})
    for folder in wanted:
        if not any(name == folder or name.startswith(folder + "/") for name in have):
            raise WorkbookError(f"--test-folder {folder}: no photo is in it; the folders are {', '.join(have[:20])}")
    return [any(pose.name.startswith(folder + "/") for folder in wanted) for pose in poses]


def _in_list(poses: Sequence[ReadPose], path: Path) -> list[bool]:
    by_name: dict[str, list[int]] = {}
    for index, pose in enumerate(poses):
        for key in {pose.name, pose.name.rpartition("/")[2]}:
            by_name.setdefault(key, []).append(index)
    tests = [False] * len(poses)
    for number, line in lines_of(path):
        name = line.split()[0] if line.split()[0] in by_name else line
        name = name if name in by_name else name.replace("\\", "/").rpartition("/")[2]
        found = by_name.get(name, [])
        if len(found) != 1:
            what = "is several of" if found else "is none of"
            raise WorkbookError(f"{path}, line {number}: {line[:60]!r} {what} the photos that are imported")
        tests[found[0]] = True
    return tests


def _last_stretch(poses: Sequence[ReadPose]) -> tuple[list[bool], str]:
    folders = list(dict.fromkeys(pose.name.rpartition("/")[0] for pose in poses))
    of_last = [pose.name.rpartition("/")[0] == folders[-1] for pose in poses] if folders else []
    least, most = _FOLDER_SHARE
    advice = "--test-blocks, --test-folder and --test-list choose another"
    if len(folders) > 1 and least * len(poses) <= sum(of_last) <= most * len(poses):
        return of_last, f"the source has none, so the last folder, {folders[-1]}, tests ({advice})"
    count = max(1, round(_SHARE * len(poses)))
    tests = [index >= len(poses) - count for index in range(len(poses))]
    return tests, f"the source has none, so the last {count} photos, one whole stretch, test ({advice})"
