"""What a CPU does between a training step's convolutions, in as few passes over memory as there can be.

With 16-bit convolutions and PyTorch's own layers, a third of a step is batch norm, ReLU, max pooling and LRN, which
hardly compute: they read and write, in a pass for each thing they do. The C files here do more in a pass, and
`inception` and `BatchNormReLU.then_pooled` leave out what would be written only to be read again. One more file
resizes photos for the store, which takes Pillow longer than to decode a small JPEG.

`build` compiles them at the first use, in about a second, where there is a C compiler (on a Mac one that `CC` names:
its own lacks OpenMP; not on Windows). Without one everything works, with PyTorch's own layers and Pillow's resizing,
which `POSENET_CPU_KERNELS=off` chooses as well.
"""
