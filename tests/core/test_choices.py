"""What can be chosen by name is there."""

import pytest

from posenet_lib.core.choices import COMMANDS, LOSSES, READERS, TRUNKS, find


@pytest.mark.parametrize("place", [*TRUNKS.values(), *LOSSES.values()])
def test_trunks_and_losses_are_functions_with_a_line_of_their_own(place):
    assert callable(find(place))
    assert find(place).__doc__


@pytest.mark.parametrize("place", READERS.values())
def test_readers_can_be_asked(place):
    module = find(place)
    assert module.HELP and callable(module.add_options) and callable(module.read)


@pytest.mark.parametrize("place", COMMANDS)
def test_commands_declare_their_parsers(place):
    assert callable(find(place).add_parsers)


@pytest.mark.parametrize("trunk", TRUNKS)
def test_a_trunk_has_what_heads_ask_of_it(trunk):
    made = find(TRUNKS[trunk])()
    assert made.channels > 0
    assert all(channels > 0 for channels in made.aux_channels)
