"""Optimizers that give each weight a rate of its own, from the size of its past gradients.

Pairs of `init` and `step`, as in `dlref.optimizers`. In the formulas g is the gradient at x and η the learning rate;
squares, roots and quotients are taken weight by weight. The defaults are those of `torch.optim`.
"""

import numpy as np

from dlref import _check
from dlref.optimizers._one_rate import Optimizer, _checked, _parts, _stepped, _zeros

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
        A steep and a flat weight take steps of one size; they shrink though the slope does not. A slope as small as ε
        halves the first step.

        >>> from dlref.optimizers import adagrad
        >>> init, step = adagrad()
        >>> x, state = [1.0, 1.0, 1.0], init([1.0, 1.0, 1.0])
        >>> for _ in range(3):
        ...     x, state = step(x, [400.0, 4.0, 1e-10], state)
        ...     print(x.round(4), state[:2])
        [0.99  0.99  0.995] [1.6e+05 1.6e+01]
        [0.9829 0.9829 0.9909] [3.2e+05 3.2e+01]
        [0.9772 0.9772 0.9872] [4.8e+05 4.8e+01]

        It lowers a loss, here $x_1^2 + 10\,x_2^2$.

        >>> from dlref.optimizers import adagrad, descend
        >>> path = descend(lambda x: x * [2, 20], [3.0, 1.0], adagrad(learning_rate=0.5), steps=100)
        >>> print((path**2 @ [1, 10])[[0, 50, 100]].round(3).tolist())
        [19.0, 0.001, 0.0]

    References:
        Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization",
        JMLR 12 (2011). Equals `torch.optim.Adagrad`. On the page: [Other optimizers][opt-others].
    """
    learning_rate, eps = _checked(learning_rate=learning_rate, eps=eps)

    def init(x):
        return _zeros(x)

    def step(x, gradient, total):
        x, gradient, total = _stepped(x, gradient, total)
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
        The mean starts at 0, so the first step is longer than η: 1/√(1 - α) times, here 10.

        >>> from dlref.optimizers import rmsprop
        >>> init, step = rmsprop()
        >>> x, state = [1.0, 1.0], init([1.0, 1.0])
        >>> for gradient in [[400.0, 1e-7], [-100.0, 1e-7]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(4))
        [0.9  0.95]
        [0.9244 0.9085]

        It lowers a loss, here $x_1^2 + 10\,x_2^2$.

        >>> from dlref.optimizers import descend, rmsprop
        >>> path = descend(lambda x: x * [2, 20], [3.0, 1.0], rmsprop(learning_rate=0.02), steps=100)
        >>> print((path**2 @ [1, 10])[[0, 50, 100]].round(3).tolist())
        [19.0, 0.786, 0.092]

    References:
        Hinton, "Neural networks for machine learning", lecture 6e (2012). Equals `torch.optim.RMSprop`.
        On the page: [Other optimizers][opt-others].
    """
    learning_rate, alpha, eps = _checked(learning_rate=learning_rate, alpha=alpha, eps=eps)

    def init(x):
        return _zeros(x)

    def step(x, gradient, mean):
        x, gradient, mean = _stepped(x, gradient, mean)
        mean = alpha * mean + (1 - alpha) * gradient * gradient
        return x - learning_rate / (np.sqrt(mean) + eps) * gradient, mean

    return init, step


def adadelta(*, learning_rate: float = 1.0, rho: float = 0.9, eps: float = 1e-6) -> Optimizer:
    r"""RMSprop whose rate is the size of its own recent steps, so that none has to be chosen.

    $$\begin{gathered}
      v \leftarrow \rho\, v + (1 - \rho)\, g^2 \qquad d = \frac{\sqrt{u + \epsilon}}{\sqrt{v + \epsilon}}\, g \\
      u \leftarrow \rho\, u + (1 - \rho)\, d^2 \qquad x \leftarrow x - \eta\, d
      \end{gathered}$$

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
        Steps are small at first, and of one size for a steep and a flat weight.

        >>> from dlref.optimizers import adadelta
        >>> init, step = adadelta()
        >>> x, state = [1.0, 1.0, 1.0], init([1.0, 1.0, 1.0])
        >>> for gradient in [[400.0, 4.0, 0.001], [-100.0, -1.0, 0.001]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(6))
        [0.996838 0.996838 0.999047]
        [0.997977 0.997977 0.998089]

        It lowers a loss, here $x_1^2 + 10\,x_2^2$.

        >>> from dlref.optimizers import adadelta, descend
        >>> path = descend(lambda x: x * [2, 20], [3.0, 1.0], adadelta(learning_rate=10.0), steps=100)
        >>> print((path**2 @ [1, 10])[[0, 50, 100]].round(3).tolist())
        [19.0, 2.43, 0.304]

    References:
        Zeiler, "ADADELTA: an adaptive learning rate method", arXiv:1212.5701 (2012). Equals `torch.optim.Adadelta`.
        On the page: [Other optimizers][opt-others].
    """
    learning_rate, rho, eps = _checked(learning_rate=learning_rate, rho=rho, eps=eps)

    def init(x):
        return _zeros(x), _zeros(x)

    def step(x, gradient, state):
        x, gradient, v, u = _stepped(x, gradient, *_parts(state, 2))
        v = rho * v + (1 - rho) * gradient * gradient
        delta = np.sqrt(u + eps) / np.sqrt(v + eps) * gradient
        u = rho * u + (1 - rho) * delta**2
        return x - learning_rate * delta, (v, u)

    return init, step


def adam(*, learning_rate: float = 0.001, beta1: float = 0.9, beta2: float = 0.999, eps: float = 1e-8) -> Optimizer:
    r"""Adaptive moment estimation: a running mean of the gradients over the root of one of their squares.

    $$\begin{gathered}
      m \leftarrow \beta_1 m + (1 - \beta_1)\, g \qquad v \leftarrow \beta_2 v + (1 - \beta_2)\, g^2 \\
      x \leftarrow x - \eta\, \frac{m / (1 - \beta_1^t)}{\sqrt{v / (1 - \beta_2^t)} + \epsilon}
      \end{gathered}$$

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
        The first step has the size of the rate, whatever the gradient's, unless that is as small as ε.

        >>> from dlref.optimizers import adam
        >>> init, step = adam()
        >>> x, state = [1.0, 1.0, 1.0], init([1.0, 1.0, 1.0])
        >>> for gradient in [[400.0, -0.01, 1e-8], [-100.0, -0.03, 1e-8]]:
        ...     x, state = step(x, gradient, state)
        ...     print(x.round(6), state[0])
        [0.999  1.001  0.9995] 1
        [0.998531 1.001918 0.999   ] 2

        It lowers a loss, here $x_1^2 + 10\,x_2^2$.

        >>> from dlref.optimizers import adam, descend
        >>> path = descend(lambda x: x * [2, 20], [3.0, 1.0], adam(learning_rate=0.05), steps=100)
        >>> print((path**2 @ [1, 10])[[0, 50, 100]].round(3).tolist())
        [19.0, 0.74, 0.003]

    References:
        Kingma and Ba, "Adam: a method for stochastic optimization", ICLR (2015). Equals `torch.optim.Adam`.
        On the page: [Other optimizers][opt-others].
    """
    learning_rate, beta1, beta2, eps = _checked(learning_rate=learning_rate, beta1=beta1, beta2=beta2, eps=eps)

    def init(x):
        return 0, _zeros(x), _zeros(x)

    def step(x, gradient, state):
        t, m, v = _parts(state, 3)
        x, gradient, m, v = _stepped(x, gradient, m, v)
        t = _check.integer("state", t, low=0) + 1
        m = beta1 * m + (1 - beta1) * gradient
        v = beta2 * v + (1 - beta2) * gradient * gradient
        # The root of v_hat, which itself may overflow where v does not.
        m_hat, root = m / (1 - beta1**t), np.sqrt(v) / (1 - beta2**t) ** 0.5
        return x - learning_rate * m_hat / (root + eps), (t, m, v)

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

        >>> from dlref.optimizers import adamw
        >>> for init, step in adamw(), adamw(learning_rate=0.1, beta1=0.5, beta2=0.5, eps=1e-6, weight_decay=0.5):
        ...     x, state = [2.0, 2.0, 2.0], init([2.0, 2.0, 2.0])
        ...     for gradient in [[0.0, 400.0, 1e-8], [0.0, -100.0, 1e-8]]:
        ...         x, state = step(x, gradient, state)
        ...     print(x.round(6))
        [1.99996  1.998491 1.99896 ]
        [1.805    1.682783 1.803069]

        It lowers a loss, here $x_1^2 + 10\,x_2^2$.

        >>> from dlref.optimizers import adamw, descend
        >>> path = descend(lambda x: x * [2, 20], [3.0, 1.0], adamw(learning_rate=0.05), steps=100)
        >>> print((path**2 @ [1, 10])[[0, 50, 100]].round(3).tolist())
        [19.0, 0.68, 0.002]

    References:
        Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR (2019). Equals `torch.optim.AdamW`; the
        paper's own λ is this `learning_rate * weight_decay`. On the page: [Other optimizers][opt-others].
    """
    learning_rate, weight_decay = _checked(learning_rate=learning_rate, weight_decay=weight_decay)

    init, adam_step = adam(learning_rate=learning_rate, beta1=beta1, beta2=beta2, eps=eps)

    def step(x, gradient, state):
        x, gradient = _check.alike(x=x, gradient=gradient)
        moved, state = adam_step(x, gradient, state)
        return moved - learning_rate * weight_decay * x, state

    return init, step
