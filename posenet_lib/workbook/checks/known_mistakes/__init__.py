"""Finds the cause of a wrong result by fitting: which known mistake gives exactly the student's own numbers?

Each family of mistakes is tried on several made-up inputs at once. A mistake is named only if it reproduces all of the
numbers, but for rounding; where several do, the one with the fewest parts is named, and where two different ones are
left, none is. Everything in this package computes something wrong on purpose.

    head_loss              all families of `head_loss` together
    head_loss_lengths      how a difference of two rows becomes one number of a batch
    head_loss_differences  which rows are subtracted
    head_loss_factors      what beta and the two errors are multiplied by
    pose_loss              `PoseLoss`: what the losses of three heads become
    mean_image             `generate_mean_image`: what photos of the final size become
    mean_image_resizing    `generate_mean_image`: how a photo gets its size
"""
