"""How two ways of doing a thing are compared fairly, and how all comparisons together end in time."""

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

_ROOMY_S = 150  # in this time repeats may take long; what must be measured once takes minutes on a slow machine
_ALWAYS_S = 6  # afterwards, and for cheap repeats
_END_S = 400  # all is over after 7 minutes


class Timing(NamedTuple):
    """What a comparison found."""

    seconds: list[float]  # of each way, the median
    rounds: int  # in how many turns; 0 if only the round that warms up was affordable, and counts

    @property
    def note(self) -> str:
        """For a row that was measured less often than usual."""
        return "" if self.rounds else "measured once, without warming up: this machine is slow, or was busy"


class Stopwatch:
    """Measures ways in turns, as often as there is time for.

    Args:
        repeats: how many rounds are wanted, after one that warms up.
        roomy_s: seconds from now on in which repeats may take as long as their comparison allows.
        always_s: seconds that the repeats of one comparison may take even afterwards.
    """

    def __init__(self, repeats: int, roomy_s: float = _ROOMY_S, always_s: float = _ALWAYS_S):
        self.repeats, self.always_s = repeats, always_s
        self._roomy_until = time.perf_counter() + roomy_s
        self._end = time.perf_counter() + _END_S

    @property
    def time_left_s(self) -> float:
        """Until all is measured once, except what is cheap."""
        return max(0.0, self._roomy_until - time.perf_counter())

    @property
    def time_to_end_s(self) -> float:
        """For the last task."""
        return max(_ALWAYS_S, self._end - time.perf_counter())

    def in_turns(self, *ways: Callable[[], object], at_most_s: float, settle: int = 0, together: int = 1) -> Timing:
        """Run the ways in turns, so that whatever else the machine does meets all of them alike.

        The first round warms up, and shows how many more fit. If none fits, it counts.

        Args:
            at_most_s: seconds for all rounds after the first.
            settle: how often a way runs, unmeasured, at the beginning of its turn, until caches and memory are as a run
                of its kind leaves them.
            together: how often it is then measured in the same turn.
        """
        first = [_seconds(way) for way in ways]
        round_s = sum(first) * (settle + together)
        limit_s = min(at_most_s, max(self.time_left_s, self.always_s))
        rounds = min(self.repeats, int(limit_s / round_s))
        if rounds == 0:
            return Timing(first, 0)
        measured: list[list[float]] = [[] for _ in ways]
        ends_at = time.perf_counter() + limit_s
        for number in range(rounds):
            if number and time.perf_counter() + round_s > ends_at:  # the machine has become busier
                break
            for way, found in zip(ways, measured, strict=True):
                for _ in range(settle):
                    way()
                found += [_seconds(way) for _ in range(together)]
        return Timing([statistics.median(found) for found in measured], len(measured[0]) // together)


def _seconds(way: Callable[[], object]) -> float:
    began = time.perf_counter()
    way()
    return time.perf_counter() - began
