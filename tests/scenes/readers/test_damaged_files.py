"""Files of every format with random damage: a scene or one message, never a traceback, never half a scene."""

import shutil

import numpy as np
import pytest

from posenet_lib.cli import main
from tests.scenes.readers import (
    test_colmap,
    test_metashape,
    test_nerf,
    test_phones,
    test_realitycapture,
    test_robots,
    test_seven_scenes_films,
    test_table,
    test_visualsfm,
)

PIECES = [b"nan", b"-1", b"0", b"1e999", b"inf", b"\0", b"[", b"}", b'"', b"<a>", b",", b";", b"\n", b"\xff\xfe"]
PIECES += [b" " * 9, b"9" * 400, b"../../x", b"#", b"null", b"{}", b"\xe6\x97", b"1_0", b"--out", b"1.#INF"]
CONVENTION = ["--convention", "camera-to-world"]


def phone(write):
    def make(folder):
        folder.mkdir()
        write(folder)
        return folder

    return make


# Format, what writes it and gives the source, and its options.
FORMATS = {
    "colmap text": ("colmap", lambda f: _colmap(f, test_colmap.write_text), []),
    "colmap binary": ("colmap", lambda f: _colmap(f, test_colmap.write_binary), []),
    "realitycapture": ("realitycapture", lambda f: test_realitycapture.write(f, test_realitycapture.rows()), []),
    "nvm": ("nvm", test_visualsfm.write, []),
    "nerf": ("nerf", lambda f: test_nerf.write(f, test_nerf.document(applied_transform=np.eye(4).tolist())), []),
    "metashape": ("metashape", lambda f: test_metashape.write(f, test_metashape.text()), []),
    "7scenes": ("7scenes", test_seven_scenes_films.film, []),
    "ace": ("ace", test_seven_scenes_films.ace, []),
    "12scenes": ("12scenes", test_seven_scenes_films.twelve, []),
    "tum": ("tum", test_robots.tum, []),
    "kitti": ("kitti", test_robots.kitti, []),
    "euroc": ("euroc", test_robots.euroc, []),
    "scanner app": ("phone-ar", phone(test_phones.scanner_app), []),
    "stray scanner": ("phone-ar", phone(test_phones.stray_scanner), []),
    "ios logger": ("phone-ar", phone(test_phones.ios_logger), []),
    "polycam": ("polycam", test_phones.polycam, []),
    "record3d": ("record3d", test_phones.record3d, []),
    "table": (
        "table",
        lambda f: test_table.write(f, test_table.of_camera_to_world, "name,x,y,z,qx,qy,qz,qw"),
        CONVENTION,
    ),
}


def _colmap(folder, write):
    write(folder / "sparse")
    test_colmap.put_photos(folder / "images", test_colmap.WALK)
    return folder


def damage(rng, data: bytes) -> bytes:
    at, length = int(rng.integers(0, len(data) + 1)), int(rng.integers(0, 40))
    piece = PIECES[rng.integers(len(PIECES))]
    ways = [
        data[:at] + piece + data[at:],
        data[:at] + piece + data[at + length :],
        data[:at] + data[at + length :],
        data[:at] + data[max(0, at - length) :],
        data[:at],
        data[:at] + bytes(rng.integers(0, 256, length, dtype=np.uint8)) + data[at + length :],
    ]
    return ways[rng.integers(len(ways))]


@pytest.mark.parametrize("case", FORMATS.values(), ids=FORMATS)
def test_a_scene_or_one_message(tmp_path, capsys, case, rounds=8, seed=0):
    kind, write, options = case
    source = write(tmp_path / "source")
    files = sorted(path for path in (tmp_path / "source").rglob("*") if path.suffix not in (".jpg", ".png"))
    files = [path for path in files if path.is_file()]
    rng = np.random.default_rng(seed)
    (tmp_path / "made").mkdir()
    out = tmp_path / "made" / "scene"
    for _ in range(rounds):
        path = files[rng.integers(len(files))]
        whole = path.read_bytes()
        path.write_bytes(damage(rng, whole))
        status = main(["scene", "import", kind, str(source), "--out", str(out), *options])
        shown = capsys.readouterr()
        assert status in (0, 2)
        assert out.exists() == (status == 0), shown.err
        assert status == 0 or shown.err.startswith("posenet: ")
        assert len(shown.err) < 3000
        shutil.rmtree(out, ignore_errors=True)
        assert not list(out.parent.iterdir())
        path.write_bytes(whole)
