"""On which terms a kernel runs, as plain data; `outside.kernels.limits` chooses the numbers and sends them in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class KernelLimits:
    """What one kernel may use; sizes in MiB."""

    cpu_seconds: int
    memory_mib: int  # the kernel's own, on top of what the warm process has mapped already
    family_memory_mib: int  # held by the kernel and by all that it has started, together
    processes: int  # threads count too
    file_mib: int  # one file
    tmp_mib: int  # each of its writable folders
    open_files: int


@dataclass(frozen=True)
class KernelTerms:
    """Limits, user and folders of one kernel."""

    limits: KernelLimits
    uid: int | None  # an unprivileged user, where the warm process is root
    folders: tuple[str, ...]  # the writable ones; empty where kernels have no namespaces of their own
    kept: tuple[str, ...] = ()  # read-only paths that stay visible where they lie below one of the folders
    filters: bool = True  # whether this Linux can forbid system calls
