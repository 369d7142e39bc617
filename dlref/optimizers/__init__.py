"""Optimizers, rules that turn a gradient into new weights, and the descent that follows one downhill.

A rule is a pair of functions without state of their own, so that every step can be looked at:

- `init(x)` gives the state to start with: what the rule remembers from step to step;
- `step(x, gradient, state)` gives the new x and the new state, and changes neither of the old ones.

In the formulas g is the gradient at x and η the learning rate. A network calls `init` and `step` for each of its
arrays. `descend` walks down a surface with any of the rules, `descend_batches` through the batches of a data set.
"""

from dlref.optimizers._adaptive import adadelta, adagrad, adam, adamw, rmsprop
from dlref.optimizers._descent import descend, descend_batches, mini_batches
from dlref.optimizers._one_rate import gradient_descent, momentum, nesterov

__all__ = [
    "adadelta",
    "adagrad",
    "adam",
    "adamw",
    "descend",
    "descend_batches",
    "gradient_descent",
    "mini_batches",
    "momentum",
    "nesterov",
    "rmsprop",
]
