"""Ways are run in turns, as often as there is time for."""

import pytest

from posenet_lib.benchmark import stopwatch
from posenet_lib.benchmark.stopwatch import Stopwatch


class Clock:
    """A clock that only work moves."""

    def __init__(self):
        self.now, self.order = 0.0, ""

    def perf_counter(self) -> float:
        return self.now

    def way(self, name: str, *seconds: float):
        """Takes so long, the last number for ever."""
        durations = list(seconds)

        def work() -> None:
            self.order += name
            self.now += durations.pop(0) if len(durations) > 1 else durations[0]

        return work


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stopwatch, "time", clock)
    return clock


def test_one_round_warms_up_and_the_median_of_the_others_counts(clock):
    timing = Stopwatch(repeats=3).in_turns(clock.way("a", 9, 1, 5, 2), clock.way("b", 3), at_most_s=60)
    assert clock.order == "ab" * 4
    assert timing.seconds == [2, 3]
    assert (timing.rounds, timing.note) == (3, "")


def test_a_turn_may_settle_and_measure_several_times(clock):
    timing = Stopwatch(repeats=2).in_turns(clock.way("a", 1), clock.way("b", 1), at_most_s=60, settle=1, together=2)
    assert clock.order == "ab" + "aaabbb" * 2
    assert (timing.seconds, timing.rounds) == ([1, 1], 2)


def test_a_slow_machine_measures_fewer_rounds(clock):
    timing = Stopwatch(repeats=3).in_turns(clock.way("a", 4), clock.way("b", 6), at_most_s=25)
    assert (clock.order, timing.rounds) == ("ab" * 3, 2)


def test_without_any_time_each_way_is_measured_once(clock):
    watch = Stopwatch(repeats=3, roomy_s=5, always_s=3)
    timing = watch.in_turns(clock.way("a", 4), clock.way("b", 6), at_most_s=60)
    assert (clock.order, timing.seconds, timing.rounds) == ("ab", [4, 6], 0)
    assert "measured once" in timing.note
    assert watch.time_left_s == 0
    assert watch.in_turns(clock.way("c", 1), at_most_s=60).rounds == 3, "what is cheap is repeated all the same"


def test_a_machine_that_becomes_busy_ends_early(clock):
    timing = Stopwatch(repeats=3).in_turns(clock.way("a", 1, 10), at_most_s=10)
    assert (clock.order, timing.rounds) == ("aa", 1)
