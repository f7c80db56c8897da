"""PoseNet workbook: camera relocalization from one photo, step by step.

The rooms follow the pipeline; README.md draws them, and `tests/test_rooms.py` holds their order. Importing the package
itself costs nothing. Each module imports what it needs; scenes and their poses are read without torch.
"""

import os

# PyTorch's threads wait for one another by spinning. As soon as anything else wants a core (a browser, a second
# notebook), they spin against it: training beside one busy program fell from 58 to 3 photos/s. On two cores it keeps 19
# when they wait quietly, and 24 when they spin for some microseconds first, which also spares small operations the 80
# microseconds of waking up. OpenMP reads this when torch is first imported; a value that the user has set stays.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
os.environ.setdefault("GOMP_SPINCOUNT", "1000")
