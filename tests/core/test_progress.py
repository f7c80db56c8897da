"""Progress bars where nobody watches them."""

import subprocess
import sys

A_BAR = """
import time
from posenet_lib.core.progress import progress_bar

for _ in progress_bar(range(200), desc="Working"):
    time.sleep(0.005)
"""


def test_a_file_gets_the_first_and_the_last_state_of_a_bar_not_all_of_them():
    done = subprocess.run([sys.executable, "-c", A_BAR], capture_output=True, text=True, check=True)
    states = [state for state in done.stderr.replace("\n", "\r").split("\r") if state.strip()]
    assert len(states) <= 2
    assert "200/200" in states[-1]
