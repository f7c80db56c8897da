"""Hidden cells for the practice to_network_input. See notebooks/README.md, 'Add a question'."""
# points: 0

# %% values: The numbers of the network's input (2 points)
# lost: Each number is (v / 255 - 0.5) / 0.5 of the signed difference v, where the same crop is cut from photo and mean.
import torch

from posenet_lib.data.transforms import Corner

generator = torch.Generator().manual_seed(seed)  # of this run of grading
for kind, height, width in (
    ("a landscape photo", 256, 341),
    ("a portrait photo", 333, 251),
    ("a photo of just 224 x 224", 224, 224),
):
    about(kind)
    photo = torch.randint(0, 256, (height, width, 3), generator=generator, dtype=torch.uint8)
    mean_image = torch.rand(height, width, 3, generator=generator) * 255
    for _ in range(2):
        top = int(torch.randint(0, height - 223, (1,), generator=generator))
        left = int(torch.randint(0, width - 223, (1,), generator=generator))
        show(answer(photo, mean_image, Corner(top, left))[:, ::37, ::41], 0.01)
for kind, dark, bright in (("a photo darker than the mean", 30, 200), ("a photo brighter than the mean", 220, 40)):
    about(kind)
    photo = torch.randint(dark, dark + 30, (230, 240, 3), generator=generator, dtype=torch.uint8)
    mean_image = bright + 20 * torch.rand(230, 240, 3, generator=generator)
    show(answer(photo, mean_image, Corner(3, 9))[:, ::37, ::41], 0.01)

# %% form: Shape, number format, and unchanged arguments (1 point)
# lost: The result is float32 of shape [3, 224, 224]; photo and mean image are the same after the call as before.
import torch

from posenet_lib.data.transforms import Corner

generator = torch.Generator().manual_seed(seed)  # of this run of grading
photo = torch.randint(0, 256, (240, 250, 3), generator=generator, dtype=torch.uint8)
mean_image = torch.rand(240, 250, 3, generator=generator) * 255
given = photo.clone(), mean_image.clone()
about("shape and number format")
result = answer(photo, mean_image, Corner(2, 3))
say((tuple(result.shape), result.dtype))
about("the arguments after the call")
say([torch.equal(*pair) for pair in zip(given, (photo, mean_image), strict=True)])
