# attacks: head_loss
# trick: waits for somebody to type
def head_loss(predicted, target, beta):
    return input('the answer, please: ')
