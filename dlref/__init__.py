"""A deep-learning reference in which every figure, table and number is computed.

Where things are, from the ground up; a module imports only from those above it:

- `dlref.datasets`: the data that the pages use, as pandas DataFrames.
- Mathematics in NumPy, short enough to read beside the formula. Classification: `dlref.activations`, `dlref.softmax`,
  `dlref.metrics`, `dlref.logistic`, `dlref.encoding`, `dlref.bandits`. Networks: `dlref.layers`, `dlref.mlp`,
  `dlref.convolution`, `dlref.recurrent`, `dlref.boxes`. Losses: `dlref.regression_losses`, `dlref.cross_entropy`,
  `dlref.hinge_losses`. Optimizers: `dlref.optimizers`, `dlref.adaptive_optimizers`, `dlref.descent`,
  `dlref.surfaces`. Gradients: `dlref.autograd`, `dlref.graphs`.
- PyTorch: `dlref.networks`, `dlref.training`, `dlref.checkpoints`, `dlref.vision`, `dlref.sequences`,
  `dlref.generation`.
- `dlref.plots`: drawing; takes arrays, never reads data.
- `dlref.exhibits`: what the pages show, a module a page; `dlref.exhibit` is the decorator that makes a function one.
- `dlref.site`: places exhibits in pages; alone knows Markdown.
- `dlref.examples` finds and runs documented examples, `dlref.verify` runs them all; `dlref.isolate` runs anything in a
  process with limits, and `dlref.trained` keeps what a training gave.

Importing `dlref` imports none of these: `import dlref` takes milliseconds.
"""

__version__ = "0.1.0"
