# attacks: head_loss
# trick: sends messages of wrong kinds
import json, os, struct
for message in ({"type": ["done"]}, {"type": "stream", "text": {"a": 1}}, {"type": None}, {"passed": True}, [1, 2]):
    data = json.dumps(message).encode()
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, struct.pack(">I", len(data)) + data)
        except OSError:
            pass


def head_loss(predicted, target, beta):
    return (predicted.position_m * 0).sum()
