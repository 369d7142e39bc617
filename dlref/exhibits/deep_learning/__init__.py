"""What the pages on deep learning show: a page and its module share a name."""
