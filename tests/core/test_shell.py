"""Commands that messages show can be pasted, also into Windows' cmd."""

import shlex

import pytest

from posenet_lib.core import shell
from posenet_lib.core.errors import WorkbookError
from posenet_lib.core.extras import require
from posenet_lib.scenes.pose_rows import convert_command


@pytest.fixture
def on_windows(monkeypatch):
    monkeypatch.setattr(shell, "WINDOWS", True)


@pytest.fixture
def elsewhere(monkeypatch):
    monkeypatch.setattr(shell, "WINDOWS", False)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("word", ["scene", "my scene", ".[sfm]", "it's", ""])
def test_words_come_back_whole(word):
    assert shlex.split(f"posenet {shell.quoted(word)}") == ["posenet", word]


@pytest.mark.usefixtures("on_windows")
@pytest.mark.parametrize(
    ("word", "written"),
    [
        (r"C:\scenes\court", r"C:\scenes\court"),
        (r"C:\my scenes\court", r'"C:\my scenes\court"'),
        ("it's", '"it\'s"'),
        ("rock & roll", '"rock & roll"'),
        ("", '""'),
    ],
)
def test_cmd_gets_double_quotes(word, written):
    assert shell.quoted(word) == written


@pytest.mark.usefixtures("on_windows")
def test_messages_on_windows(tmp_path):
    with pytest.raises(WorkbookError, match=r"\.venv\\Scripts\\pip install -e \"\.\[sfm\]\"$"):
        require("sfm", {"no_such_module": "no-such-package"})
    assert convert_command(tmp_path / "my scene", "mm").endswith('my scene-repaired" --from mm')
    assert "'" not in convert_command(tmp_path / "my scene")


@pytest.mark.usefixtures("elsewhere")
def test_messages_elsewhere():
    with pytest.raises(WorkbookError, match=r"\.venv/bin/pip install -e '\.\[sfm\]'$"):
        require("sfm", {"no_such_module": "no-such-package"})
