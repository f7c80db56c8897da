import torch
from posenet_lib.workbook import answer
import logging, sys
logging.basicConfig(level=logging.DEBUG, force=True, stream=sys.stdout)
log = logging.getLogger('verlust')

@answer
def head_loss(predicted, target, beta):

    log.warning("predicted %s", predicted.position_m)
    logging.error("again")
    print("Zwischenstand", predicted)
    length = target[1].pow(2).sum(1, keepdim=True).sqrt()
    return ((predicted[0] - target[0]).pow(2).sum(1).sqrt() + beta * (predicted[1] - target[1] / length).pow(2).sum(1).sqrt()).mean()
