"""A deep-learning reference in which every figure, table and number is computed.

Where things are, from the ground up; a module imports only from those above it:

- `dlref.datasets`: the data that the pages use, as pandas DataFrames.
- Mathematics in NumPy, short enough to read beside the formula: `dlref.activations`, `dlref.metrics`,
  `dlref.logistic`, `dlref.encoding`.
- `dlref.plots`: drawing; takes arrays, never reads data.
- `dlref.exhibits`: what the pages show, a module a page; `dlref.exhibit` is the decorator that makes a function one.
- `dlref.site`: places exhibits in pages; alone knows Markdown.

Importing `dlref` imports none of these: `import dlref` takes milliseconds.
"""

__version__ = "0.1.0"
