# attacks: head_loss
# trick: a cell magic that nobody knows
%%nosuchmagic


def head_loss(predicted, target, beta):
    return (predicted.position_m * 0).sum()
