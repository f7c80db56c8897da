"""The filter of system calls, read as Linux reads it."""

import pytest

from posenet_lib.grading.inside import system_calls
from posenet_lib.grading.inside.system_calls import filter_program

ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
ALLOWED = 0x7FFF0000


def verdict(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    """What the program says of one call: a little interpreter of its five kinds of instructions."""
    program, place, value = filter_program(machine), 0, 0
    fields = {0: number, 4: ARCHITECTURES[machine] if architecture is None else architecture}
    fields |= {16 + 8 * index: argument for index, argument in enumerate((*arguments, 0, 0)[:6])}
    while True:
        code, true, false, k = program[place]
        place += 1
        if code == 0x06:
            return k
        if code == 0x20:
            value = fields[k]
        else:
            holds = {0x15: value == k, 0x35: value >= k, 0x45: bool(value & k)}[code]
            place += true if holds else false


@pytest.mark.parametrize(("machine", "column"), [("x86_64", 0), ("aarch64", 1)])
def test_every_forbidden_call_is_refused_and_ordinary_ones_are_not(machine, column):
    for name, numbers in system_calls._FORBIDDEN.items():
        if numbers[column] is not None:
            assert verdict(machine, numbers[column]) == 0x50001, name
    clone, socket, fcntl = (n[column] for n in (system_calls._CLONE, system_calls._SOCKET, system_calls._FCNTL))
    threads_and_forks = (0x3D0F00, 0x1200011)
    assert [verdict(machine, clone, flags) for flags in threads_and_forks] == [ALLOWED] * 2
    assert verdict(machine, clone, 0x10000000 | 17) == verdict(machine, clone, 0x00020000) == 0x50001
    assert verdict(machine, socket, 1) == ALLOWED
    assert {verdict(machine, socket, family) for family in (0, 2, 10, 16, 17, 40)} == {0x5000D}
    assert [verdict(machine, fcntl, 3, command) for command in (0, 1, 2, 3, 4, 1030)] == [ALLOWED] * 6
    assert {verdict(machine, fcntl, 3, command) for command in system_calls._FILE_LOCKS} == {0x50001}
    assert verdict(machine, system_calls._CLONE3[column]) == 0x50026  # "no such call", so that glibc takes clone
    read, write = ((0, 1), (63, 64))[column]
    assert verdict(machine, read) == verdict(machine, write) == ALLOWED


def test_other_numberings_of_the_same_calls_are_refused():
    assert verdict("x86_64", 0, architecture=0x40000003) == 0x50001  # 32-bit calls
    assert verdict("x86_64", 0x40000000 + 250) == 0x50026  # x32


def test_an_unknown_machine_is_named():
    with pytest.raises(OSError, match="riscv64"):
        filter_program("riscv64")
