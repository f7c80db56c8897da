# attacks: head_loss
# trick: leaves a process behind that detaches itself
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        while True:
            try:
                open("/tmp/still-here", "a").write("x")
            except OSError:
                pass
            time.sleep(0.2)
    os._exit(0)


def head_loss(predicted, target, beta):
    return (predicted.position_m * 0).sum()
