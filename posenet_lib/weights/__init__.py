"""Pretrained weights from elsewhere: what a file is, and how its layers come into our networks.

    containers (the file's kind) -> formats and the modules named for them (keys, shapes, names) -> pretrained (load)

Pickles are read by `data_unpickler`, which runs nothing.
"""
