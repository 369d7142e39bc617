"""A deep-learning reference in which every figure, table and number is computed.

Where things are, from the ground up; a folder imports only from its own and those above it:

- `dlref.datasets`: the data that the pages use, as pandas DataFrames.
- Mathematics in NumPy, short enough to read beside the formula. Classification: `dlref.activations`, `dlref.softmax`,
  `dlref.metrics`, `dlref.logistic`, `dlref.encoding`, `dlref.bandits`. Networks: `dlref.layers`, `dlref.mlp`,
  `dlref.convolution`, `dlref.recurrent`, `dlref.boxes`. Learning: `dlref.losses`, `dlref.optimizers`,
  `dlref.surfaces`. Gradients: `dlref.autograd`, `dlref.graphs`.
- `dlref.pytorch`: networks, training and checkpoints, all that needs PyTorch.
- `dlref.plots`: drawing; takes arrays and models, never reads data.
- `dlref.engine`: runs exhibits and examples in processes with limits and keeps what they gave; knows no generator.
- `dlref.exhibits`: what the pages show, in the folders of `docs`; a page and its module share a name.
- `dlref.site`: places exhibits in pages; what a successor of MkDocs would replace.

Importing `dlref` imports none of these: `import dlref` takes milliseconds.
"""

__version__ = "0.1.0"
