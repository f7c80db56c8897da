"""What a kernel may see and use: its own namespaces, its own empty folders, its limits. Runs inside the sandbox.

bubblewrap has already taken away the network, the repository and every writable folder, for the warm process and all
its forks. Each fork gets namespaces of its own on top, so that one submission can't see, signal or fill up what belongs
to the next one, and everything that it has started ends with it.
"""

import contextlib
import ctypes
import os
import resource
import signal
from pathlib import Path

from posenet_lib.grading.inside import system_calls
from posenet_lib.grading.inside.kernel_terms import KernelLimits, KernelTerms

# Numbers of linux/sched.h, linux/mount.h, linux/prctl.h and linux/capability.h.
_NEWNS, _NEWUTS, _NEWIPC = 0x00020000, 0x04000000, 0x08000000
_NEWUSER, _NEWPID, _NEWNET = 0x10000000, 0x20000000, 0x40000000
_REC_PRIVATE, _NOSUID_NODEV = 0x4000 | 0x40000, 2 | 4
_READ_ONLY, _NOEXEC, _REMOUNT, _BIND, _REC, _RELATIME = 1, 8, 32, 0x1000, 0x4000, 0x200000
_DEVICES = ("null", "zero", "full", "random", "urandom", "tty")
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_CAPBSET_DROP, _PR_SET_NO_NEW_PRIVS = 1, 4, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522
_MIB = 1 << 20


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _call(name: str, *arguments: object) -> None:
    if getattr(_libc(), name)(*arguments) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"{name}: {os.strerror(code)}")


def _mount(kind: str, target: str, flags: int, options: str = "") -> None:
    _call("mount", kind.encode(), target.encode(), kind.encode(), flags, options.encode())


def enter_namespaces() -> None:
    """New namespaces for this process and the kernel that it will fork. Needs a process with a single thread.

    Raises:
        OSError: the system allows none here.
    """
    uid, gid = os.geteuid(), os.getegid()
    spaces = _NEWNS | _NEWPID | _NEWIPC | _NEWUTS | _NEWNET
    _call("unshare", spaces if uid == 0 else spaces | _NEWUSER)
    if uid != 0:
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{uid} {uid} 1")
        Path("/proc/self/gid_map").write_text(f"{gid} {gid} 1")
    _call("mount", b"none", b"/", None, _REC_PRIVATE, None)


def confine(terms: KernelTerms) -> None:
    """Last step before the student's code: empty folders, limits, no privileges. There is no way back.

    Where the kernel has namespaces of its own, `terms.folders` are its only writable places: each gets an empty file
    system in memory, wherever the workbook and Python lie.
    """
    here = os.getcwd()
    for folder in terms.folders:
        _make_private(folder, [path for path in terms.kept if Path(path).is_relative_to(folder)], terms.limits)
    if terms.folders:
        os.chdir(here)  # it may lie below one of them
        _make_proc()
        for name in _DEVICES:
            # They are the machine's own. Read-only, they still take what is written, but nobody can set their times.
            if os.path.ismount(f"/dev/{name}") or os.stat(f"/dev/{name}").st_dev != os.stat("/dev").st_dev:
                _make_read_only(f"/dev/{name}")
    set_limits(terms.limits)
    if terms.uid is not None:
        os.setgroups([])
        os.setresgid(terms.uid, terms.uid, terms.uid)
        os.setresuid(terms.uid, terms.uid, terms.uid)
    _drop_capabilities()
    _libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    _libc().prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0)
    die_with_parent()
    if terms.filters:
        system_calls.forbid()


def _make_private(folder: str, kept: list[str], limits: KernelLimits) -> None:
    """An empty file system over `folder`, in which only the paths that are `kept` show again, as they were."""
    # An open descriptor still leads to what the new file system is going to hide.
    shown = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in kept]
    _mount("tmpfs", folder, _NOSUID_NODEV, f"size={limits.tmp_mib}m,nr_inodes=4096,mode=1777")
    for path, descriptor in shown:
        source, target = f"/proc/self/fd/{descriptor}", Path(path)
        (target if os.path.isdir(source) else target.parent).mkdir(mode=0o755, parents=True, exist_ok=True)
        if not target.exists():
            target.touch()
        _call("mount", source.encode(), path.encode(), None, _BIND | _REC, None)
        os.close(descriptor)


def _make_proc() -> None:
    """A /proc of the kernel's own processes where Linux allows one; read-only in any case."""
    try:
        _mount("proc", "/proc", _NOSUID_NODEV | _NOEXEC | _READ_ONLY)
    except OSError:  # without root, Linux allows no second one; the first shows no secret
        _call("mount", b"/proc", b"/proc", None, _BIND | _REC, None)
        _make_read_only("/proc")


def _make_read_only(path: str) -> None:
    """A mount that is there already. Linux insists that it keeps what it is forbidden already."""
    has = os.statvfs(path).f_flag
    relative = _RELATIME if has & os.ST_RELATIME else 0
    kept = has & (os.ST_NOSUID | os.ST_NODEV | os.ST_NOEXEC | os.ST_NOATIME | os.ST_NODIRATIME)
    _call("mount", b"none", path.encode(), None, _REMOUNT | _BIND | _READ_ONLY | relative | kept, None)


def die_with_parent() -> None:
    """Linux ends this process when its parent ends, however that ends."""
    _libc().prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _drop_capabilities() -> None:
    for capability in range(64):
        _libc().prctl(_PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    _libc().capset(header, (ctypes.c_uint32 * 6)())


def set_limits(limits: KernelLimits) -> None:
    """Memory, CPU time, processes, files. Address space counts shared memory too, which RLIMIT_DATA does not."""
    mapped = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    for kind, value in (
        (resource.RLIMIT_AS, mapped + limits.memory_mib * _MIB),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_FSIZE, limits.file_mib * _MIB),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (value, value))


def memory_of_descendants(root: int) -> int:
    """Bytes of memory that `root` and everything below it hold for themselves, as seen from this pid namespace."""
    parents, held = {}, {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        with contextlib.suppress(OSError, ValueError, KeyError):
            fields = dict(line.split(":", 1) for line in Path(f"/proc/{entry}/status").read_text().splitlines())
            parents[int(entry)] = int(fields["PPid"])
            held[int(entry)] = sum(int(fields[name].split()[0]) << 10 for name in ("RssAnon", "RssShmem"))
    family = {root}
    while True:
        more = {child for child, parent in parents.items() if parent in family} - family
        if not more:
            return sum(held.get(member, 0) for member in family)
        family |= more
