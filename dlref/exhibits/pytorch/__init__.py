"""What the pages on PyTorch show: a page and its module share a name."""
