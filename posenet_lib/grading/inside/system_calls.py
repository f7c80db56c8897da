"""The system calls that a kernel may not make: whatever carries something from one process to the next one.

A seccomp filter, written as the list of instructions that Linux reads. Files, threads, child processes and local
sockets stay allowed, because ordinary Python needs them; namespaces keep those apart (see `isolation`).
"""

import ctypes
import errno
import os
import platform

# Numbers of asm/unistd_64.h and asm-generic/unistd.h: x86-64, aarch64. None: that machine does not have the call.
_FORBIDDEN: dict[str, tuple[int | None, int | None]] = {
    # Keyrings belong to a user and outlive the process.
    "add_key": (248, 217), "request_key": (249, 218), "keyctl": (250, 219),
    # System V shared memory, semaphores and message queues; POSIX message queues.
    "shmget": (29, 194), "shmctl": (31, 195), "shmat": (30, 196), "shmdt": (67, 197),
    "semget": (64, 190), "semctl": (66, 191), "semop": (65, 193), "semtimedop": (220, 192),
    "msgget": (68, 186), "msgctl": (71, 187), "msgrcv": (70, 188), "msgsnd": (69, 189),
    "mq_open": (240, 180), "mq_unlink": (241, 181), "mq_timedsend": (242, 182), "mq_timedreceive": (243, 183),
    "mq_notify": (244, 184), "mq_getsetattr": (245, 185),
    # Files that all kernels see, read-only: nobody leaves a lock or a watch on one.
    "flock": (73, 32), "inotify_init": (253, None), "inotify_init1": (294, 26), "inotify_add_watch": (254, 27),
    "fanotify_init": (300, 262), "fanotify_mark": (301, 263),
    # Other processes.
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_getfd": (438, 438), "process_madvise": (440, 440), "perf_event_open": (298, 241),
    # Mounts and namespaces.
    "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51), "setns": (308, 268),
    "unshare": (272, 97), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264), "open_by_handle_at": (304, 265),
    # The rest of Linux that no answer needs. io_uring makes other calls past this filter.
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427), "bpf": (321, 280),
    "userfaultfd": (323, 282), "syslog": (103, 116), "acct": (163, 89), "quotactl": (179, 60),
    "swapon": (167, 224), "swapoff": (168, 225), "reboot": (169, 142), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104), "kexec_file_load": (320, 294),
}  # fmt: skip
_CLONE3 = (435, 435)  # its flags lie in memory, which a filter can't read; glibc falls back to `clone`
_CLONE, _SOCKET, _FCNTL = (56, 220), (41, 198), (72, 25)
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_AF_UNIX = 1
_FILE_LOCKS = (5, 6, 7, 36, 37, 38, 1024, 1026)  # F_GETLK ... F_OFD_SETLKW, F_SETLEASE, F_NOTIFY
_MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}  # column above, AUDIT_ARCH of linux/audit.h
_X32 = 0x40000000  # the bit of x86-64's second set of numbers for the same calls

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = 0, 4, 16, 24  # offsets in struct seccomp_data
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_PR_SET_SECCOMP, _MODE_FILTER, _PR_SET_NO_NEW_PRIVS = 22, 2, 38

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, constant


class _Instruction(ctypes.Structure):
    _fields_ = (("code", ctypes.c_uint16), ("true", ctypes.c_uint8), ("false", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("instructions", ctypes.POINTER(_Instruction)))


def _refuse(code: int) -> Instruction:
    return _RETURN, 0, 0, _ERRNO | code


def filter_program(machine: str) -> list[Instruction]:
    """The filter for one kind of machine.

    Raises:
        OSError: the numbers of that machine's system calls are not known here.
    """
    if machine not in _MACHINES:
        raise OSError(errno.ENOSYS, f"no filter for the system calls of {machine}; known: {', '.join(_MACHINES)}")
    column, architecture = _MACHINES[machine]
    program = [(_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, architecture), _refuse(errno.EPERM)]
    program += [(_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), _refuse(errno.ENOSYS)]
    for numbers in _FORBIDDEN.values():
        if numbers[column] is not None:
            program += [(_EQUAL, 0, 1, numbers[column]), _refuse(errno.EPERM)]
    program += [(_EQUAL, 0, 1, _CLONE3[column]), _refuse(errno.ENOSYS)]
    program += _by_argument(_CLONE[column], _FIRST, [(_ANY_BIT, 1, 0, _NEW_NAMESPACES)], errno.EPERM)
    program += _by_argument(_FCNTL[column], _SECOND, [(_EQUAL, 1, 0, lock) for lock in _FILE_LOCKS], errno.EPERM)
    program += _by_argument(_SOCKET[column], _FIRST, [(_EQUAL, 0, 1, _AF_UNIX)], errno.EACCES)
    return [*program, (_RETURN, 0, 0, _ALLOW)]


def _by_argument(number: int, argument: int, tests: list[Instruction], code: int) -> list[Instruction]:
    """Refuse one call where a test of its argument says so; a test's 1 stands on the side that refuses."""
    # After the tests come two ends, 'allow' and 'refuse'. A jump skips the tests that are left, and 'allow'.
    left = [len(tests) - 1 - index for index in range(len(tests))]
    jumps = [
        (test, true and true + more, false and false + more, k)
        for (test, true, false, k), more in zip(tests, left, strict=True)
    ]
    block = [(_LOAD, 0, 0, argument), *jumps, (_RETURN, 0, 0, _ALLOW), _refuse(code)]
    return [(_EQUAL, 0, len(block), number), *block]


def forbid() -> None:
    """Put the filter on this process and all that it will start. There is no way back.

    Raises:
        OSError: this Linux, or what contains it, has no such filters.
    """
    program = filter_program(platform.machine())
    instructions = (_Instruction * len(program))(*program)
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(_Program(len(program), instructions)), 0, 0) != 0:
        code = ctypes.get_errno()
        raise OSError(code, f"the filter of system calls: {os.strerror(code)}")
