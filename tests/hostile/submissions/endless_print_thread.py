# attacks: head_loss
# trick: prints for ever from a thread, also between cells
import sys, threading
out = sys.stdout

def talk():
    while True:
        out.write("spam " * 2000)
        out.flush()

threading.Thread(target=talk, daemon=True).start()


def head_loss(predicted, target, beta):
    return (predicted.position_m * 0).sum()
