# attacks: head_loss
# trick: message korean long
def head_loss(predicted, target, beta):
    raise ValueError('잘못된 값입니다 ' * 400)
