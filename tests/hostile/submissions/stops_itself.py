# attacks: head_loss
# trick: stops, and is neither dead nor alive
import os, signal

def head_loss(predicted, target, beta):
    os.kill(os.getpid(), signal.SIGSTOP)
    import time; time.sleep(1000)
