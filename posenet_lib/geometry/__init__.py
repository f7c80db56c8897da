"""Rotations, camera poses and cameras: the conventions of the whole workbook, each stated once, in its module."""
