"""Which pairs of photos are matched: all of them while they are few, else neighbours and a coarse net over the walk."""

from collections.abc import Sequence

ALL_PAIRS_UP_TO = 130  # photos: 8,385 pairs
_NEIGHBOURS = 10  # of each photo, in order
_LEAPS = tuple(2**power for power in range(4, 10))  # beyond the neighbours, ever more rarely
_NET = 80  # photos, evenly over all, of which every two are matched: they find where the walk comes by again


def pairs_to_match(names: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs of names, each once, in order.

    Args:
        names: in the order in which the photos were taken.
    """
    count = len(names)
    if count <= ALL_PAIRS_UP_TO:
        wanted = {(i, j) for i in range(count) for j in range(i + 1, count)}
    else:
        steps = (*range(1, _NEIGHBOURS + 1), *_LEAPS)
        wanted = {(i, i + step) for i in range(count) for step in steps if i + step < count}
        net = sorted({round(index * (count - 1) / (_NET - 1)) for index in range(_NET)})
        wanted |= {(i, j) for i in net for j in net if i < j}
    return [(names[i], names[j]) for i, j in sorted(wanted)]
