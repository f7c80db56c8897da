"""Depth and motion without labels: networks that learn because one photo can be computed from another.

Training takes its parts (warping, photometric error, left-right consistency, minimum over sources) as arguments: the
student's own where they pass their checks, else the ones here.
"""
