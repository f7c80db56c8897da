"""Hidden cells for the practice train_step. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% steps: The parameters after several steps (2 points)
# lost: After forward, loss, zero_grad, backward, clip and step the parameters have to be where PyTorch puts them.
from posenet_lib.workbook.checks.small_training import SmallTraining

for kind, clip_norm, rate in (("gradients that are clipped", 0.3, 0.5), ("gradients that are short", 1e4, 0.02)):
    about(kind)
    training = SmallTraining(seed, rate)
    for _ in range(5):
        training.step(answer, clip_norm)
    show(training.parameters() * 10, 0.01)
about("gradients that were there before the first step")
training = SmallTraining(seed + 1, 0.1)
training.leave_gradients()
training.step(answer, 1e4)
show(training.parameters() * 10, 0.01)

# %% loss: The loss that is returned, without its graph (1 point)
# lost: Return the loss of the batch before the step, as one number without a graph; call the network once.
import torch

from posenet_lib.workbook.checks.small_training import SmallTraining

trainings = [SmallTraining(seed + number) for number in range(24)]
losses = [training.step(answer, 1.0) for training in trainings]
about("its value")
show([float(loss) for loss in losses], 0.01)
about("its graph")
say(any(isinstance(loss, torch.Tensor) and loss.requires_grad for loss in losses))
about("how often the network is called")
say([training.model.calls for training in trainings])
about("the mode of the network")
say([training.model.modes for training in trainings[:2]])
about("what is kept of the graph")
say(sum(training.kept_graphs() for training in trainings))
