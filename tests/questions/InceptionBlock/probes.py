"""Hidden cells for the practice InceptionBlock. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% values: The values of all four branches, in the table's order (2 points)
# lost: With the same weights, the block has to give the same numbers: branches, ReLU, padding, and their order.
import torch

from posenet_lib.models.googlenet import InceptionChannels
from posenet_lib.workbook.checks.inception_block import layers
from posenet_lib.workbook.checks.known_layers import give_weights

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, c, batch, height, width in (
    ("a small block", InceptionChannels(6, 2, 3, 4, 5, 7, 8), 2, 8, 11),
    ("another small block", InceptionChannels(3, 9, 2, 5, 4, 6, 7), 2, 13, 5),
    ("block 3a of the table", InceptionChannels(192, 64, 96, 128, 16, 32, 32), 2, 6, 6),
    ("a picture of one pixel", InceptionChannels(6, 2, 3, 4, 5, 7, 8), 32, 1, 1),
):
    about(kind)
    block = answer(c)
    give_weights(block, layers(c))
    results = [
        block(torch.randn(batch, c.inputs, height, width, generator=generator))[:, part]
        for part in (slice(0, c.one), slice(c.one, c.one + c.three), slice(-c.five - c.projection, None))
    ]
    for result in results:
        show(result, 0.01)

# %% gradient: A gradient for each of the six convolutions (1 point)
# lost: All six convolutions learn: each gets a gradient from the block's result.
import torch

from posenet_lib.models.googlenet import InceptionChannels
from posenet_lib.workbook.checks.inception_block import layers
from posenet_lib.workbook.checks.known_layers import give_weights

generator = torch.Generator().manual_seed(seed)  # of this run of grading
c = InceptionChannels(6, 2, 3, 4, 5, 7, 8)
block = answer(c)
give_weights(block, layers(c))
x = torch.randn(2, c.inputs, 9, 9, generator=generator)
weights = torch.randn(1, c.outputs, 1, 1, generator=generator)  # each channel has its own slope
(block(x) * weights).sum().backward()
found = {tuple(p.shape): p.grad for p in block.parameters() if p.dim() == 4}
for layer in layers(c).values():
    about(layer.name)
    say(found.get(tuple(layer.weight.shape)) is not None)
    show(found[tuple(layer.weight.shape)], 0.05)
