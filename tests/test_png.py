"""PNGs through libvips: the same pixels as Pillow's, and the same refusals."""

import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from posenet_lib import photos, png
from posenet_lib.errors import WorkbookError
from posenet_lib.photos import open_photo
from posenet_lib.png import decode_png

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
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(NOISE).save(tmp_path / "turned.png", exif=exif)
    Image.fromarray(NOISE).save(tmp_path / "transparent.png", transparency=(1, 2, 3))
    (tmp_path / "deep.png").write_bytes(png_file(16, plain((NOISE.astype(np.uint16) * 257).astype(">u2"))))
    turned = chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    (tmp_path / "turned late.png").write_bytes(png_file(8, plain(NOISE), late=turned))
    for path in tmp_path.glob("*.png"):
        assert decode_png(path) is None
        np.testing.assert_array_equal(np.asarray(open_photo(path)), by_pillow(path, monkeypatch))
    assert open_photo(tmp_path / "turned.png").size == (37, 61)
    assert open_photo(tmp_path / "turned late.png").size == (37, 61)


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
