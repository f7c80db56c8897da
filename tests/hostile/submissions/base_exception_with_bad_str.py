# attacks: head_loss
# trick: base exception with bad str
class E(BaseException):
    def __str__(self): raise ValueError
    __repr__ = __str__
def head_loss(predicted, target, beta):
    raise E
