"""Hidden cells for the practice replace_classifiers. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% outputs: Seven numbers from each of three regressors (2 points)
# lost: With the same weights the main regressor gives the same numbers (1024, 2048, ReLU, 7); the other two give 7.
import torch

from posenet_lib.workbook.checks.replace_classifiers import classifier, give_regressor_weights

generator = torch.Generator().manual_seed(seed)  # of this run of grading
net = answer(classifier(seed, classes=30))
give_regressor_weights(net)
for name, size in (("photos of 64 pixels", 64), ("photos of 96 pixels", 96)):
    about(name)
    show(net.eval()(torch.randn(4, 3, size, size, generator=generator)) * 10, 0.05)
about("training")
say([tuple(part.shape) for part in net.train()(torch.randn(2, 3, 64, 64, generator=generator))])

# %% kept: The trunk and its weights stay, dropout is where it belongs (1 point)
# lost: All weights of the trunk and of the auxiliary heads but their last layer are those of the classifier, and learn.
import torch

from posenet_lib.workbook.checks.replace_classifiers import classifier

given = classifier(seed, classes=7)
before = {name: part.detach().clone() for name, part in given.named_parameters() if ".fc2" not in name}
net = answer(given)
after = dict(net.named_parameters())
about("the weights that stay")
say(sorted(name for name, part in before.items() if not name.startswith("fc.") and name not in after))
kept = [name for name in before if name in after and not name.startswith("fc.")]
say(all(torch.equal(before[name], after[name]) for name in kept))
about("what learns")
say(all(part.requires_grad for part in net.parameters()))
about("dropout")
say(sorted(layer.p for layer in net.modules() if isinstance(layer, torch.nn.Dropout) and layer.p))
