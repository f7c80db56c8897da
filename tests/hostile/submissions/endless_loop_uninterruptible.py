# attacks: head_loss
# trick: never comes back and takes no signals
import signal, time
for number in range(1, 65):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass

def head_loss(predicted, target, beta):
    while True:
        try:
            time.sleep(1000)
        except BaseException:
            pass
