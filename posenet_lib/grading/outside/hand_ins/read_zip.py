"""Reads the notebooks of a zip: each by itself, so that one that is broken takes none of the others with it."""

import re
import stat
import zipfile
from pathlib import Path, PurePosixPath

from posenet_lib.grading.outside.hand_ins.answer_cells import MAX_BYTES, Unreadable
from posenet_lib.grading.outside.hand_ins.plain_text import plain_line
from posenet_lib.grading.outside.hand_ins.submitted_files import (
    IGNORED,
    SubmittedFiles,
    is_archive,
    likely_first,
    too_large,
)

_MAX_ENTRIES = 5000
_MAX_TRIED = 100  # notebooks of one zip
_MAX_UNPACKED = 256 << 20  # bytes of one zip, useful or not


def read_zip(path: Path, shown: str, files: SubmittedFiles) -> None:
    """Add the notebooks of a zip to `files`.

    Raises:
        Unreadable: the zip as a whole can't be opened, or holds what no honest zip holds.
    """
    if path.stat().st_size > 4 * MAX_BYTES:
        raise Unreadable(too_large(path.stat().st_size))
    try:
        archive = zipfile.ZipFile(path)
        entries = archive.infolist()
    except Exception as error:  # whatever a broken zip brings zipfile to raise
        raise Unreadable(f"the zip cannot be opened ({_short(error)})") from None
    with archive:
        if len(entries) > _MAX_ENTRIES:
            raise Unreadable(f"the zip holds {len(entries):,} files, at most {_MAX_ENTRIES:,}; it is not opened")
        for entry in entries:
            _refuse_tricks(entry)
        notebooks = []
        for entry in entries:
            if IGNORED & set(entry.filename.split("/")):
                continue
            if entry.filename.lower().endswith(".ipynb"):
                notebooks.append(entry)
            elif is_archive(entry.filename):
                files.complain(f"{shown}/{entry.filename}", "archives inside of a zip are not read")
        unpacked = 0
        for entry in sorted(notebooks, key=lambda entry: likely_first(entry.filename))[:_MAX_TRIED]:
            name = f"{shown}/{entry.filename[:200]}"
            try:
                files.refuse_more()
                if entry.file_size > MAX_BYTES:
                    raise Unreadable(too_large(entry.file_size))
                unpacked += entry.file_size
                if unpacked > _MAX_UNPACKED:
                    raise Unreadable("not read, because the zip holds too much")
                files.take(name, _read_entry(archive, entry))
            except Unreadable as reason:
                files.complain(name, reason)


def _refuse_tricks(entry: zipfile.ZipInfo) -> None:
    name = entry.filename.replace("\\", "/")
    if ".." in PurePosixPath(name).parts or name.startswith("/") or re.match(r"[A-Za-z]:(/|$)", name):
        raise Unreadable(f"the zip holds a path that leaves it ({_quoted(entry)}); it is not opened")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unreadable(f"the zip holds a link ({_quoted(entry)}); it is not opened")


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """One notebook's bytes.

    Raises:
        Unreadable: it is too large, encrypted, or broken in whatever way its decompressor says.
    """
    try:
        with archive.open(entry) as file:
            data = file.read(MAX_BYTES + 1)  # the size that the archive claims may be a lie
    except Exception as error:  # zlib, bz2 and lzma have errors of their own, and so has every way to be broken
        raise Unreadable(f"cannot be unpacked ({_short(error)})") from None
    if len(data) > MAX_BYTES:
        raise Unreadable(too_large(max(entry.file_size, len(data))))
    return data


def _short(error: Exception) -> str:
    return plain_line(str(error)[:100]) or type(error).__name__


def _quoted(entry: zipfile.ZipInfo) -> str:
    return repr(plain_line(entry.filename[:60]))
