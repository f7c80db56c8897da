"""`network_input` and `apply_change` for a whole batch, in as few passes over memory as they can be.

`transforms` and `augmentation` say what is computed, step by step; this module computes the same numbers (to 1e-6; a
test compares them) at half their cost or less: only the crop is read from the store, mean image and normalisation
become one addition ``photo / 127.5 + offset``, a change of light is one more pass, and the result already lies in
memory as the network wants it (channels last). Where a GPU can hold all photos, it crops and computes them itself.
"""

import math
import weakref
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from posenet_lib.augmentation import MEAN_COLOUR, Change
from posenet_lib.transforms import CROP, SCALE, Corner

_SHARE_OF_GPU = 0.4  # of its free memory that photos may take; the rest is for training


class BatchInput:
    """Stored photos -> network input.

    Args:
        pixels: (N, H, W, 3) uint8, the store's.
        mean_image: [H, W, 3] float32 in 0..255.
    """

    def __init__(self, pixels: np.ndarray, mean_image: Tensor):
        self.pixels = pixels.view(np.ndarray)  # slicing a memmap object costs several times as much
        self.buffers = Buffers()
        self.centred = mean_image * -SCALE  # photo * SCALE + centred is 0 where the photo equals the mean image
        self.final = self.centred + MEAN_COLOUR  # the same with the value that the network sees there
        self.on_device: Tensor | None = None

    def move_to(self, device: torch.device | str) -> bool:
        """Hold all photos on a GPU from now on, if they fit; returns whether they do."""
        device = torch.device(device)
        if device.type == "cuda" and self.pixels.nbytes > _SHARE_OF_GPU * torch.cuda.mem_get_info(device)[0]:
            return False
        self.on_device = torch.empty(self.pixels.shape, dtype=torch.uint8, device=device)
        for row, photo in enumerate(self.pixels):  # one at a time: the store may be larger than the main memory
            self.on_device[row] = torch.from_numpy(np.array(photo))
        self.centred, self.final = self.centred.to(device), self.final.to(device)
        return True

    def __call__(self, rows: Sequence[int], corners: Sequence[Corner], changes: Sequence[Change] | None) -> Tensor:
        """[B, 3, 224, 224] float32, channels last in memory.

        Args:
            rows: where in `pixels` each photo lies.
            corners: of each photo's crop.
            changes: what happens to each photo's light, or None.
        """
        if self.on_device is not None:
            return self._at_once(rows, corners, changes).permute(0, 3, 1, 2)
        threads = torch.get_num_threads()
        torch.set_num_threads(1)  # one photo is 25 microseconds of work; waking another thread for it takes longer
        try:
            return self._one_by_one(rows, corners, changes).permute(0, 3, 1, 2)
        finally:
            torch.set_num_threads(threads)

    def _one_by_one(self, rows: Sequence[int], corners: Sequence[Corner], changes: Sequence[Change] | None) -> Tensor:
        """On the CPU: a photo at a time stays in the processor's cache from the first pass to the last."""
        images = self.buffers.take(len(rows), CROP, CROP, 3)
        copied = np.empty((CROP, CROP, 3), np.uint8)  # the store is read-only, which PyTorch's tensors cannot be
        photo = torch.from_numpy(copied)
        for number, (row, (top, left)) in enumerate(zip(rows, corners, strict=True)):
            window = slice(top, top + CROP), slice(left, left + CROP)
            np.copyto(copied, self.pixels[row][window])
            image = images[number]
            if not changes:
                torch.add(self.final[window], photo, alpha=SCALE, out=image)
                continue
            change = changes[number]
            torch.add(self.centred[window], photo, alpha=SCALE, out=image)
            flat = image.view(CROP, CROP * 3)  # long rows: with 3 numbers in a row the processor's vectors stay empty
            base = torch.tensor(MEAN_COLOUR + change.offset)
            torch.addcmul(base, flat, change.gain.flatten().repeat(CROP), out=flat)
            if change.patch:
                image[change.patch] = MEAN_COLOUR
        return images

    def _at_once(self, rows: Sequence[int], corners: Sequence[Corner], changes: Sequence[Change] | None) -> Tensor:
        """On a GPU: the whole batch in each step, because every step has a fixed cost there."""
        device = self.on_device.device
        along = torch.arange(CROP, device=device)
        top, left = torch.tensor(corners, device=device).T[:, :, None]  # each [B, 1]
        rows = torch.as_tensor(rows, device=device)
        y, x = (top + along)[:, :, None], (left + along)[:, None, :]  # [B, 224, 1], [B, 1, 224]
        photos = self.on_device[rows[:, None, None], y, x]  # [B, 224, 224, 3]
        if not changes:
            return torch.add(self.final[y, x], photos, alpha=SCALE)
        images = torch.add(self.centred[y, x], photos, alpha=SCALE)
        gain = torch.stack([change.gain.flatten() for change in changes]).to(device)[:, None, None, :]
        base = torch.tensor([MEAN_COLOUR + change.offset for change in changes], device=device)[:, None, None, None]
        erased = torch.zeros(len(rows), CROP, CROP, 1, dtype=torch.bool)
        for number, change in enumerate(changes):
            if change.patch:
                erased[number][change.patch] = True
        return torch.where(erased.to(device), MEAN_COLOUR, images * gain + base)


class Buffers:
    """Memory for batches, used again once nobody holds the batch that was in it.

    Fresh memory is given by the operating system page by page, zeroed: for a batch of 19 MB that took longer than
    everything that is computed in it.
    """

    def __init__(self):
        self._memory: list[tuple[np.ndarray, weakref.ref]] = []  # each with the view that its last batch was made of

    def take(self, *shape: int) -> Tensor:
        """An uninitialised float32 tensor. Whatever shares its memory, views included, keeps it from being reused."""
        count = math.prod(shape)
        # A tensor's memory holds the view it was made from.
        free = [number for number, (array, view) in enumerate(self._memory) if view() is None and len(array) >= count]
        if not free:
            self._memory = [kept for kept in self._memory if kept[1]() is not None]  # those free are too small
            free, array = [len(self._memory)], np.empty(count, np.float32)
        else:
            array = self._memory[free[0]][0]
        view = array[:count]
        self._memory[free[0] : free[0] + 1] = [(array, weakref.ref(view))]
        return torch.from_numpy(view).view(shape)
