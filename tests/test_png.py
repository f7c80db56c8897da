"""PNGs through libvips: the same pixels as Pillow's, and the same refusals."""

import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image
from posenet_lib.png import decode_png

from posenet_lib import png
from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes import photos
from posenet_lib.scenes.photos import open_photo

pytestmark = pytest.mark.skipif(png._vips() is None, reason="libvips does not run here, so Pillow decodes PNGs")
NOISE = np.random.default_rng(0).integers(0, 256, (37, 61, 3), np.uint8)


def by_pillow(path, monkeypatch) -> np.ndarray:
    with monkeypatch.context() as patch:
        patch.setattr(photos, "decode_png", lambda path: None)
        return np.asarray(open_photo(path))


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_file(bits: int, rows: bytes, *, interlace: int = 0, more: bytes = b"", late: bytes = b"") -> bytes:
    """61x37 RGB, written by hand: Pillow writes neither 16 bits a colour nor interlaced files."""
    header = struct.pack(">IIBBBBB", 61, 37, bits, 2, 0, 0, interlace)
    body = chunk(b"IHDR", header) + more + chunk(b"IDAT", zlib.compress(rows)) + late + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def interlaced(pixels: np.ndarray) -> bytes:
    """Adam7's seven passes, without filters."""
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    return b"".join(b"\0" + row.tobytes() for y, x, dy, dx in passes for row in pixels[y::dy, x::dx])


def plain(pixels: np.ndarray) -> bytes:
    return b"".join(b"\0" + row.tobytes() for row in pixels)


@pytest.mark.parametrize(
    "data",
    [
        png_file(8, plain(NOISE)),
        png_file(8, interlaced(NOISE), interlace=1),
        png_file(8, plain(NOISE), more=chunk(b"gAMA", struct.pack(">I", 100000))),
        png_file(8, plain(NOISE), more=chunk(b"sRGB", b"\0") + chunk(b"tEXt", b"Comment\0made by hand")),
    ],
    ids=["plain", "interlaced", "gamma", "described"],
)
def test_sound_photos_are_decoded_here_as_pillow_does(tmp_path, monkeypatch, data):
    path = tmp_path / "photo.png"
    path.write_bytes(data)
    np.testing.assert_array_equal(np.asarray(decode_png(path)), NOISE)
    np.testing.assert_array_equal(by_pillow(path, monkeypatch), NOISE)


def test_what_is_special_is_left_to_pillow(tmp_path, monkeypatch):
    Image.fromarray(NOISE).save(tmp_path / "transparent.png", transparency=(1, 2, 3))
    (tmp_path / "deep.png").write_bytes(png_file(16, plain((NOISE.astype(np.uint16) * 257).astype(">u2"))))
    for path in tmp_path.glob("*.png"):
        assert decode_png(path) is None
        np.testing.assert_array_equal(np.asarray(open_photo(path)), by_pillow(path, monkeypatch))


EXIF = Image.Exif()
EXIF[0x0112] = 6
HEX = EXIF.tobytes().hex().encode()
XMP = b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/>'
TURNS = {
    "eXIf": chunk(b"eXIf", EXIF.tobytes().removeprefix(b"Exif\0\0")),
    "profile": chunk(b"tEXt", b"Raw profile type exif\0\nexif\n%8d\n%b\n" % (len(HEX) // 2, HEX)),
    "XMP": chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("place", ["more", "late"])
def test_turned_photos_are_upright(tmp_path, turn, place):
    path = tmp_path / "photo.png"
    path.write_bytes(png_file(8, plain(NOISE), **{place: TURNS[turn]}))
    assert decode_png(path) is None
    np.testing.assert_array_equal(np.asarray(open_photo(path)), np.rot90(NOISE, -1))


FORK = """
import os, signal, sys
from posenet_lib.photos import open_photo
size = open_photo(sys.argv[1]).size
if os.fork() == 0:
    signal.alarm(60)
    os._exit(0 if open_photo(sys.argv[1]).size == size else 1)
sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_fork_decodes_as_well(tmp_path):
    """As a worker of a DataLoader does, whose parent has decoded photos before."""
    Image.fromarray(np.tile(NOISE, (20, 20, 1))).save(tmp_path / "photo.png")
    subprocess.run([sys.executable, "-c", FORK, str(tmp_path / "photo.png")], check=True)


def test_broken_photos_are_refused_as_before(tmp_path, monkeypatch):
    """Cut anywhere, or with a byte changed anywhere: never pixels that Pillow would not have given."""
    whole = png_file(8, plain(NOISE))
    broken = [whole[:length] for length in range(40, len(whole), 101)]
    for place in range(30, len(whole), 101):
        broken.append(whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :])
    refused = 0
    for data in broken:
        path = tmp_path / "photo.png"
        path.write_bytes(data)
        try:
            expected = by_pillow(path, monkeypatch)
        except WorkbookError as error:
            refused += 1
            with pytest.raises(WorkbookError) as found:
                open_photo(path)
            assert str(found.value) == str(error)
        else:
            np.testing.assert_array_equal(np.asarray(open_photo(path)), expected)
    assert refused > len(broken) / 2


def test_without_libvips_pillow_does_it(tmp_path, monkeypatch):
    Image.fromarray(NOISE).save(tmp_path / "photo.png")
    monkeypatch.setattr(png, "_vips", lambda: None)
    assert decode_png(tmp_path / "photo.png") is None
    np.testing.assert_array_equal(np.asarray(open_photo(tmp_path / "photo.png")), NOISE)
