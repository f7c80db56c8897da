"""Tests, in the library's rooms: `tests/<package>/test_<module>.py`; whole runs are in `end_to_end`."""
