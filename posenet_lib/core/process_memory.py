"""How much memory this process has had."""

import re
import sys
from pathlib import Path


def own_peak_mb() -> float:
    """Largest resident size of this process, mapped files included, in MiB; not on Windows.

    On Linux `ru_maxrss` would begin with the size of the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        return int(re.search(r"VmHWM:\s+(\d+) kB", status.read_text())[1]) / 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10)
