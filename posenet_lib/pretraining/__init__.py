"""Transfer learning without a download: a trunk that has learned other courts, to begin a new scene with.

photos (render many courts) -> network (one trunk, last layers for each court) -> run (train, and keep the trunk)
"""
