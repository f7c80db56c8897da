"""A photo's name as a list writes it -> its place below the scene's folder."""

import posixpath
import re
from pathlib import Path, PurePosixPath


def relative_name(written: str, folder: Path) -> str:
    r"""Strip what another computer put before the photo's place in the scene (`C:\data\KingsCollege\seq1\...`).

    The longest tail of the path that is a file here; if there is none, what follows the scene folder's name, else
    the last two parts (sequence and frame), as in every published list. `seq1/../seq2` is `seq2`: one photo, one name.
    """
    parts = PurePosixPath(written.replace("\\", "/")).parts
    # "//" begins a Windows share, "~" a home folder; "." and "" have no parts at all.
    absolute = bool(parts) and (parts[0].startswith("/") or parts[0].endswith(":") or parts[0] == "~")
    if not absolute:
        name = posixpath.normpath("/".join(parts)) if parts else ""
        return "" if name == "." else name
    parts = parts[1:]
    for start in range(len(parts)):
        if (folder.joinpath(*parts[start:])).is_file():
            return "/".join(parts[start:])
    if folder.name in parts[:-1]:
        return "/".join(parts[parts.index(folder.name) + 1 :])
    return "/".join(parts[-2:])


def place_of(name: str) -> tuple[str, int]:
    """'seq1/frame00012.png' -> its folder 'seq1', and 12; 0 where a name has no number."""
    folder, _, file = name.rpartition("/")
    digits = re.findall(r"\d+", file.rpartition(".")[0] or file)
    return folder, int(digits[-1][-15:]) if digits else 0
