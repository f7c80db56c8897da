"""Runs COLMAP in a process of its own: importing PyTorch before it in one process is known to crash (colmap#3477).

The process also cannot take the notebook or the command with it when it fails, and it ends when they do.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from posenet_lib.core.errors import WorkbookError
from posenet_lib.scenes.build.extra import require

LOG = "colmap.log"
_MODULE = "posenet_lib.scenes.build.colmap"


def run_colmap(
    job: str, work: Path, progress: Callable[[int, int], None] = lambda done, total: None, **arguments: Any
) -> Any:
    """One of the jobs of `colmap/__main__.py`; what it returns. COLMAP's own words go to `work/colmap.log`.

    Args:
        arguments: of the job; numbers, text, lists of them and paths.
        progress: called with (parts done, all parts).

    Raises:
        WorkbookError: the job refuses its input, or the process died; it names the log.
    """
    require("pycolmap")
    work.mkdir(parents=True, exist_ok=True)
    root = Path(__file__).resolve().parents[3]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root), os.environ.get("PYTHONPATH", "")])}
    with (work / LOG).open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", _MODULE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            env=environment,
            text=True,
            encoding="utf-8",
        )
        try:
            # stdin stays open: when it closes, because this process ends in whatever way, the other one ends too.
            process.stdin.write(json.dumps({"job": job, **arguments}, default=str) + "\n")
            process.stdin.flush()
            result = _listen(process, progress)
        except BrokenPipeError:
            result = None
        finally:
            if process.poll() is None and sys.exc_info()[0] is not None:
                process.kill()
            process.stdin.close()
            process.wait()
    if result is None:
        raise WorkbookError(f"structure from motion ended without a result ({_end(process)}); {work / LOG} says more")
    if "error" in result:
        raise WorkbookError(result["error"])
    return result["result"]


def _listen(process: subprocess.Popen, progress: Callable[[int, int], None]) -> dict | None:
    """Messages until the result; None if there is none."""
    for line in process.stdout:
        try:
            message = json.loads(line)
        except ValueError:
            continue  # a library that prints
        if "done" in message:
            progress(message["done"], message["total"])
        else:
            return message
    return None


def _end(process: subprocess.Popen) -> str:
    code = process.returncode
    if code >= 0:
        return f"exit status {code}"
    names = {number.value: number.name for number in signal.Signals}
    return f"signal {names.get(-code, -code)}: it may have run out of memory" if -code == 9 else f"signal {-code}"
