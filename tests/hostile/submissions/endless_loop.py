# attacks: head_loss
# trick: never comes back
def head_loss(predicted, target, beta):
    while True:
        pass
