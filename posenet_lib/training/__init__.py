"""Training runs: one step, the loop over epochs, what is kept, and losses beyond the student's own."""
