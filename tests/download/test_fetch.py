"""Downloads against a local server that redirects, cuts off, is busy, stalls, ignores ranges, or sends other things."""

import hashlib
import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from posenet_lib.cli import main
from posenet_lib.core.errors import WorkbookError
from posenet_lib.download import KnownFile, catalogue, download, fetch
from posenet_lib.download.http import Patience
from posenet_lib.scenes.scene import load_scene
from tests.download.http_server import Request, serving

CONTENT = np.random.default_rng(0).bytes(300_000)
SHA256 = hashlib.sha256(CONTENT).hexdigest()
HASTY = Patience(connect_s=2, silence_s=0.3, tries=4, tries_to_reach=2, first_wait_s=0.01)


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    """Downloads go into a folder of the test's own."""
    for name in ("datasets", "pretrained"):
        (tmp_path / name).mkdir()
        monkeypatch.setattr(catalogue, f"{name}_dir", lambda name=name: tmp_path / name)
    monkeypatch.setattr("posenet_lib.scenes.scene.datasets_dir", lambda: tmp_path / "datasets")
    return tmp_path


@pytest.fixture
def server():
    with serving(CONTENT) as running:
        yield running


def known(server, *more: str, **changes) -> KnownFile:
    facts = {"size": len(CONTENT), "sha256": SHA256} | changes
    return KnownFile("weights", "weights.bin", "a test file", (server.url, *more), **facts)


def get(file: KnownFile, **how):
    return download(file, show_progress=False, patience=HASTY, **how)


def cut(count: int):
    return lambda request: request.serve(only=count)


def left_in(folder: Path) -> list[str]:
    """What lies there, without the lock, which stays."""
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_a_plain_download_and_none_the_second_time(server, folders, capsys):
    result = get(known(server))
    assert result.path.read_bytes() == CONTENT
    assert not result.was_here
    assert left_in(folders / "pretrained") == ["weights.bin"]
    assert get(known(server)).was_here
    assert len(server.requests) == 1
    assert capsys.readouterr().out == ""


def test_goes_on_where_it_was_cut_off(server):
    server.answers = [cut(100_000), cut(50_000), cut(1)]
    assert get(known(server)).path.read_bytes() == CONTENT
    firsts = [request.first for request in server.requests]
    assert firsts[0] == 0
    assert firsts[1] > 0
    assert sorted(firsts) == firsts
    assert all(request.if_range for request in server.requests[1:])


def test_goes_on_after_the_program_was_ended(server, folders):
    server.otherwise = cut(0)
    server.answers = [cut(200_000)]
    with pytest.raises(WorkbookError, match=r"bytes are kept, run it again to go on"):
        get(known(server))
    part = folders / "pretrained" / "weights.bin.part"
    have = part.stat().st_size
    assert 0 < have <= 200_000
    assert not (folders / "pretrained" / "weights.bin").exists()
    server.otherwise, server.requests = Request.serve, []
    assert get(known(server)).path.read_bytes() == CONTENT
    assert [request.first for request in server.requests] == [have]
    assert left_in(folders / "pretrained") == ["weights.bin"]


def test_a_stall_is_a_cut(server):
    def stalls(request):
        request.serve(only=150_000)
        request.stall()

    server.answers = [stalls, lambda request: request.stall()]
    assert get(known(server)).path.read_bytes() == CONTENT
    assert len(server.requests) == 3
    assert server.requests[2].first > 0


def test_a_server_that_ignores_ranges_starts_over(server):
    server.answers = [cut(100_000)]
    server.otherwise = Request.whole
    assert get(known(server)).path.read_bytes() == CONTENT


def test_a_server_that_knows_no_ranges_and_is_always_cut_ends(server):
    lengths = iter([200_000, 90_000, 200_000] * 20)
    server.otherwise = lambda request: request.whole(only=next(lengths))
    with pytest.raises(WorkbookError, match=r"the connection was cut.* tries\)"):
        get(known(server))
    assert len(server.requests) < 10


def test_a_changed_file_is_not_mixed_with_the_old_one(server):
    server.answers = [cut(100_000)]
    first, second = CONTENT, CONTENT[::-1]

    def changes(request):
        server.content = request.content = second
        request.serve()

    server.answers.append(changes)
    file = known(server, sha256=hashlib.sha256(second).hexdigest())
    assert get(file).path.read_bytes() == second != first


@pytest.mark.parametrize("span", ["bytes 7-299999/300000", "bytes 100000-299999/400000", "nonsense"])
def test_a_wrong_range_is_thrown_away(server, span):
    def wrong(request):
        rest = CONTENT[: len(CONTENT) - request.first]
        request.head(206, Content_Range=span, Content_Length=len(rest))
        request.body(rest)

    server.answers = [cut(100_000), wrong]
    assert get(known(server)).path.read_bytes() == CONTENT
    assert server.requests[-1].first == 0


def test_a_part_that_is_complete_already(server, folders):
    (folders / "pretrained" / "weights.bin.part").write_bytes(CONTENT)
    assert get(known(server)).path.read_bytes() == CONTENT
    assert server.requests[0].first == len(CONTENT), "416 says that nothing is missing"


def test_a_part_of_something_longer(server, folders):
    (folders / "pretrained" / "weights.bin.part").write_bytes(CONTENT + b"more")
    assert get(known(server)).path.read_bytes() == CONTENT


def test_busy_servers_are_asked_again(server):
    server.answers = [
        lambda request: request.head(503, Retry_After=0, Content_Length=0),
        lambda request: request.head(429, Content_Length=0),
        lambda request: request.head(500, Content_Length=0),
    ]
    assert get(known(server)).path.read_bytes() == CONTENT
    server.otherwise = lambda request: request.head(503, Content_Length=0)
    with pytest.raises(WorkbookError, match=r"answers 503 \(busy\) \(4 tries\)"):
        get(KnownFile("other", "other.bin", "", (server.url,)))


def test_redirects(server):
    target = server.url.replace("file.bin", "elsewhere.bin")
    server.answers = [lambda request: request.head(302, Location=target, Content_Length=0), cut(1000)]
    server.answers += [lambda request: request.head(301, Location="/elsewhere.bin", Content_Length=0)]
    assert get(known(server)).path.read_bytes() == CONTENT
    assert [request.path for request in server.requests] == ["/file.bin", "/elsewhere.bin"] * 2
    server.otherwise = lambda request: request.head(302, Location=target, Content_Length=0)
    with pytest.raises(WorkbookError, match="30 redirects"):
        get(KnownFile("other", "other.bin", "", (server.url,)))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (lambda request: request.head(404, Content_Length=0), r"the server answers 404 \(Not Found\)"),
        (lambda request: request.head(403, Content_Length=0), r"answers 403"),
        (lambda request: request.whole(b"<html>Sign in", Content_Type="text/html; charset=utf-8"), "sends a web page"),
        (lambda request: request.whole(CONTENT[:-1]), r"file has 299,999 bytes, expected are 300,000"),
        (lambda request: request.whole(CONTENT[::-1]), r"sent wrong bytes, which were removed .*its SHA-256 is"),
    ],
)
def test_what_another_try_does_not_change(server, folders, answer, words):
    server.otherwise = answer
    with pytest.raises(WorkbookError, match=words) as failed:
        get(known(server))
    assert len(server.requests) == 1
    assert left_in(folders / "pretrained") == []
    for words in ("By hand", server.url, str(folders / "pretrained" / "weights.bin")):
        assert words in str(failed.value)
    assert "offline" not in str(failed.value), "there was an answer"


def test_a_second_address_is_tried(server):
    server.answers = [lambda request: request.head(404, Content_Length=0)]
    file = known(server, server.url.replace("file", "mirror"))
    assert get(file).path.read_bytes() == CONTENT
    assert [request.path for request in server.requests] == ["/file.bin", "/mirror.bin"]


def test_without_a_length_the_hash_decides(server):
    def chunks(request):
        request.head(200)  # HTTP/1.0: the end of the connection is the end of the file
        request.body(request.content)

    server.answers = [chunks]
    assert get(known(server, size=None)).path.read_bytes() == CONTENT
    server.otherwise = lambda request: (request.head(200), request.body(CONTENT[:1000]))
    with pytest.raises(WorkbookError, match="sent wrong bytes"):
        get(KnownFile("other", "other.bin", "", (server.url,), sha256=SHA256))


def test_the_beginning_of_a_hash_as_torchvision_names_it(server):
    assert get(known(server, size=None, sha256=SHA256[:8])).path.read_bytes() == CONTENT
    with pytest.raises(WorkbookError, match=r"its SHA-256 is .*, expected 00000000"):
        get(KnownFile("other", "other.bin", "", (server.url,), sha256="00000000"))


def test_offline(folders):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{closed.getsockname()[1]}/file.bin"
        with pytest.raises(WorkbookError, match=r"(?s)could not be reached.*Are you offline\?.*By hand") as failed:
            get(KnownFile("weights", "weights.bin", "", (url,), size=3))
    assert str(folders / "pretrained" / "weights.bin") in str(failed.value)


def test_a_file_put_there_by_hand(server, folders):
    file, place = known(server), folders / "pretrained" / "weights.bin"
    place.write_bytes(CONTENT[:-1])
    with pytest.raises(WorkbookError, match=r"has 299,999 bytes.*Remove or rename it"):
        get(file)
    assert place.exists(), "it is the user's own"
    place.write_bytes(CONTENT)
    assert get(file).was_here
    assert not server.requests


def test_the_disk_is_asked_first(server, folders, monkeypatch):
    monkeypatch.setattr(fetch.shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**9, 10**9, 100_000))
    with pytest.raises(WorkbookError, match=r"weights needs 0\.2 GB, and the disk of .* has 0\.0 GB free"):
        get(known(server))
    assert not server.requests
    scene = KnownFile("Court", "Court.zip", "", (server.url,), is_scene=True)
    with pytest.raises(WorkbookError, match="packed and unpacked"):
        get(scene)  # its size is known only when the server says it
    assert len(server.requests) == 1
    assert left_in(folders / "datasets") == []


def test_two_at_once(server, folders):
    with FileLock(folders / "pretrained" / ".weights.lock"), pytest.raises(WorkbookError, match="by another program"):
        get(known(server))


def zipped_scene(folder: Path, top: str = "", extra: dict[str, bytes] | None = None) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and ".image_store" not in path.parts:
                zipped.write(path, top + path.relative_to(folder).as_posix())
        for name, data in (extra or {}).items():
            zipped.writestr(name, data)
    return file.getvalue()


@pytest.mark.parametrize("top", ["", "KingsCollege/", "a/b/KingsCollege/"])
def test_a_scene_from_its_address_to_its_photos(small_scene, folders, top, capsys, monkeypatch):
    extra = {f"{top}reconstruction.nvm": b"NVM_V3", "__MACOSX/._seq1": b"junk"}
    with serving(zipped_scene(small_scene, top, extra)) as server:
        court = KnownFile("SomeCourt", "SomeCourt.zip", "a test", (server.url,), is_scene=True)
        monkeypatch.setattr(catalogue, "KNOWN_FILES", (court,))
        server.answers = [cut(30_000)]
        assert main(["download", "some-court"]) == 0
        text = capsys.readouterr().out
        assert "posenet scene info SomeCourt" in text
        assert "problem" not in text
        assert left_in(folders / "datasets") == ["SomeCourt"]
        scene = load_scene("SomeCourt")
        assert (len(scene.train), len(scene.test)) == (16, 4)
        assert (scene.folder / "reconstruction.nvm").is_file()
        assert main(["scene", "info", "--store", "some-court"]) == 0
        assert "no problems found" in capsys.readouterr().out
        assert len(list((scene.folder / ".image_store").glob("*.npy"))) == 2
        asked = len(server.requests)
        assert main(["download", "SomeCourt"]) == 0
        assert "is already in" in capsys.readouterr().out
        assert len(server.requests) == asked


def test_a_zip_put_there_by_hand_is_unpacked_and_kept(small_scene, folders):
    (folders / "datasets" / "SomeCourt.zip").write_bytes(zipped_scene(small_scene))
    result = get(KnownFile("SomeCourt", "SomeCourt.zip", "", ("http://127.0.0.1:1/",), is_scene=True))
    assert load_scene(result.path).test.records
    assert (folders / "datasets" / "SomeCourt.zip").is_file()


def test_a_damaged_zip(small_scene, folders):
    data = zipped_scene(small_scene)
    damaged = data[: len(data) // 2] + b"\0\0\0\0" + data[len(data) // 2 + 4 :]
    with serving(damaged) as server:
        court = KnownFile("SomeCourt", "SomeCourt.zip", "", (server.url,), is_scene=True)
        with pytest.raises(WorkbookError, match=r"(?s)damaged .*It was removed; try again.*By hand"):
            get(court)
        assert left_in(folders / "datasets") == []
        (folders / "datasets" / "SomeCourt.zip").write_bytes(damaged)
        with pytest.raises(WorkbookError, match="Remove or rename it"):
            get(court)
        assert left_in(folders / "datasets") == ["SomeCourt.zip"], "it is the user's own"
        assert len(server.requests) == 1


def test_a_scene_with_a_missing_photo_is_kept_and_told(small_scene, folders, tmp_path):
    scene = shutil.copytree(small_scene, tmp_path / "holes")
    next(scene.glob("walk*/*.jpg")).unlink()
    (folders / "datasets" / "SomeCourt.zip").write_bytes(zipped_scene(scene))
    result = get(KnownFile("SomeCourt", "SomeCourt.zip", "", ("http://127.0.0.1:1/",), is_scene=True))
    assert "does not exist" in str(result)


def test_killed_while_fetching_leaves_what_has_come_and_nothing_for_ever(server, folders):
    """kill -9 in the middle of the bytes; the next call goes on and clears up."""
    server.answers = [lambda request: (request.serve(only=200_000), request.stall(60))]
    code = f"""
from posenet_lib.download import KnownFile, catalogue, download
catalogue.pretrained_dir = lambda: __import__("pathlib").Path({str(folders / "pretrained")!r})
download(KnownFile("weights", "weights.bin", "", ({server.url!r},)), show_progress=False)
"""
    child = subprocess.Popen([sys.executable, "-c", code])
    part, deadline = folders / "pretrained" / "weights.bin.part", time.monotonic() + 60
    while time.monotonic() < deadline and not (part.is_file() and part.stat().st_size):
        assert child.poll() is None, "it ended by itself"
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert get(known(server)).path.read_bytes() == CONTENT
    assert server.requests[-1].first > 0
    assert left_in(folders / "pretrained") == ["weights.bin"]


def test_killed_while_unpacking_leaves_no_half_scene(small_scene, folders):
    """kill -9 in the middle of the photos; the next call unpacks all of it."""
    (folders / "datasets" / "SomeCourt.zip").write_bytes(zipped_scene(small_scene))
    code = f"""
import time
from posenet_lib.download import KnownFile, archive, catalogue, download
catalogue.datasets_dir = lambda: __import__("pathlib").Path({str(folders / "datasets")!r})
class Slow(archive.zipfile.ZipExtFile):
    def read(self, n=-1):
        time.sleep(0.3)
        return super().read(n)
archive.zipfile.ZipExtFile = Slow
download(KnownFile("SomeCourt", "SomeCourt.zip", "", ("http://127.0.0.1:1/",), is_scene=True), show_progress=False)
"""
    child = subprocess.Popen([sys.executable, "-c", code])
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and not list((folders / "datasets").glob(".SomeCourt.*.unpacking/*")):
        assert child.poll() is None, "it ended by itself"
        time.sleep(0.05)
    child.send_signal(signal.SIGKILL)
    child.wait()
    assert not (folders / "datasets" / "SomeCourt").exists()
    assert list((folders / "datasets").glob(".SomeCourt.*.unpacking"))
    result = get(KnownFile("SomeCourt", "SomeCourt.zip", "", ("http://127.0.0.1:1/",), is_scene=True))
    assert len(load_scene(result.path).train) == 16
    assert left_in(folders / "datasets") == ["SomeCourt", "SomeCourt.zip"]


def test_a_folder_that_cannot_be_written(server, folders):
    if os.geteuid() == 0:
        (folders / "pretrained").rmdir()
        (folders / "pretrained").write_text("a file stands where the folder should be")
    else:
        (folders / "pretrained").chmod(0o500)
    with pytest.raises(WorkbookError, match="cannot be written"):
        get(known(server))
