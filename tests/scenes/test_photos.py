"""Photos of every kind, opened."""

import os
import struct
import subprocess
import sys
import zlib

import numpy as np
import pytest
from PIL import Image

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.photos import open_photo
from posenet_lib.scenes.readers.photo_files import read_header


def gradient(width=64, height=36) -> np.ndarray:
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([x, y, 255 - x], axis=-1).astype(np.uint8)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA", "P", "CMYK", "1", "LA"])
def test_every_mode_becomes_rgb(tmp_path, mode):
    path = tmp_path / ("photo.tif" if mode == "CMYK" else "photo.png")
    Image.fromarray(gradient()).convert(mode).save(path)
    photo = open_photo(path)
    assert (photo.mode, photo.size) == ("RGB", (64, 36))
    brightness = np.asarray(photo.convert("L"), float)
    assert brightness[-1].mean() > brightness[0].mean() + 20  # still the same picture


def test_sixteen_bit_grey_keeps_its_gradation(tmp_path):
    Image.fromarray(np.linspace(0, 65535, 64 * 36).reshape(36, 64).astype(np.uint16)).save(tmp_path / "grey.png")
    values = np.asarray(open_photo(tmp_path / "grey.png"))[..., 0].astype(float)
    assert values.min() == 0
    assert values.max() == 255
    assert abs(values.mean() - 127.5) < 2


def test_transparent_pixels_become_black(tmp_path):
    Image.new("RGBA", (8, 8), (255, 255, 255, 0)).save(tmp_path / "clear.png")
    assert np.asarray(open_photo(tmp_path / "clear.png")).max() == 0


def test_exif_rotation_is_applied(tmp_path):
    """A phone stores a portrait photo lying down and says so: orientation 6 means turn right."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(gradient()).save(tmp_path / "phone.jpg", exif=exif, quality=95)
    photo = open_photo(tmp_path / "phone.jpg")
    assert photo.size == (36, 64)
    np.testing.assert_allclose(np.asarray(photo).astype(int), np.rot90(gradient(), -1), atol=12)


@pytest.mark.parametrize("content", ["truncated", "empty", "text", "missing", "folder"])
def test_what_is_no_photo_is_named(tmp_path, content):
    path = tmp_path / "photo.png"
    Image.fromarray(gradient()).save(path)
    if content == "truncated":
        path.write_bytes(path.read_bytes()[:-200])
    elif content in ("empty", "text"):
        path.write_text("" if content == "empty" else "a letter")
    else:
        path.unlink()
        if content == "folder":
            path.mkdir()
    with pytest.raises(WorkbookError, match=r"photo\.png"):
        open_photo(path)


# PNGs, written by hand where Pillow does not write them

NOISE = np.random.default_rng(0).integers(0, 256, (37, 61, 3), np.uint8)


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
        png_file(16, plain((NOISE.astype(np.uint16) * 257).astype(">u2"))),
    ],
    ids=["plain", "interlaced", "gamma", "described", "16 bits a colour"],
)
def test_a_sound_png_has_its_pixels(tmp_path, data):
    path = tmp_path / "photo.png"
    path.write_bytes(data)
    np.testing.assert_array_equal(np.asarray(open_photo(path)), NOISE)


def test_one_transparent_colour_becomes_black(tmp_path):
    Image.fromarray(NOISE).save(tmp_path / "transparent.png", transparency=tuple(map(int, NOISE[3, 5])))
    pixels = np.asarray(open_photo(tmp_path / "transparent.png"))
    seen_through = (NOISE[3, 5] == NOISE).all(axis=-1)
    assert (pixels[seen_through] == 0).all()
    np.testing.assert_array_equal(pixels[~seen_through], NOISE[~seen_through])


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
    np.testing.assert_array_equal(np.asarray(open_photo(path)), np.rot90(NOISE, -1))


FORK = """
import os, signal, sys
from posenet_lib.scenes.photos import open_photo
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


def test_broken_pngs_are_refused_or_whole(tmp_path):
    """Cut anywhere, or with a byte changed anywhere: never pixels that are half decoded, never another error."""
    whole = png_file(8, plain(NOISE))
    refused, path = 0, tmp_path / "photo.png"
    cuts = [whole[:length] for length in range(40, len(whole), 101)]
    for data in cuts:
        path.write_bytes(data)
        with pytest.raises(WorkbookError, match=r"photo\.png: cannot be read"):
            open_photo(path)
    changed = [
        whole[:place] + bytes([whole[place] ^ 0x55]) + whole[place + 1 :] for place in range(30, len(whole), 101)
    ]
    for data in changed:
        path.write_bytes(data)
        try:
            pixels = np.asarray(open_photo(path))
        except WorkbookError:
            refused += 1
        else:
            np.testing.assert_array_equal(pixels, NOISE)
    assert refused > len(changed) / 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "it is a HEIC photo, as iPhones take them. Turn it into a JPEG first"),
        (b"", r"the file is empty \(0 bytes\)"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "it is a web page, not a photo"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12345\n", "it is a Git LFS .* git lfs pull"),
    ],
)
def test_a_file_that_is_no_photo_says_what_it_is(content, words, tmp_path):
    (tmp_path / "photo.jpg").write_bytes(content)
    with pytest.raises(WorkbookError, match=rf"photo\.jpg: cannot be read: {words}"):
        open_photo(tmp_path / "photo.jpg")


HEIC = """
import sys
from posenet_lib.scenes.photos import open_photo
print(open_photo(sys.argv[1]).getpixel((5, 5))[0] > 200)
"""


def test_heic_photos_are_read_where_the_package_for_them_is_installed(tmp_path):
    """In a process of its own, where nobody has told Pillow of them before."""
    heif = pytest.importorskip("pillow_heif")
    heif.from_pillow(Image.new("RGB", (64, 48), (255, 0, 0))).save(tmp_path / "phone.HEIC", quality=90)
    done = subprocess.run(
        [sys.executable, "-c", HEIC, str(tmp_path / "phone.HEIC")], capture_output=True, text=True, check=True
    )
    assert done.stdout == "True\n"


@pytest.mark.parametrize("ending", ["jpg", "png", "tif", "webp"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_a_header_has_the_size_that_is_shown(ending, orientation, tmp_path):
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(gradient()).save(tmp_path / f"photo.{ending}", exif=exif)
    header = read_header(tmp_path / f"photo.{ending}")
    assert (header.size_px, header.orientation) == ((64, 36), orientation)
    assert header.upright_px == open_photo(tmp_path / f"photo.{ending}").size
