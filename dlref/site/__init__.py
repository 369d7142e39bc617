"""Places exhibits in pages. Knows Markdown, and nothing of deep learning."""
