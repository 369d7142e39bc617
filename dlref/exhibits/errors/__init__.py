"""What the pages on errors show: what a wrong mend costs. A page and its module share a name."""
