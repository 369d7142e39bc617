"""What the pages on machine learning show: a page and its module share a name."""
