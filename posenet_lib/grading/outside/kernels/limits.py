"""The time and memory that a submission may take: every number is here.

Outside the sandbox, `kernel` keeps the clock and counts what a cell prints, and `warm_sandbox` limits the process that
grades. The kernel's own limits are sent into the sandbox, where `inside.isolation` sets them before any student's code.
"""

import math
from dataclasses import dataclass

from posenet_lib.grading.inside.kernel_terms import KernelLimits


@dataclass(frozen=True)
class Limits:
    """What grading may take. Whoever takes more has an incomplete run: 0 points for that question, with the reason."""

    # Time by the clock. A cell that is late loses its kernel.
    cell_seconds: float = 20.0  # one cell
    question_seconds: float = 60.0  # all cells of one question
    spare_cpu_seconds: int = 5  # CPU time is limited to this and question_seconds: the clock decides first
    # What one cell prints.
    output_bytes: int = 4 << 20  # more ends the run
    kept_bytes: int = 16 << 10  # of a hidden cell's output; what is more is counted, but not kept
    printed_bytes: int = 512 << 10  # of what the cell itself prints: its end
    # The kernel and what it starts.
    memory_mib: int = 2048  # one process, on top of what the warm process has mapped already
    family_memory_mib: int = 4096  # all its processes together; more, because a fork counts its parent's pages again
    processes: int = 48  # threads count too
    file_mib: int = 32  # one file
    tmp_mib: int = 64  # each writable folder: file systems in memory
    open_files: int = 256
    # The process outside that grades one submission.
    grader_memory_mib: int = 768  # on top of what `posenet grade` holds when it forks (170 MB)
    seconds_between_runs: float = 20.0  # to start a kernel, to end it, to write reports

    def kernel(self) -> KernelLimits:
        """The part that is set inside the sandbox."""
        return KernelLimits(
            cpu_seconds=math.ceil(self.question_seconds) + self.spare_cpu_seconds,
            memory_mib=self.memory_mib,
            family_memory_mib=self.family_memory_mib,
            processes=self.processes,
            file_mib=self.file_mib,
            tmp_mib=self.tmp_mib,
            open_files=self.open_files,
        )

    def submission_seconds(self, questions: int) -> float:
        """Time for all of a submission: each question runs twice at most, for its points and for its messages."""
        return 2 * questions * (self.question_seconds + self.seconds_between_runs) + 60


# The reference is trusted, but prints all numbers of every hidden cell when its expected outputs are made.
REFERENCE_LIMITS = Limits(cell_seconds=120, question_seconds=300, output_bytes=8 << 20, kept_bytes=8 << 20)
