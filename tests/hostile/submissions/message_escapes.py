# attacks: head_loss
# trick: message escapes
def head_loss(predicted, target, beta):
    raise ValueError('\x1b[2J\x1b]0;owned\x07 \u202egnp.exe \x9b31m <script>alert(1)</script>\r\nnew line')
