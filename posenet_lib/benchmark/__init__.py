"""`posenet benchmark`: the handout's way and this workbook's, measured side by side on the same photos.

Tried and not kept (AMD EPYC with AVX-512 bfloat16, PyTorch 2.15, Pillow 13; milliseconds of one core):

- Other PNG decoders for the store, 1920x1080 PNG of 2.4 MB: Pillow 43 ms, torchvision.io 39, OpenCV 38, pyvips 24, all
  with the same pixels. pyvips would save 20 s, once, per thousand photos and core, for 18 MB of another dependency.
- JPEGs decoded at reduced scale (`Image.draft`), 1920x1080: 9.4 ms become 3.6, but pixels differ by up to 14 levels
  (0.8 on average), so the mean image would be another one. 640x480 JPEGs have no smaller scale that is large enough.
- torchvision's resize of uint8 tensors: 0.6 ms against Pillow's 5.3, but one pixel in a thousand differs by one level.
- LRN's window sum as a banded 1x1 convolution in bfloat16: 236 ms (32x192x56x56, forward and backward, two cores),
  where a banded float32 product, image by image, took 137. Shifted additions take less than half of the latter.
- Building the store during the first epoch: the mean image needs all photos before the first step.
- `torch.compile` of the batch-norm network: 31 photos/s where 55 are reached without, because its gradient of max
  pooling scatters; with pooling written as shifted maxima instead, the first pool took 68 + 151 ms in place of 20 + 20.
- ReLU after pooling, on a quarter of the numbers: 0.94 to 1.01 of the speed. Pooling bfloat16 as 16-bit integers: as
  fast. Memory never given back to the system (`mallopt`), or in huge pages: as fast; page faults are 2 % of a step.
- Writing the store to disk while photos are still decoded (`fsync` every 64): slower than all at the end.
"""
