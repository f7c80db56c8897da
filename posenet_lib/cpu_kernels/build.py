"""Compile the C files beside this one where there is a C compiler, once for each machine and version of them."""

import ctypes
import functools
import hashlib
import os
import platform
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

_FLAGS = ["-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-fopenmp", "-fPIC", "-shared"]
_COMPILE_S = 60  # takes one; a compiler that hangs shall not stop a course
_TYPES = {"p": ctypes.c_void_p, "n": ctypes.c_int64, "d": ctypes.c_double}
# The kinds of arguments, in the order of the C files: p, a tensor's memory; n, a whole number; d, a double.
_ARGUMENTS = {
    "batch_norm": "pnpnnn pppp dd pp n",
    "batch_norm_gradient": "pnpnpnnn pppp n",
    "batch_norm_pool": "ppp nnnn pppp dd pp n",
    "batch_norm_pool_gradient": "pppp nnnn pppp n",
    "max_pool": "ppp nnnnn n",
    "max_pool_gradient": "ppp nnnnnn n",
    "response_norm": "pp nn dd n",
    "response_norm_gradient": "ppp nn ddd n",
    "resize": "pnnn pnn ppn ppn p",
}


@functools.cache
def library() -> ctypes.CDLL | None:
    """The compiled functions, or None where they cannot be had (or POSENET_CPU_KERNELS is "off")."""
    if os.environ.get("POSENET_CPU_KERNELS") == "off" or os.name == "nt":
        return None
    try:
        # With flags, as make takes it. A Mac's own has no OpenMP, and until it is installed `cc` opens a window.
        compiler = shlex.split(os.environ.get("CC") or ("" if sys.platform == "darwin" else "cc"))
        return _declared(_compiled(compiler)) if compiler else None
    except (OSError, AttributeError, RuntimeError, ValueError, subprocess.SubprocessError):
        return None  # a compiler without OpenMP, no place to write, a library for another machine: PyTorch does it


def _compiled(compiler: list[str]) -> Path:
    """The library's file, which stays in the user's cache under a name of all that it depends on, and its own bytes."""
    flags = [*_FLAGS, "-mprefer-vector-width=512"] if platform.machine() in ("x86_64", "AMD64") else _FLAGS
    files = sorted(Path(__file__).parent.glob("*.[ch]"))
    parts = [*(file.read_bytes() for file in files), _run([*compiler, "--version"])]
    key = _digest(b"\n".join([*parts, shlex.join([*compiler, *flags]).encode(), _processor()]))
    folder = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "posenet-kernels"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _refuse_if_shared(folder)
    for library in folder.glob(f"{key}-*.so"):
        if library.name == _name(key, library):  # to load one that was cut off would end the process
            return library
    with tempfile.TemporaryDirectory(dir=folder) as partial:
        written = Path(partial, "kernels.so")
        sources = [str(file) for file in files if file.suffix == ".c"]
        _run([*compiler, *flags, *sources, "-o", str(written), "-lm"])
        library = folder / _name(key, written)
        written.replace(library)  # whole or not at all, whoever else compiles at the same time
    return library


def _run(command: list[str]) -> bytes:
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True, timeout=_COMPILE_S)
    return done.stdout


def _refuse_if_shared(folder: Path) -> None:
    """Who can write there can run code as whoever loads what lies there."""
    status = folder.stat()
    if status.st_uid != os.geteuid() or status.st_mode & 0o022:
        raise PermissionError(f"{folder}: other users can write there")


def _name(key: str, library: Path) -> str:
    return f"{key}-{_digest(library.read_bytes())}.so"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


def _processor() -> bytes:
    """What the processor can do: a home directory may be shared by machines that differ."""
    try:
        lines = Path("/proc/cpuinfo").read_bytes().splitlines()
    except OSError:
        return platform.processor().encode()
    return b"".join(sorted({line for line in lines if line.startswith((b"flags", b"Features", b"model name"))}))


def _declared(path: Path) -> ctypes.CDLL:
    kernels = ctypes.CDLL(str(path))
    for name, kinds in _ARGUMENTS.items():
        function = getattr(kernels, name)
        function.argtypes = [_TYPES[kind] for kind in kinds.replace(" ", "")]
        function.restype = None
    return kernels
