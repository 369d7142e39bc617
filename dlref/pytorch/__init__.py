"""What needs PyTorch: networks, training, checkpoints; networks for vision, for sequences, and that generate."""
