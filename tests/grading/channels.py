"""Ways to leave a secret for whoever comes next: `put` in one process, `get` in a later one, and what `get` found.

`python -m tests.grading.channels` tries all of them from one kernel of a sandbox to the next, and prints what came
through. Each piece of code stands alone, because it runs where this module is not visible.
"""

import json
import sys

from posenet_lib.grading.outside.kernels.kernel import running
from posenet_lib.grading.outside.kernels.limits import Limits
from posenet_lib.grading.outside.kernels.sandbox import Sandbox

SECRET = "s3cret-0f-an0ther-student"

_TOOLS = f"""
import contextlib, ctypes, os, platform, socket, sys, time
SECRET = {SECRET!r}
NUMBER = 0x0ddba11
libc = ctypes.CDLL(None, use_errno=True)
column = ["x86_64", "aarch64"].index(platform.machine())
def call(numbers, *arguments):
    passed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    return libc.syscall(ctypes.c_long(numbers[column]), *passed)
found = ""
"""

_PLACES = """
places = {os.environ.get("TMPDIR", "/tmp"), os.environ.get("HOME", "/tmp"), os.getcwd(), sys.prefix}
places |= {"/", "/tmp", "/var/tmp", "/dev", "/dev/shm", "/run", "/scratch", "/usr", os.path.dirname(os.__file__)}
places |= {os.path.join(parent, name) for parent in ("/", "/tmp", "/scratch") for name in os.listdir(parent)
           if os.path.isdir(os.path.join(parent, name))} if os.path.isdir("/scratch") else {"/tmp"}
import posenet_lib
folder = os.path.dirname(posenet_lib.__file__)
while folder != "/":
    places.add(folder)
    folder = os.path.dirname(folder)
"""

CHANNELS: dict[str, tuple[str, str]] = {
    "files": (
        _PLACES + 'for place in places:\n with contextlib.suppress(OSError):\n'
        '  os.umask(0)\n  open(os.path.join(place, ".left-here"), "w").write(SECRET)',
        _PLACES + 'for place in places:\n with contextlib.suppress(OSError):\n'
        '  file = os.path.join(place, ".left-here")\n  found += open(file).read()\n  os.remove(file)',
    ),
    "user_keyring": (
        'for ring in (-4, -5, -3):\n call((248, 217), b"user", b"left-here", SECRET.encode(), len(SECRET), ring)',
        'for ring in (-4, -5, -3):\n'
        ' key = call((250, 219), 10, ring, b"user", b"left-here", 0)\n'
        ' text = ctypes.create_string_buffer(100)\n'
        ' if key > 0 and call((250, 219), 11, key, text, 100) > 0:\n'
        '  found += text.value.decode()\n  call((250, 219), 3, key)\n  call((250, 219), 9, key, ring)',
    ),
    "requested_key": (
        'key = call((248, 217), b"user", b"asked-for", SECRET.encode(), len(SECRET), -4)\n'
        'call((250, 219), 5, key, 0x3f3f3f3f)',
        'key = call((249, 218), b"user", b"asked-for", None, -4)\n'
        'text = ctypes.create_string_buffer(100)\n'
        'if key > 0 and call((250, 219), 11, key, text, 100) > 0:\n'
        ' found = text.value.decode()\n call((250, 219), 9, key, -4)',
    ),
    "system_v_shared_memory": (
        'segment = call((29, 194), NUMBER, 4096, 0o1666)\nlibc.shmat.restype = ctypes.c_void_p\n'
        'place = libc.shmat(segment, None, 0) if segment >= 0 else None\n'
        'if place and place != ctypes.c_void_p(-1).value: ctypes.memmove(place, SECRET.encode(), len(SECRET))',
        'segment = call((29, 194), NUMBER, 4096, 0o666)\nlibc.shmat.restype = ctypes.c_void_p\n'
        'place = libc.shmat(segment, None, 0) if segment >= 0 else None\n'
        'if place and place != ctypes.c_void_p(-1).value:\n'
        ' found = ctypes.string_at(place).decode()\n call((31, 195), segment, 0, None)',
    ),
    "system_v_semaphores": (
        'for index, letter in enumerate(SECRET.encode()):\n'
        ' one = call((64, 190), NUMBER + index, 1, 0o1666)\n'
        ' if one >= 0: call((66, 191), one, 0, 16, letter)',
        'for index in range(len(SECRET)):\n one = call((64, 190), NUMBER + index, 1, 0o666)\n'
        ' if one >= 0:\n  found += chr(call((66, 191), one, 0, 12))\n  call((66, 191), one, 0, 0)',
    ),
    "system_v_messages": (
        'queue = call((68, 186), NUMBER, 0o1666)\nmessage = (1).to_bytes(8, "little") + SECRET.encode()\n'
        'if queue >= 0: call((69, 189), queue, message, len(SECRET), 0o4000)',
        'queue = call((68, 186), NUMBER, 0o666)\ntext = ctypes.create_string_buffer(200)\n'
        'if queue >= 0:\n if call((70, 188), queue, text, 100, 0, 0o4000) > 0:\n'
        '  found = text.raw[8:].decode().strip(chr(0))\n'
        ' call((71, 187), queue, 0, None)',
    ),
    "posix_messages": (
        'queue = call((240, 180), b"left-here", os.O_CREAT | os.O_RDWR | os.O_NONBLOCK, 0o666, None)\n'
        'if queue >= 0: call((242, 182), queue, SECRET.encode(), len(SECRET), 0, None)',
        'queue = call((240, 180), b"left-here", os.O_RDWR | os.O_NONBLOCK, 0, None)\n'
        'text = ctypes.create_string_buffer(8192)\n'
        'if queue >= 0:\n if call((243, 183), queue, text, 8192, None, None) > 0: found = text.value.decode()\n'
        ' call((241, 181), b"left-here")',
    ),
    "posix_shared_memory": (
        'one = libc.shm_open(b"/left-here", os.O_CREAT | os.O_RDWR, 0o666)\n'
        'if one >= 0:\n os.fchmod(one, 0o666)\n os.write(one, SECRET.encode())',
        'one = libc.shm_open(b"/left-here", os.O_RDWR, 0o666)\n'
        'if one >= 0:\n found = os.read(one, 100).decode()\n libc.shm_unlink(b"/left-here")',
    ),
    "abstract_socket": (
        'if os.fork() == 0:\n os.setsid()\n server = socket.socket(socket.AF_UNIX)\n'
        ' server.bind(chr(0) + "left-here")\n'
        ' server.listen()\n server.settimeout(20)\n'
        ' with contextlib.suppress(OSError): server.accept()[0].send(SECRET.encode())\n os._exit(0)\ntime.sleep(0.3)',
        'with contextlib.suppress(OSError):\n one = socket.socket(socket.AF_UNIX)\n one.settimeout(2)\n'
        ' one.connect(chr(0) + "left-here")\n found = one.recv(100).decode()',
    ),
    "internet_socket": (
        'if os.fork() == 0:\n os.setsid()\n server = socket.socket()\n'
        ' server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)\n server.bind(("127.0.0.1", 48231))\n'
        ' server.listen()\n server.settimeout(20)\n'
        ' with contextlib.suppress(OSError): server.accept()[0].send(SECRET.encode())\n os._exit(0)\ntime.sleep(0.3)',
        'with contextlib.suppress(OSError):\n one = socket.socket()\n one.settimeout(2)\n'
        ' one.connect(("127.0.0.1", 48231))\n found = one.recv(100).decode()',
    ),
    "process_that_stays": (
        'if os.fork() == 0:\n os.setsid()\n libc.prctl(15, SECRET[:15].encode(), 0, 0, 0)\n'
        ' time.sleep(6)\n os._exit(0)\n'
        'time.sleep(0.2)',
        'for entry in filter(str.isdigit, os.listdir("/proc")):\n'
        ' with contextlib.suppress(OSError): found += open(f"/proc/{entry}/comm").read()\n'
        'found = SECRET if SECRET[:15] in found else ""',
    ),
    "proc_of_others": (
        'for entry in filter(str.isdigit, os.listdir("/proc")):\n'
        ' if int(entry) != os.getpid():\n'
        '  with contextlib.suppress(OSError): open(f"/proc/{entry}/oom_score_adj", "w").write("773")',
        'for entry in filter(str.isdigit, os.listdir("/proc")):\n with contextlib.suppress(OSError):\n'
        '  if open(f"/proc/{entry}/oom_score_adj").read().strip() == "773": found = SECRET',
    ),
    "times_of_devices": (
        'for name in ("null", "zero", "full", "random", "urandom", "tty"):\n'
        ' with contextlib.suppress(OSError): os.utime(f"/dev/{name}")',
        'for name in ("null", "zero", "full", "random", "urandom", "tty"):\n'
        ' with contextlib.suppress(OSError):\n  if time.time() - os.stat(f"/dev/{name}").st_mtime < 20: found = SECRET',
    ),
    "host_name": (
        'libc.sethostname(SECRET.encode(), len(SECRET))',
        'found = SECRET if socket.gethostname() == SECRET else ""',
    ),
}  # fmt: skip


def code(name: str, step: int) -> str:
    """One step as a cell: 0 leaves the secret, 1 looks for it and prints what it has found."""
    body = CHANNELS[name][step]
    return f"{_TOOLS}\n{body}\n" + ("print(found)" if step else "")


def carried(names: list[str]) -> dict[str, str]:
    """Try each channel from one kernel to the next one of the same sandbox: what the second has found."""
    sandbox = Sandbox([])
    sandbox.start()
    try:
        return {name: _second_finds(name, sandbox, sandbox) for name in names}
    finally:
        sandbox.close()


def carried_between_forks(names: list[str]) -> dict[str, str]:
    """The same from a kernel of one fork to a kernel of another: those of a class that is graded two at a time."""
    first = Sandbox([])
    forks = [Sandbox([], fork_of=first) for _ in range(2)]
    try:
        for sandbox in (first, *forks):
            sandbox.start()
        return {name: _second_finds(name, *forks) for name in names}
    finally:
        for sandbox in (*forks, first):
            sandbox.close()


def _second_finds(name: str, *sandboxes: Sandbox) -> str:
    for step, sandbox in enumerate(sandboxes):
        with running(sandbox, Limits()) as kernel:
            kernel.execute_cell_input(code(name, step))
            printed = kernel.printed().strip()
    return printed


if __name__ == "__main__":
    print(json.dumps(carried(sys.argv[1:] or list(CHANNELS))))
