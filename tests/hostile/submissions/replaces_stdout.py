# attacks: head_loss
# trick: prints to nowhere, or twice
import sys
class Twice:
    def __init__(self, out): self.out = out
    def write(self, text):
        self.out.write(text); self.out.write(text); return len(text)
    def flush(self): self.out.flush()
sys.stdout = Twice(sys.stdout)


def head_loss(predicted, target, beta):
    return (predicted.position_m * 0).sum()
