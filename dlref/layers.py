"""The perceptron and the dense layer.

Shapes are PyTorch's: a batch comes first, a weight's first axis runs over the outputs. `dense_gradient` passes back the
gradient of a loss. float32 stays float32; integers become float64.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check
from dlref.activations import BY_NAME

__all__ = [
    "dense",
    "dense_gradient",
    "perceptron",
    "perceptron_gradient",
]


def perceptron(x: ArrayLike, weights: ArrayLike, *, activation: str = "relu") -> float:
    r"""One neuron: a weighted sum of its inputs, then an activation.

    $$y = \varphi\Big(\sum_i w_i x_i\Big)$$

    Args:
        x: Inputs, shape `(inputs,)`. For a bias, make one of them 1.
        weights: One weight for each input, shape `(inputs,)`; that of the constant input is the bias.
        activation: φ by name: identity, leaky_relu, relu, sigmoid or tanh.

    Returns:
        The output, in the range of the activation.

    Raises:
        TypeError: If `x` or `weights` hold anything but real numbers.
        ValueError: If they are empty or differ in length, or if the activation is unknown.

    Examples:
        >>> from dlref.layers import perceptron
        >>> x, weights = [1, 2, -2, 0, 1], [0.5, -1.25, -0.5, 0.25, 0.5]
        >>> print(perceptron(x, weights, activation="identity"), perceptron(x, weights))
        -0.5 0.0

    References:
        Rosenblatt (1958), *The perceptron*, whose activation was a step. Equals a `torch.nn.Linear` with one output and
        without a bias of its own, then the activation. On the page: [The perceptron][dl-perceptron].
    """
    x, weights = _check.axes(x=(x, "inputs"), weights=(weights, "inputs"))
    function, _ = BY_NAME[_check.one_of("activation", activation, BY_NAME)]

    return function(weights @ x).item()


def perceptron_gradient(
    x: ArrayLike, weights: ArrayLike, *, activation: str = "relu"
) -> tuple[Float[np.ndarray, "inputs"], Float[np.ndarray, "inputs"]]:
    r"""How a neuron's output answers to each input and to each weight.

    $$\frac{\partial y}{\partial x_i} = \varphi'(s)\, w_i \qquad
    \frac{\partial y}{\partial w_i} = \varphi'(s)\, x_i \qquad s = \sum_i w_i x_i$$

    Args:
        x: Inputs, shape `(inputs,)`.
        weights: One weight for each input, shape `(inputs,)`.
        activation: φ by name: identity, leaky_relu, relu, sigmoid or tanh.

    Returns:
        The gradients with respect to `x` and `weights`, each of shape `(inputs,)`.

    Raises:
        TypeError: If `x` or `weights` hold anything but real numbers.
        ValueError: If they are empty or differ in length, or if the activation is unknown.

    Examples:
        >>> from dlref.layers import perceptron_gradient
        >>> by_x, by_weights = perceptron_gradient([1, 2], [0.5, 0.25], activation="sigmoid")
        >>> print(by_x.round(4), by_weights.round(4))
        [0.0983 0.0492] [0.1966 0.3932]

        A sum below 0 gives ReLU no slope: nothing flows back, so nothing is learned.

        >>> from dlref.layers import perceptron_gradient
        >>> by_x, by_weights = perceptron_gradient([1, 2], [0.5, -1.25])
        >>> print(by_x + 0, by_weights)
        [0. 0.] [0. 0.]

    References:
        Equals the gradients of autograd in PyTorch. On the page: [The perceptron][dl-perceptron].
    """
    x, weights = _check.axes(x=(x, "inputs"), weights=(weights, "inputs"))
    _, slope = BY_NAME[_check.one_of("activation", activation, BY_NAME)]

    return slope(weights @ x) * weights, slope(weights @ x) * x


def dense(x: ArrayLike, weight: ArrayLike, bias: ArrayLike) -> Float[np.ndarray, "batch outputs"]:
    r"""Dense (fully connected) layer: every input feeds every output, each connection with a weight of its own.

    $$y = x W^\top + b$$

    Args:
        x: A batch of examples, shape `(batch, inputs)`.
        weight: W, shape `(outputs, inputs)`: a row for each output.
        bias: b, shape `(outputs,)`.

    Returns:
        Real numbers, shape `(batch, outputs)`; an activation is applied to them afterwards.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If one is empty, or if the shapes do not fit together.

    Examples:
        >>> from dlref.layers import dense
        >>> print(dense([[1, 2], [0, -1]], weight=[[1, 0], [0.5, 2], [0, -1]], bias=[0, 0.5, 1]))
        [[ 1.   5.  -1. ]
         [ 0.  -1.5  2. ]]

    References:
        Equals `torch.nn.functional.linear`, which takes any number of leading axes. On the page:
        [Dense layer][dl-dense].
    """
    x, weight, bias = _check.axes(x=(x, "batch inputs"), weight=(weight, "outputs inputs"), bias=(bias, "outputs"))

    return x @ weight.T + bias


def dense_gradient(
    x: ArrayLike, weight: ArrayLike, y_gradient: ArrayLike
) -> tuple[Float[np.ndarray, "batch inputs"], Float[np.ndarray, "outputs inputs"], Float[np.ndarray, "outputs"]]:
    r"""Pass a gradient back through a dense layer.

    $$\frac{\partial L}{\partial x} = G\,W \qquad \frac{\partial L}{\partial W} = G^\top x \qquad
    \frac{\partial L}{\partial b} = \sum_n G_n \qquad G = \frac{\partial L}{\partial y}$$

    Args:
        x: What the layer was given, shape `(batch, inputs)`.
        weight: W, shape `(outputs, inputs)`.
        y_gradient: G, the gradient of the loss with respect to the layer's output, shape `(batch, outputs)`.

    Returns:
        The gradients with respect to `x`, `weight` and the bias, in their shapes. They do not depend on the bias.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If one is empty, or if the shapes do not fit together.

    Examples:
        >>> from dlref.layers import dense_gradient
        >>> by_x, by_weight, by_bias = dense_gradient([[1, 2], [0, -1]], [[1, 0.5], [3, -2]], [[1, 2], [10, -1]])
        >>> print(by_x)
        [[ 7.  -3.5]
         [ 7.   7. ]]
        >>> print(by_weight)
        [[ 1. -8.]
         [ 2.  5.]]
        >>> print(by_bias)
        [11.  1.]

    References:
        Equals what autograd passes back through `torch.nn.functional.linear`. On the page: [Dense layer][dl-dense].
    """
    x, weight, y_gradient = _check.axes(
        x=(x, "batch inputs"), weight=(weight, "outputs inputs"), y_gradient=(y_gradient, "batch outputs")
    )

    return y_gradient @ weight, y_gradient.T @ x, y_gradient.sum(axis=0)
