"""Optimizers that give each weight a rate of its own, from the size of its past gradients.

Pairs of `init` and `step`, as in `dlref.optimizers`. In the formulas g is the gradient at x and η the learning rate;
squares, roots and quotients are taken weight by weight. The defaults are those of `torch.optim`.
"""

import numpy as np

from dlref import _check
from dlref.optimizers import Optimizer, _zeros

__all__ = ["adadelta", "adagrad", "adam", "adamw", "rmsprop"]


def adagrad(*, learning_rate: float = 0.01, eps: float = 1e-10) -> Optimizer:
    r"""A rate for each weight, divided by the root of the sum of its past squared gradients: it can only fall.

    $$G \leftarrow G + g^2 \qquad x \leftarrow x - \frac{\eta}{\sqrt{G} + \epsilon}\, g$$

    Args:
        learning_rate: η, over 0; the size of the first step of every weight.
        eps: ε, over 0; keeps the quotient finite where a gradient has always been 0.

    Returns:
        `init` and `step`; the state is the sum G, 0 at first.

    Raises:
        TypeError: If a hyperparameter is not a number; in `init` and `step`, if an array holds anything else.
        ValueError: If a hyperparameter is out of range; in `init` and `step`, if arrays are empty or shapes differ.

    Examples:
        A steep and a flat weight take steps of one size; they shrink though the slope does not.

        >>> from dlref.adaptive_optimizers import adagrad
        >>> init, step = adagrad(learning_rate=0.1, eps=0.5)
        >>> x, state = [1.0, 1.0], init([1.0, 1.0])
        >>> for _ in range(3):
        ...     x, state = step(x, [400.0, 4.0], state)
        ...     print(x.round(4), state)
        [0.9001 0.9111] [1.6e+05 1.6e+01]
        [0.8295 0.8461] [3.2e+05 3.2e+01]
        [0.7718 0.7923] [4.8e+05 4.8e+01]

    References:
        Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization",
        JMLR 12 (2011). Equals `torch.optim.Adagrad`. On the page: [Other optimizers][opt-others].
    """
    learning_rate = _check.number("learning_rate", learning_rate, above=0)
    eps = _check.number("eps", eps, above=0)

    def init(x):
        return _zeros(x)

    def step(x, gradient, total):
        x, gradient = _check.alike(x=x, gradient=gradient)
        total = total + gradient**2
        return x - learning_rate / (np.sqrt(total) + eps) * gradient, total

    return init, step


def rmsprop(*, learning_rate: float = 0.01, alpha: float = 0.99, eps: float = 1e-8) -> Optimizer:
    r"""Adagrad that forgets: a running mean of the squared gradients in place of their sum.

    $$v \leftarrow \alpha\, v + (1 - \alpha)\, g^2 \qquad x \leftarrow x - \frac{\eta}{\sqrt{v} + \epsilon}\, g$$

    Args:
        learning_rate: η, over 0.
        alpha: α, the share of the mean that is kept, from 0 to less than 1.
        eps: ε, over 0; keeps the quotient finite.

    Returns:
        `init` and `step`; the state is the running mean v, 0 at first.

    Raises:
        TypeError: If a hyperparameter is not a number; in `init` and `step`, if an array holds anything else.
        ValueError: If a hyperparameter is out of range; in `init` and `step`, if arrays are empty or shapes differ.

    Examples:
        The mean starts at 0, so the first steps are longer than η, by up to 1/√(1 - α).

        >>> from dlref.adaptive_optimizers import rmsprop
        >>> init, step = rmsprop(learning_rate=0.1, alpha=0.75, eps=0.5)
        >>> x, state = [1.0], init([1.0])
        >>> for gradient in [[4.0], [-1.0]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(4), state)
        [0.84] [4.]
        [0.8834] [3.25]

    References:
        Hinton, "Neural networks for machine learning", lecture 6e (2012). Equals `torch.optim.RMSprop`.
        On the page: [Other optimizers][opt-others].
    """
    learning_rate = _check.number("learning_rate", learning_rate, above=0)
    alpha = _check.number("alpha", alpha, low=0, below=1)
    eps = _check.number("eps", eps, above=0)

    def init(x):
        return _zeros(x)

    def step(x, gradient, mean):
        x, gradient = _check.alike(x=x, gradient=gradient)
        mean = alpha * mean + (1 - alpha) * gradient**2
        return x - learning_rate / (np.sqrt(mean) + eps) * gradient, mean

    return init, step


def adadelta(*, learning_rate: float = 1.0, rho: float = 0.9, eps: float = 1e-6) -> Optimizer:
    r"""RMSprop whose rate is the size of its own recent steps, so that none has to be chosen.

    $$v \leftarrow \rho\, v + (1 - \rho)\, g^2 \qquad d = \frac{\sqrt{u + \epsilon}}{\sqrt{v + \epsilon}}\, g
      \qquad u \leftarrow \rho\, u + (1 - \rho)\, d^2 \qquad x \leftarrow x - \eta\, d$$

    Args:
        learning_rate: η, over 0; 1 in the paper.
        rho: ρ, the share of both means that is kept, from 0 to less than 1.
        eps: ε, over 0; sets the size of the first steps, √(ε / (1 - ρ)).

    Returns:
        `init` and `step`; the state is the two running means (v, u), 0 at first.

    Raises:
        TypeError: If a hyperparameter is not a number; in `init` and `step`, if an array holds anything else.
        ValueError: If a hyperparameter is out of range; in `init` and `step`, if arrays are empty or shapes differ.

    Examples:
        >>> from dlref.adaptive_optimizers import adadelta
        >>> init, step = adadelta(learning_rate=0.5, rho=0.75, eps=0.01)
        >>> x, state = [1.0], init([1.0])
        >>> for gradient in [[4.0], [-1.0]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(4), state[0], state[1].round(5))
        [0.9001] [4.] [0.00998]
        [0.9393] [3.25] [0.00901]

    References:
        Zeiler, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701 (2012). Equals `torch.optim.Adadelta`.
        On the page: [Other optimizers][opt-others].
    """
    learning_rate = _check.number("learning_rate", learning_rate, above=0)
    rho = _check.number("rho", rho, low=0, below=1)
    eps = _check.number("eps", eps, above=0)

    def init(x):
        return _zeros(x), _zeros(x)

    def step(x, gradient, state):
        x, gradient = _check.alike(x=x, gradient=gradient)
        v, u = state
        v = rho * v + (1 - rho) * gradient**2
        delta = np.sqrt(u + eps) / np.sqrt(v + eps) * gradient
        u = rho * u + (1 - rho) * delta**2
        return x - learning_rate * delta, (v, u)

    return init, step


def _checked(learning_rate: float, beta1: float, beta2: float, eps: float) -> tuple[float, float, float, float]:
    """The hyperparameters of Adam, each in its range."""
    return (
        _check.number("learning_rate", learning_rate, above=0),
        _check.number("beta1", beta1, low=0, below=1),
        _check.number("beta2", beta2, low=0, below=1),
        _check.number("eps", eps, above=0),
    )


def adam(*, learning_rate: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Optimizer:
    r"""Adaptive moment estimation: a running mean of the gradients over the root of one of their squares.

    $$m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \qquad
      x \leftarrow x - \eta\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}$$

    The divisions by 1 - βᵗ, with t the number of the step, make up for means that start at 0.

    Args:
        learning_rate: η, over 0; about the size of a step as long as the gradients keep their sign.
        beta1: β₁, the share of the mean of the gradients that is kept, from 0 to less than 1.
        beta2: β₂, the share of the mean of their squares that is kept, from 0 to less than 1.
        eps: ε, over 0; keeps the quotient finite.

    Returns:
        `init` and `step`; the state is (t, m, v): the steps taken and the two running means, all 0 at first.

    Raises:
        TypeError: If a hyperparameter is not a number; in `init` and `step`, if an array holds anything else.
        ValueError: If a hyperparameter is out of range; in `init` and `step`, if arrays are empty or shapes differ.

    Examples:
        The first step has the size of the rate, whatever the gradient's.

        >>> from dlref.adaptive_optimizers import adam
        >>> init, step = adam(learning_rate=0.1, beta1=0.5, beta2=0.75)
        >>> x, state = [1.0, 1.0], init([1.0, 1.0])
        >>> for gradient in [[400.0, -0.01], [-200.0, -0.03]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(4), state[0])
        [0.9 1.1] 1
        [0.9    1.1989] 2

    References:
        Kingma and Ba, "Adam: a method for stochastic optimization", ICLR (2015). Equals `torch.optim.Adam`.
        On the page: [Other optimizers][opt-others].
    """
    learning_rate, beta1, beta2, eps = _checked(learning_rate, beta1, beta2, eps)

    def init(x):
        return 0, _zeros(x), _zeros(x)

    def step(x, gradient, state):
        x, gradient = _check.alike(x=x, gradient=gradient)
        t, m, v = state
        t = t + 1
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient**2
        m_hat, v_hat = m / (1 - beta1**t), v / (1 - beta2**t)
        return x - learning_rate * m_hat / (np.sqrt(v_hat) + eps), (t, m, v)

    return init, step


def adamw(
    *,
    learning_rate: float = 0.001,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    weight_decay: float = 0.01,
) -> Optimizer:
    r"""Adam that also shrinks every weight by a share of itself, past the running means and so at one rate for all.

    $$x \leftarrow (1 - \eta \lambda)\, x - \eta\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}
      \qquad m, v \text{ as in Adam}$$

    Args:
        learning_rate: η, over 0.
        beta1: β₁, the share of the mean of the gradients that is kept, from 0 to less than 1.
        beta2: β₂, the share of the mean of their squares that is kept, from 0 to less than 1.
        eps: ε, over 0; keeps the quotient finite.
        weight_decay: λ, from 0.

    Returns:
        `init` and `step`; the state is (t, m, v), as in Adam.

    Raises:
        TypeError: If a hyperparameter is not a number; in `init` and `step`, if an array holds anything else.
        ValueError: If a hyperparameter is out of range; in `init` and `step`, if arrays are empty or shapes differ.

    Examples:
        A weight without a gradient shrinks all the same.

        >>> from dlref.adaptive_optimizers import adamw
        >>> init, step = adamw(learning_rate=0.1, weight_decay=0.5)
        >>> x, state = step([2.0, 2.0], [0.0, 3.0], init([2.0, 2.0]))
        >>> print(x.round(4))
        [1.9 1.8]

    References:
        Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR (2019). Equals `torch.optim.AdamW`; the
        paper's own λ is this `learning_rate * weight_decay`. On the page: [Other optimizers][opt-others].
    """
    learning_rate, beta1, beta2, eps = _checked(learning_rate, beta1, beta2, eps)
    weight_decay = _check.number("weight_decay", weight_decay, low=0)

    init, adam_step = adam(learning_rate=learning_rate, beta1=beta1, beta2=beta2, eps=eps)

    def step(x, gradient, state):
        moved, state = adam_step(x, gradient, state)
        return moved - learning_rate * weight_decay * np.asarray(x), state

    return init, step
