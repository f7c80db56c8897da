"""From stored photos and poses to batches for the network: transforms, changes to training photos, the data set."""
