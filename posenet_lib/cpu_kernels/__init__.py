"""What a CPU does between a training step's convolutions, in as few passes over memory as there can be.

With 16-bit convolutions a third of a step is batch norm, ReLU and max pooling, which hardly compute: they read and
write. PyTorch's own take one pass for each thing they do. The C files here do more in a pass, and `build` compiles
them where there is a C compiler, at the first use, in about a second. Without one everything works, with PyTorch's own
operations. `POSENET_CPU_KERNELS=off` chooses those anyway.
"""
