"""A JupyterLab of one's own: a copy of the clone for a student to work in, and `posenet lab` on it."""

import contextlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

from posenet_lib.scenes.pose_list import read_pose_list, write_pose_list
from tests.support.places import ROOT

COPIED = ("notebooks", "img", "pretrained_models", "environment.yml", "README.md")
THEMES = {"light": "JupyterLab Light", "dark": "JupyterLab Dark"}
POSENET = [sys.executable, "-m", "posenet_lib.cli"]


def copy_clone(folder: Path) -> Path:
    """What a student has after `git clone`; the embedded scene is a link, so that its photo store is there at once."""
    folder.mkdir(parents=True)
    ignored = shutil.ignore_patterns(".ipynb_checkpoints", "__pycache__")
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copyfile(ROOT / name, folder / name)
    (folder / "data").mkdir()
    (folder / "data" / "PracticeCourt").symlink_to(ROOT / "data" / "PracticeCourt")
    shutil.copytree(ROOT / "data" / "variants", folder / "data" / "variants")
    shutil.copytree(ROOT / "data" / "first_look", folder / "data" / "first_look")
    (folder / "data" / "datasets").mkdir()
    return folder


def make_scene(folder: Path) -> None:
    """A few photos of the embedded scene as a scene of their own, so that an epoch takes a second."""
    for split, count in (("train", 48), ("test", 8)):
        records = read_pose_list(ROOT / "data" / "PracticeCourt" / f"dataset_{split}.txt", check_images=False)
        chosen = records[:: len(records) // count][:count]
        for record in chosen:
            (folder / record.name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(record.image_path, folder / record.name)
        write_pose_list(folder / f"dataset_{split}.txt", chosen)


def lab_environment(home: Path, **more: str) -> dict[str, str]:
    """An environment in which JupyterLab finds no settings of the person who runs the tests, and leaves none."""
    config = home / "config"
    config.mkdir(parents=True, exist_ok=True)
    # The tests look at the front end's own state through `window.jupyterapp`; they act with mouse and keyboard.
    settings = {"LabApp": {"expose_app_in_browser": True}, "ServerApp": {"log_level": "WARN"}}
    (config / "jupyter_lab_config.json").write_text(json.dumps(settings))
    own = {
        "JUPYTER_CONFIG_DIR": str(config),
        "JUPYTER_NO_CONFIG": "",
        "JUPYTER_RUNTIME_DIR": str(home / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(home / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces"),
        "IPYTHONDIR": str(home / "ipython"),
        "PYTHONUNBUFFERED": "1",
    }
    environment = {name: value for name, value in os.environ.items() if name != "POSENET_WORKSPACE"}
    return {**environment, **own, **more}


def _hear_ctrl_c() -> None:
    """A test run that was started in the background may ignore Ctrl-C, and its children would inherit that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class LabServer:
    """`posenet lab --no-browser` on a clone (with `browser`: it may open one). `url` is the address that it printed."""

    def __init__(self, clone: Path, home: Path, *options: str, browser: bool = False, **environment: str):
        self.clone, self.output, self.url = clone, [], ""
        self._spoke = threading.Event()
        self.process = subprocess.Popen(
            [*POSENET, "lab", *([] if browser else ["--no-browser"]), *options],
            cwd=clone,
            env=lab_environment(home, **environment),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            preexec_fn=_hear_ctrl_c,
            start_new_session=True,  # so that a test's Ctrl-C reaches it and its kernels, as in a terminal
        )
        threading.Thread(target=self._read, daemon=True).start()
        self.wait_for_address()

    def _read(self) -> None:
        for line in self.process.stdout:
            self.output.append(line)
            found = re.search(r"http://(?:localhost|127\.0\.0\.1):\d+/lab\S*token=\w+", line)
            if found and not self.url:
                self.url = found[0]
                self._spoke.set()
        self._spoke.set()

    def wait_for_address(self, seconds: float = 120) -> str:
        """The first address that it prints, once somebody listens there."""
        assert self._spoke.wait(seconds) and self.url, "posenet lab printed no address:\n" + "".join(self.output)
        port = int(self.base.rpartition(":")[2])
        until = time.monotonic() + seconds
        while time.monotonic() < until:  # it prints the address a moment before it listens
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=10):
                return self.url
            time.sleep(0.1)
        raise AssertionError(f"nobody listens at {self.url}")

    @property
    def base(self) -> str:
        """The server's address without path."""
        return self.url.split("/lab")[0]

    @property
    def token(self) -> str:
        """What lets a browser in."""
        return self.url.split("token=")[1]

    def interrupt(self) -> None:
        """Ctrl-C in its terminal."""
        os.killpg(self.process.pid, signal.SIGINT)

    def stop(self) -> None:
        """End it and its kernels."""
        if self.process.poll() is None:
            self.process.terminate()  # the server shuts its kernels down
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
