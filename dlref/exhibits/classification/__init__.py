"""What the pages on classification show: a page and its module share a name."""
