"""Finds the cause of a wrong result by fitting: which known mistake gives exactly the student's own numbers?

Each family of mistakes is tried on several made-up inputs at once. A mistake is named only if it reproduces all of the
numbers, but for rounding; where several do, the one with the fewest parts is named, and where two different ones are
left, none is. Everything in this package computes something wrong on purpose.

    lengths      how a difference of two rows becomes one number of a batch
    differences  which rows are subtracted
    factors      what beta and the two errors are multiplied by
    head         head_loss: all of these together
    heads        PoseLoss: what the losses of three heads become
    photos       generate_mean_image: what photos of the final size become
    resizing     generate_mean_image: how a photo gets its size
"""
