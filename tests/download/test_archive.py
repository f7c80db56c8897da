"""Scene archives made to harm, damaged ones, and odd but honest ones."""

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.download import archive
from posenet_lib.download.archive import unpack_scene

LIST = b"Visual Landmark Dataset V1\n\n\nseq1/a.png 1 2 3 1 0 0 0\n"
SCENE = {"dataset_train.txt": LIST, "dataset_test.txt": LIST, "seq1/a.png": b"no photo, but bytes" * 100}


def make(
    path: Path, files: dict[str, bytes], *odd: tuple[zipfile.ZipInfo | str, bytes], packed=zipfile.ZIP_DEFLATED
) -> Path:
    with zipfile.ZipFile(path, "w", packed) as zipped:
        for name, data in files.items():
            zipped.writestr(name, data)
        for info, data in odd:
            zipped.writestr(info, data)
    return path


def entry(name: str, mode: int = 0, **changes) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name  # as it is written, not as zipfile would mend it
    info.external_attr = mode << 16
    for key, value in changes.items():
        setattr(info, key, value)
    return info


def everything_below(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


@pytest.fixture
def outside(tmp_path) -> Path:
    """The target's folder lies two deep, so that what escapes is seen."""
    (tmp_path / "data" / "datasets").mkdir(parents=True)
    return tmp_path


def refused(outside: Path, words: str) -> None:
    before = everything_below(outside)
    with pytest.raises(WorkbookError, match=words):
        unpack_scene(outside / "scene.zip", outside / "data" / "datasets" / "Court", show_progress=False)
    assert everything_below(outside) == before


@pytest.mark.parametrize(
    "name",
    [
        "../e.txt",
        "../../e.txt",
        "seq1/../../e.txt",
        "seq1/..",
        "/tmp/posenet-escaped.txt",
        "//host/share/e.txt",
        "..\\e.txt",
        "C:\\e.txt",
        "C:e.txt",
        "seq1\\a.png",
        "a\x1b[31m",
        "a\nb",
        ".",
        "/",
    ],
)
def test_names_that_lead_out(name, outside):
    make(outside / "scene.zip", SCENE, (entry(name), b"escaped"))
    refused(outside, "refused, because of")
    assert not Path("/tmp/posenet-escaped.txt").exists()


def test_a_name_with_a_zero_byte(outside):
    make(outside / "scene.zip", SCENE | {"harmlessX../escaped": b"escaped"})
    data = (outside / "scene.zip").read_bytes().replace(b"harmlessX../", b"harmless\0../")
    (outside / "scene.zip").write_bytes(data)
    refused(outside, "refused, because of|damaged")


@pytest.mark.parametrize(
    "kind",
    [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK],
    ids=["link", "tty", "disk", "pipe", "socket"],
)
def test_links_and_devices(kind, outside):
    make(outside / "scene.zip", SCENE, (entry("seq1/b.png", kind | 0o777), b"/etc/passwd"))
    refused(outside, "a link or a device")


def test_a_link_and_a_file_through_it(outside):
    link = entry("seq2", stat.S_IFLNK | 0o777)
    make(outside / "scene.zip", SCENE, (link, b"../.."), ("seq2/escaped.txt", b"escaped"))
    refused(outside, "a link or a device")


@pytest.mark.parametrize("second", ["seq1/a.png", "SEQ1/A.PNG", "seq1/a.png/b"])
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_files_of_one_name(second, outside):
    make(outside / "scene.zip", SCENE, (second, b"another"))
    refused(outside, "are one name|a file and a folder")


def test_a_bomb_that_says_what_it_is(outside):
    make(outside / "scene.zip", SCENE | {"seq1/zeros.png": bytes(60_000_000)})
    refused(outside, r"0\.1 MB that claim to unpack to 60 are no photos")


def test_a_bomb_that_claims_to_be_small(outside):
    make(outside / "scene.zip", SCENE | {"seq1/zeros.png": bytes(5_000_000)})
    data = (outside / "scene.zip").read_bytes()
    assert data.count(struct.pack("<I", 5_000_000)) == 2
    (outside / "scene.zip").write_bytes(data.replace(struct.pack("<I", 5_000_000), struct.pack("<I", 5_000)))
    refused(outside, "damaged|longer than it says")


def test_entries_that_share_their_bytes(outside):
    make(
        outside / "scene.zip", SCENE | {f"seq1/{k:03}.png": b"x" * 40_000 for k in range(40)}, packed=zipfile.ZIP_STORED
    )
    data = bytearray((outside / "scene.zip").read_bytes())
    with zipfile.ZipFile(outside / "scene.zip") as zipped:
        kept = zipped.getinfo("seq1/000.png").header_offset
        cut_from, start = zipped.getinfo("seq1/001.png").header_offset, zipped.start_dir
    directory, position = data[start:], 0
    while directory[position : position + 4] == b"PK\x01\x02":  # let every photo begin where the first does
        length = 46 + sum(struct.unpack_from("<HHH", directory, position + 28))
        if b"seq1/0" in directory[position : position + length]:
            struct.pack_into("<I", directory, position + 42, kept)
        position += length
    struct.pack_into("<I", directory, position + 16, cut_from)
    (outside / "scene.zip").write_bytes(data[:cut_from] + directory)
    refused(outside, "its entries overlap|damaged")


def test_too_many_files(outside, monkeypatch):
    monkeypatch.setattr(archive, "_MOST_FILES", 50)
    make(outside / "scene.zip", SCENE | {f"seq1/{k}.png": b"" for k in range(60)})
    refused(outside, "63 files are more than a scene has")


def test_encrypted(outside):
    make(outside / "scene.zip", SCENE)
    data = bytearray((outside / "scene.zip").read_bytes())
    place = data.rindex(b"PK\x01\x02")
    data[place + 8] |= 1
    (outside / "scene.zip").write_bytes(data)
    refused(outside, "it is encrypted")


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_ways_of_packing_that_can_take_much_memory(packed, outside):
    make(outside / "scene.zip", SCENE, packed=packed)
    refused(outside, "packed in an unusual way")


def test_a_changed_byte(outside):
    make(outside / "scene.zip", SCENE, packed=zipfile.ZIP_STORED)
    data = (outside / "scene.zip").read_bytes()
    (outside / "scene.zip").write_bytes(data.replace(b"no photo, but bytes", b"no photo, but Bytes", 1))
    refused(outside, "damaged .*CRC")


@pytest.mark.parametrize("length", [0, 10, 400])
def test_cut_off(length, outside):
    make(outside / "scene.zip", SCENE)
    (outside / "scene.zip").write_bytes((outside / "scene.zip").read_bytes()[:length])
    refused(outside, "damaged")


def test_a_web_page(outside):
    (outside / "scene.zip").write_text("<!DOCTYPE html><html>")
    refused(outside, "damaged")


def test_no_scene_and_several(outside):
    make(outside / "scene.zip", {"readme.txt": b"", "seq1/dataset_train.txt": b""})
    refused(outside, r"holds no scene .*, only readme\.txt, seq1")
    make(outside / "scene.zip", {f"{top}/{name}": data for top in "ab" for name, data in SCENE.items()})
    refused(outside, r"several scenes \(a, b\)")


def test_no_room(outside, monkeypatch):
    monkeypatch.setattr(archive.shutil, "disk_usage", lambda _: archive.shutil._ntuple_diskusage(10, 10, 10))
    make(outside / "scene.zip", SCENE)
    refused(outside, r"unpacks to 0\.0 GB, and the disk of .* has 0\.0 GB free")


def test_a_folder_that_is_there_is_not_touched(outside):
    make(outside / "scene.zip", SCENE)
    (outside / "data" / "datasets" / "Court").mkdir()
    (outside / "data" / "datasets" / "Court" / "mine.txt").write_text("mine")
    refused(outside, "already exists and is no complete scene")


def test_honest_archives(outside):
    target = outside / "data" / "datasets" / "Court"
    target.mkdir()  # an empty folder is no obstacle
    leftover = target.with_name(".Court.abc.unpacking")
    leftover.mkdir()
    folder = entry("top/seq1/", stat.S_IFDIR | 0o755, external_attr=(stat.S_IFDIR | 0o755) << 16 | 0x10)
    files = {f"top/{name}": data for name, data in SCENE.items()} | {"top/Fotos für alle/ä.png": b"1"}
    junk = {"__MACOSX/top/._dataset_train.txt": b"junk", "top/.DS_Store": b"junk", "readme.txt": b"beside the scene"}
    make(outside / "scene.zip", files | junk, (folder, b""))
    unpack_scene(outside / "scene.zip", target, show_progress=False)
    assert {path for path in everything_below(target) if "." in path} == {*SCENE, "Fotos für alle/ä.png"}
    assert (target / "seq1" / "a.png").read_bytes() == SCENE["seq1/a.png"]
    assert everything_below(target.parent) == {"Court"} | {f"Court/{name}" for name in everything_below(target)}
    assert not (target / "seq1" / "a.png").stat().st_mode & 0o111
