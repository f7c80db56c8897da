"""The networks, plain PyTorch from top to bottom: trunks, heads, the whole PoseNet, and its checkpoints."""
