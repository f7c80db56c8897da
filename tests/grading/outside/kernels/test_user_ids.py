"""User ids of kernels: never the same twice in a run."""

import os

import pytest

from posenet_lib.core.errors import WorkbookError
from posenet_lib.grading.outside.kernels.user_ids import UserIds


def test_ids_go_on_after_a_fork():
    """Each submission is graded in a fork: what it has taken must not be given to the next one."""
    ids = UserIds()
    seen = [ids.take()]
    for _ in range(5):
        reader, writer = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.write(writer, " ".join(str(ids.take()) for _ in range(3)).encode())
            os._exit(0)
        os.waitpid(pid, 0)
        os.close(writer)
        seen += map(int, os.read(reader, 1000).split())
        os.close(reader)
    assert len(seen) == len(set(seen)) == 16


def test_sandboxes_have_ids_of_their_own():
    assert len({UserIds().take() for _ in range(200)}) == 200


@pytest.mark.parametrize(
    ("mapped", "first", "last"),
    [("0 0 4294967295", 0x70000000, 0x7FFFFFFF), ("0 100000 65536", 20000, 64000)],
)
def test_ids_are_ones_that_exist_and_belong_to_nobody(tmp_path, mapped, first, last):
    (tmp_path / "uid_map").write_text(f"         {mapped}\n")
    assert all(first <= UserIds(tmp_path / "uid_map").take() <= last for _ in range(30))


def test_the_end_of_the_ids_is_said(tmp_path):
    (tmp_path / "uid_map").write_text("0 100000 65536\n")
    ids = UserIds(tmp_path / "uid_map")
    assert len({ids.take() for _ in range(4000)}) == 4000
    with pytest.raises(WorkbookError, match="used up"):
        ids.take()
