# attacks: head_loss
# trick: prints and raises what no file can hold
import sys
out = sys.stdout
def head_loss(predicted, target, beta):
    out.write("\ud800\udfff \x00\x1b[2J \ufffe" * 100)
    raise ValueError("\ud800" * 50 + "\x00")
