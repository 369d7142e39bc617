"""The data that the pages use. Every loader returns a new DataFrame."""
