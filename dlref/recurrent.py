"""Recurrent cells: one step of a plain recurrent network, and one of a long short-term memory.

Shapes and the order of the gates are PyTorch's, which keeps two biases where one is enough: `bias` here is their sum.
float32 stays float32; integers become float64.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check
from dlref.activations import sigmoid, tanh, tanh_gradient

__all__ = ["lstm_cell", "lstm_cell_gradient", "lstm_gates", "rnn_cell", "rnn_cell_gradient"]

Hidden = Float[np.ndarray, "batch hidden"]
# What comes back to the inputs and the states, the weights and the bias.
RnnGradients = tuple[
    Float[np.ndarray, "batch inputs"],
    Hidden,
    Float[np.ndarray, "hidden inputs"],
    Float[np.ndarray, "hidden hidden"],
    Float[np.ndarray, "hidden"],
]
LstmGradients = tuple[
    Float[np.ndarray, "batch inputs"],
    Hidden,
    Hidden,
    Float[np.ndarray, "4*hidden inputs"],
    Float[np.ndarray, "4*hidden hidden"],
    Float[np.ndarray, "4*hidden"],
]


def rnn_cell(x: ArrayLike, h: ArrayLike, weight_ih: ArrayLike, weight_hh: ArrayLike, bias: ArrayLike) -> Hidden:
    r"""One step of a recurrent layer: its output is computed from the input and from its own last output.

    $$h_t = \tanh(W_{ih}\, x_t + W_{hh}\, h_{t-1} + b)$$

    Args:
        x: The input of this step, shape `(batch, inputs)`.
        h: The output of the last step, shape `(batch, hidden)`; zeros at the first.
        weight_ih: From input to hidden, shape `(hidden, inputs)`.
        weight_hh: From hidden to hidden, shape `(hidden, hidden)`.
        bias: Shape `(hidden,)`.

    Returns:
        The output of this step, from -1 to 1, shape `(batch, hidden)`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If one is empty, or if the shapes do not fit together.

    Examples:
        >>> from dlref.recurrent import rnn_cell
        >>> print(rnn_cell([[1, -1]], [[0.5]], weight_ih=[[0.5, 0.25]], weight_hh=[[2]], bias=[-0.5]).round(4))
        [[0.6351]]

        Unrolled over a sequence, the same weights serve each step.

        >>> from dlref.recurrent import rnn_cell
        >>> h = [[0.0]]
        >>> for x in [1, 0, 0]:
        ...     h = rnn_cell([[x]], h, [[1]], [[0.9]], [0])
        ...     print(h.round(4))
        [[0.7616]]
        [[0.595]]
        [[0.4896]]

    References:
        Elman (1990), *Finding structure in time*. Equals `torch.nn.RNNCell`. On the page: [Recurrent layer][dl-rnn].
    """
    x, h, weight_ih, weight_hh, bias = _rnn_arguments(x, h, weight_ih, weight_hh, bias)

    return tanh(x @ weight_ih.T + h @ weight_hh.T + bias)


def rnn_cell_gradient(
    x: ArrayLike, h: ArrayLike, weight_ih: ArrayLike, weight_hh: ArrayLike, bias: ArrayLike, h_gradient: ArrayLike
) -> RnnGradients:
    r"""Pass a gradient back through one step of a recurrent layer, to the input and to the step before.

    $$\delta = G \odot \tanh'(W_{ih}\, x_t + W_{hh}\, h_{t-1} + b) \qquad G = \frac{\partial L}{\partial h_t}$$

    $$\frac{\partial L}{\partial x_t} = W_{ih}^\top \delta \qquad
    \frac{\partial L}{\partial h_{t-1}} = W_{hh}^\top \delta \qquad
    \frac{\partial L}{\partial W_{ih}} = \delta\, x_t^\top \qquad
    \frac{\partial L}{\partial W_{hh}} = \delta\, h_{t-1}^\top \qquad \frac{\partial L}{\partial b} = \delta$$

    Args:
        x: The input of the step, shape `(batch, inputs)`.
        h: The output of the step before, shape `(batch, hidden)`.
        weight_ih: Shape `(hidden, inputs)`.
        weight_hh: Shape `(hidden, hidden)`.
        bias: Shape `(hidden,)`.
        h_gradient: G, the gradient of the loss with respect to the output of the step, shape `(batch, hidden)`.

    Returns:
        The gradients with respect to `x`, `h`, `weight_ih`, `weight_hh` and `bias`, in their shapes; the
        weights' are sums
        over the batch.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If one is empty, or if the shapes do not fit together.

    Examples:
        >>> from dlref.recurrent import rnn_cell_gradient
        >>> for gradient in rnn_cell_gradient([[1], [2]], [[0.5], [-1]], [[0.5]], [[0.75]], [-0.5], [[1], [2]]):
        ...     print(gradient.round(4).tolist())
        [[0.4358], [0.94]]
        [[0.6537], [1.41]]
        [[4.6316]]
        [[-1.4442]]
        [2.7516]

    References:
        Equals what autograd passes back through `torch.nn.RNNCell`. Step after step it is backpropagation through time:
        Werbos (1990). On the page: [Recurrent layer][dl-rnn].
    """
    x, h, weight_ih, weight_hh, bias, h_gradient = _rnn_arguments(
        x, h, weight_ih, weight_hh, bias, h_gradient=h_gradient
    )

    delta = h_gradient * tanh_gradient(x @ weight_ih.T + h @ weight_hh.T + bias)
    return delta @ weight_ih, delta @ weight_hh, delta.T @ x, delta.T @ h, delta.sum(axis=0)


def lstm_gates(
    x: ArrayLike, h: ArrayLike, weight_ih: ArrayLike, weight_hh: ArrayLike, bias: ArrayLike
) -> tuple[Hidden, Hidden, Hidden, Hidden]:
    r"""What an LSTM decides at one step: how much to write, how much to keep, what to write, how much to show.

    $$\begin{aligned}
    i &= S(W_i\, x_t + U_i\, h_{t-1} + b_i) & \text{input gate} \\
    f &= S(W_f\, x_t + U_f\, h_{t-1} + b_f) & \text{forget gate} \\
    g &= \tanh(W_g\, x_t + U_g\, h_{t-1} + b_g) & \text{candidate} \\
    o &= S(W_o\, x_t + U_o\, h_{t-1} + b_o) & \text{output gate}
    \end{aligned}$$

    Args:
        x: The input of this step, shape `(batch, inputs)`.
        h: The output of the last step, shape `(batch, hidden)`.
        weight_ih: W for i, f, g and o, one below the other, shape `(4·hidden, inputs)`.
        weight_hh: U for i, f, g and o, shape `(4·hidden, hidden)`.
        bias: b for i, f, g and o, shape `(4·hidden,)`.

    Returns:
        i, f, g and o, each of shape `(batch, hidden)`: the gates from 0 to 1, the candidate from -1 to 1. A forget gate
        of 1 keeps the memory.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If one is empty, or if the shapes do not fit together.

    Examples:
        >>> from dlref.recurrent import lstm_gates
        >>> for gate in lstm_gates([[1]], [[0.5]], [[0], [1], [2], [-1]], [[1], [2], [-2], [0.5]], [0, 1, -0.5, 0]):
        ...     print(gate.round(4))
        [[0.6225]]
        [[0.9526]]
        [[0.4621]]
        [[0.3208]]

    References:
        Hochreiter and Schmidhuber (1997), *Long short-term memory*; the forget gate: Gers, Schmidhuber and Cummins
        (2000), *Learning to forget*. The gates inside `torch.nn.LSTMCell`. On the page:
        [Long short-term memory][dl-lstm].
    """
    x, h, weight_ih, weight_hh, bias = _lstm_arguments(x, h, weight_ih, weight_hh, bias)

    i, f, g, o = np.split(x @ weight_ih.T + h @ weight_hh.T + bias, 4, axis=1)
    return sigmoid(i), sigmoid(f), tanh(g), sigmoid(o)


def lstm_cell(
    x: ArrayLike, h: ArrayLike, c: ArrayLike, weight_ih: ArrayLike, weight_hh: ArrayLike, bias: ArrayLike
) -> tuple[Hidden, Hidden]:
    r"""One step of a long short-term memory: a cell that is kept, added to and shown through gates.

    $$c_t = f \odot c_{t-1} + i \odot g \qquad h_t = o \odot \tanh(c_t)$$

    Args:
        x: The input of this step, shape `(batch, inputs)`.
        h: The output of the last step, shape `(batch, hidden)`; zeros at the first.
        c: The memory after the last step, shape `(batch, hidden)`; zeros at the first.
        weight_ih: Shape `(4·hidden, inputs)`; the gates i, f, g and o are those of `lstm_gates`.
        weight_hh: Shape `(4·hidden, hidden)`.
        bias: Shape `(4·hidden,)`.

    Returns:
        `h`, from -1 to 1, and `c`, any real numbers; each of shape `(batch, hidden)`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If one is empty, or if the shapes do not fit together.

    Examples:
        >>> from dlref.recurrent import lstm_cell
        >>> weights = [[0], [1], [2], [-1]], [[1], [2], [-2], [0.5]], [0, 1, -0.5, 0]
        >>> h, c = lstm_cell([[1]], [[0.5]], [[2]], *weights)
        >>> print(h.round(4), c.round(4))
        [[0.3129]] [[2.1928]]

    References:
        Hochreiter and Schmidhuber (1997), *Long short-term memory*. Equals `torch.nn.LSTMCell`. On the page:
        [Long short-term memory][dl-lstm].
    """
    x, h, weight_ih, weight_hh, bias, c = _lstm_arguments(x, h, weight_ih, weight_hh, bias, c=c)

    i, f, g, o = lstm_gates(x, h, weight_ih, weight_hh, bias)
    c = f * c + i * g
    return o * tanh(c), c


def lstm_cell_gradient(
    x: ArrayLike,
    h: ArrayLike,
    c: ArrayLike,
    weight_ih: ArrayLike,
    weight_hh: ArrayLike,
    bias: ArrayLike,
    h_gradient: ArrayLike,
    c_gradient: ArrayLike,
) -> LstmGradients:
    r"""Pass a gradient back through one step of an LSTM. Along the memory it is multiplied by the forget gate alone.

    $$\frac{\partial L}{\partial c_{t-1}} = f \odot D \qquad
    D = \frac{\partial L}{\partial c_t} + \frac{\partial L}{\partial h_t} \odot o \odot \tanh'(c_t)$$

    The sums inside the gates get $D \odot g \odot S'$ (input), $D \odot c_{t-1} \odot S'$ (forget),
    $D \odot i \odot \tanh'$ (candidate) and $\partial L/\partial h_t \odot \tanh(c_t) \odot S'$ (output); from there on
    it is a dense layer.

    Args:
        x: The input of the step, shape `(batch, inputs)`.
        h: The output of the step before, shape `(batch, hidden)`.
        c: The memory after the step before, shape `(batch, hidden)`.
        weight_ih: Shape `(4·hidden, inputs)`.
        weight_hh: Shape `(4·hidden, hidden)`.
        bias: Shape `(4·hidden,)`.
        h_gradient: The gradient of the loss with respect to the output of the step, shape `(batch, hidden)`.
        c_gradient: The same with respect to the memory, from the step after; 0 at the last. Shape `(batch, hidden)`.

    Returns:
        The gradients with respect to `x`, `h`, `c`, `weight_ih`, `weight_hh` and `bias`, in their shapes; the
        weights' are
        sums over the batch.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If one is empty, or if the shapes do not fit together.

    Examples:
        >>> from dlref.recurrent import lstm_cell_gradient
        >>> weights = [[0.5], [1], [2], [-1]], [[1], [2], [-2], [0.5]], [0, 1, -0.5, 0]
        >>> arguments = [[1], [2]], [[0.5], [-0.5]], [[2], [1]], *weights, [[1], [2]], [[3], [1]]
        >>> for gradient in lstm_cell_gradient(*arguments):
        ...     print(gradient.round(4).tolist())
        [[3.6621], [0.0745]]
        [[-2.5408], [0.5377]]
        [[2.8712], [0.911]]
        [[0.7599], [0.4895], [1.7336], [0.5255]]
        [[0.0154], [0.0819], [0.8663], [0.0284]]
        [0.5169, 0.3809, 1.7333, 0.3693]

    References:
        Equals what autograd passes back through `torch.nn.LSTMCell`. On the page: [Long short-term memory][dl-lstm].
    """
    x, h, weight_ih, weight_hh, bias, c, h_gradient, c_gradient = _lstm_arguments(
        x, h, weight_ih, weight_hh, bias, c=c, h_gradient=h_gradient, c_gradient=c_gradient
    )

    i, f, g, o = lstm_gates(x, h, weight_ih, weight_hh, bias)
    memory = f * c + i * g
    d = c_gradient + h_gradient * o * tanh_gradient(memory)
    by_i, by_f, by_g, by_o = d * g, d * c, d * i, h_gradient * tanh(memory)
    delta = np.hstack([by_i * i * (1 - i), by_f * f * (1 - f), by_g * (1 - g * g), by_o * o * (1 - o)])
    return delta @ weight_ih, delta @ weight_hh, d * f, delta.T @ x, delta.T @ h, delta.sum(axis=0)


def _rnn_arguments(x, h, weight_ih, weight_hh, bias, rows="hidden", **states):
    return _check.axes(
        x=(x, "batch inputs"),
        h=(h, "batch hidden"),
        weight_ih=(weight_ih, f"{rows} inputs"),
        weight_hh=(weight_hh, f"{rows} hidden"),
        bias=(bias, rows),
        **{name: (state, "batch hidden") for name, state in states.items()},
    )


def _lstm_arguments(x, h, weight_ih, weight_hh, bias, **states):
    arrays = _rnn_arguments(x, h, weight_ih, weight_hh, bias, rows="4·hidden", **states)
    hidden, rows = arrays[1].shape[1], arrays[2].shape[0]
    if rows != 4 * hidden:
        raise _check.wrong_value("weight_ih", f"have {4 * hidden} rows, 4 gates for each hidden unit", rows)
    return arrays
