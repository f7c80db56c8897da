"""`posenet benchmark`: the handout's way and this workbook's, measured side by side on the same photos.

Tried and not kept (AMD EPYC with AVX-512 bfloat16, PyTorch 2.14 and 2.15, Pillow 13; milliseconds of one core):

- Other PNG decoders for the store than libvips, 1920x1080 PNG of 2.4 MB: Pillow 43 ms, torchvision.io 39, OpenCV 38,
  libvips 24, all with the same pixels.
- JPEGs decoded at reduced scale (`Image.draft`), 1920x1080: 9.4 ms become 3.6, but pixels differ by up to 14 levels
  (0.8 on average), so the mean image would be another one. 640x480 JPEGs have no smaller scale that is large enough.
- Others' resizing in place of Pillow's: torchvision's of uint8 tensors takes a ninth of the time, but one pixel in a
  thousand differs by one level; cykooz-resizer is as fast, but 15 % of the pixels differ. `cpu_kernels/resize.c` has
  Pillow's pixels: a 640x480 JPEG's in 0.3 ms instead of 1.8 (decoding takes 1.0), a large PNG's in 1.9 instead of 8.2.
- `resize.c` with vectors of 64 bytes: 0.29 ms in place of 0.31, but 2.7 compiled for AVX2, whose registers hold 32,
  because GCC takes larger vectors apart.
- Memory of freed photos kept by Pillow (`Image.core.set_blocks_max`): two threads decode and resize a tenth faster, but
  it is a setting of the whole process, which then keeps that memory.
- LRN's window sum as a banded 1x1 convolution in bfloat16: 236 ms (32x192x56x56, forward and backward, two cores),
  where a banded float32 product, image by image, took 137. Shifted additions take less than half of the latter.
- Building the store during the first epoch: the mean image needs all photos before the first step.
- `torch.compile` of the batch-norm network: 31 photos/s where 55 were reached without, because its gradient of max
  pooling scatters; with pooling written as shifted maxima instead, the first pool took 68 + 151 ms in place of 20 + 20.
- The three 1x1 convolutions that begin an inception block's branches, computed as one, without the rest of
  `cpu_kernels.inception`: 16 % slower, because PyTorch's batch norm is slow on slices of channels.
- Weights laid out for one photo (`fast_network`) used for a batch as well: the batch becomes slower.
- The stem's 7x7 convolution as a 4x4 one over blocks of 2x2 pixels: as fast. ReLU after pooling, on a quarter of the
  numbers: 0.94 to 1.01 of the speed. Memory in huge pages: as fast, once it is kept between steps.
- The store's pixels written to its file instead of into the mapped file: 0.09 ms of processor time for a photo in
  place of 0.16, of 1.6 in all; Windows would need a lock. Sent to disk during the decoding as well, before resizing
  was compiled: 5 %.
- Writing the store to disk while photos are still decoded (`fsync` every 64): slower than all at the end.
"""
