"""A multi-layer perceptron from scratch: dense layers, an activation between them, and backpropagation written out.

A network is a list of layers, a layer a pair `(weight, bias)`; nothing is hidden and nothing is changed in place. The
last layer has no activation: what it returns are predictions of a regression, or logits.
"""

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check
from dlref.activations import BY_NAME
from dlref.layers import dense, dense_gradient

__all__ = ["backward", "forward", "init", "parameter_count", "step"]

Layers = list[tuple[Float[np.ndarray, "_ _"], Float[np.ndarray, "_"]]]
Pairs = Iterable[Iterable[ArrayLike]]


def init(sizes: Sequence[int], *, rng: np.random.Generator, gain: float = 2**0.5) -> Layers:
    r"""Draw the weights of a new network. Each layer keeps the size of what passes through it; biases start at 0.

    $$W_{ij} \sim \mathcal{N}\!\left(0,\ \frac{\text{gain}^2}{n_\text{in}}\right) \qquad b_i = 0$$

    Args:
        sizes: Nodes of each layer, from inputs to outputs: `[3, 4, 3]` has one hidden layer of 4 nodes.
        rng: Where the numbers are drawn from.
        gain: Larger than 0. √2 suits ReLU, which stops half of what passes; 1 suits tanh and the identity.

    Returns:
        A `(weight, bias)` pair for each layer after the first, of shapes `(outputs, inputs)` and `(outputs,)`.

    Raises:
        TypeError: If a size is no integer, or if `gain` is no number.
        ValueError: If there are fewer than two sizes, if one is below 1, or if `gain` is not positive.

    Examples:
        >>> import numpy as np
        >>> from dlref.mlp import init
        >>> for weight, bias in init([3, 2, 1], rng=np.random.default_rng(0)):
        ...     print(weight.round(4).tolist(), bias.tolist())
        [[0.1027, -0.1079, 0.5229], [0.0857, -0.4374, 0.2952]] [0.0, 0.0]
        [[1.304, 0.9471]] [0.0]
        >>> print(init([4, 1], rng=np.random.default_rng(0), gain=1)[0][0].round(4))
        [[ 0.0629 -0.0661  0.3202  0.0525]]

    References:
        He, Zhang, Ren and Sun (2015), *Delving deep into rectifiers*. The distribution is that of
        `torch.nn.init.kaiming_normal_`; `torch.nn.Linear` by itself draws weights and biases evenly from ±1/√inputs.
        On the page: [Simple and deep networks][dl-mlp].
    """
    sizes = [_check.integer("sizes", size, below=2**24) for size in _check.items("sizes", sizes)]
    if len(sizes) < 2:
        raise _check.wrong_value("sizes", "name at least inputs and outputs", sizes)
    gain = _check.number("gain", gain, above=0)
    _check.instance("rng", rng, np.random.Generator)

    return [
        (rng.normal(0, gain / inputs**0.5, (outputs, inputs)), np.zeros(outputs)) for inputs, outputs in pairwise(sizes)
    ]


def parameter_count(layers: Pairs) -> int:
    r"""Number of weights and biases that training can change.

    $$\sum_l \left(n_l\, n_{l-1} + n_l\right)$$

    Args:
        layers: A `(weight, bias)` pair for each layer.

    Returns:
        A positive integer.

    Raises:
        TypeError: If a weight or bias holds anything but real numbers.
        ValueError: If the shapes do not fit together.

    Examples:
        >>> import numpy as np
        >>> from dlref.mlp import init, parameter_count
        >>> for sizes in [[3, 4, 3], [3, 4, 4, 3]]:
        ...     print(parameter_count(init(sizes, rng=np.random.default_rng(0))))
        31
        51

    References:
        Equals `sum(p.numel() for p in model.parameters())` in PyTorch. On the page: [Simple and deep networks][dl-mlp].
    """
    layers, _ = _checked(layers)

    return sum(weight.size + bias.size for weight, bias in layers)


def forward(layers: Pairs, x: ArrayLike, *, activation: str = "relu") -> tuple[list[np.ndarray], list[np.ndarray]]:
    r"""Pass a batch through the network, and keep what backpropagation needs: each layer's input and its sums.

    $$s_l = x_l W_l^\top + b_l \qquad x_{l+1} = \varphi(s_l)$$

    Args:
        layers: A `(weight, bias)` pair for each layer.
        x: A batch of examples, shape `(batch, inputs)`.
        activation: φ between the layers: identity, leaky_relu, relu, sigmoid or tanh.

    Returns:
        Inputs $x_l$ and sums $s_l$, a list of each, one array per layer. The last sums are the network's output.

    Raises:
        TypeError: If an array holds anything but real numbers.
        ValueError: If the shapes do not fit together, or if the activation is unknown.

    Examples:
        >>> from dlref.mlp import forward
        >>> layers = [([[1, -1], [0.5, 2]], [0, -1]), ([[2, 1]], [0.5])]
        >>> inputs, sums = forward(layers, [[1, 3], [2, 0]])
        >>> for array in inputs + sums:
        ...     print(array.tolist())
        [[1.0, 3.0], [2.0, 0.0]]
        [[0.0, 5.5], [2.0, 0.0]]
        [[-2.0, 5.5], [2.0, 0.0]]
        [[6.0], [4.5]]
        >>> print(forward(layers, [[1, 3]], activation="tanh")[1][-1].round(4))
        [[-0.4281]]

    References:
        Equals a `torch.nn.Sequential` of `Linear` layers with the activation between them. On the page:
        [Simple and deep networks][dl-mlp].
    """
    layers, [x] = _checked(layers, x=(x, "batch nodes0"))
    function, _ = BY_NAME[_check.one_of("activation", activation, BY_NAME)]

    inputs, sums = [], []
    for weight, bias in layers:
        inputs.append(function(sums[-1]) if sums else x)
        sums.append(dense(inputs[-1], weight, bias))
    return inputs, sums


def backward(
    layers: Pairs,
    inputs: Sequence[ArrayLike],
    sums: Sequence[ArrayLike],
    y_gradient: ArrayLike,
    *,
    activation: str = "relu",
) -> Layers:
    r"""Backpropagation: pass the gradient of the loss from the last layer to the first, and collect it on the way.

    $$G_L = \frac{\partial \text{loss}}{\partial s_L} \qquad G_{l-1} = (G_l\, W_l) \odot \varphi'(s_{l-1}) \qquad
    \frac{\partial \text{loss}}{\partial W_l} = G_l^\top x_l \qquad
    \frac{\partial \text{loss}}{\partial b_l} = \sum_n G_{l,n}$$

    Args:
        layers: A `(weight, bias)` pair for each layer.
        inputs: The inputs $x_l$ of each layer, as `forward` returned them.
        sums: The sums $s_l$ of each layer, as `forward` returned them.
        y_gradient: The gradient of the loss with respect to the network's output, shape `(batch, outputs)`.
        activation: φ, as it was forward.

    Returns:
        The gradient with respect to `(weight, bias)` of each layer, in the shapes and the order of `layers`.

    Raises:
        TypeError: If an array holds anything but real numbers.
        ValueError: If the shapes do not fit together, or if the activation is unknown.

    Examples:
        >>> from dlref.mlp import backward, forward
        >>> layers = [([[1, -1], [0.5, 2]], [0, -1]), ([[2, 1]], [0.5])]
        >>> for weight, bias in backward(layers, *forward(layers, [[1, 3], [2, 0]]), [[1], [10]]):
        ...     print(weight.tolist(), bias.tolist())
        [[40.0, 0.0], [1.0, 3.0]] [20.0, 1.0]
        [[20.0, 5.5]] [11.0]
        >>> forth = forward(layers, [[1, 3]], activation="tanh")
        >>> print(backward(layers, *forth, [[1]], activation="tanh")[0][1].round(4).tolist())
        [0.1413, 0.0001]

    References:
        Rumelhart, Hinton and Williams (1986), *Learning representations by back-propagating errors*. Equals
        `loss.backward()` in PyTorch. On the page: [Simple and deep networks][dl-mlp].
    """
    _, slope = BY_NAME[_check.one_of("activation", activation, BY_NAME)]
    layers, inputs, sums = _check.items("layers", layers), _check.items("inputs", inputs), _check.items("sums", sums)
    for name, arrays in (("inputs", inputs), ("sums", sums)):
        if len(arrays) != len(layers):
            raise _check.wrong_value(name, f"hold one array for each of {len(layers)} layers", len(arrays))
    forth = {f"inputs[{i}]": (array, f"batch nodes{i}") for i, array in enumerate(inputs)}
    forth |= {f"sums[{i}]": (array, f"batch nodes{i + 1}") for i, array in enumerate(sums)}
    layers, [*forth, gradient] = _checked(layers, **forth, y_gradient=(y_gradient, f"batch nodes{len(layers)}"))
    inputs, sums = forth[: len(layers)], forth[len(layers) :]

    gradients = []
    for (weight, _), x, s in zip(layers[::-1], inputs[::-1], sums[::-1], strict=True):
        gradient = gradient * slope(s) if gradients else gradient
        gradient, by_weight, by_bias = dense_gradient(x, weight, gradient)
        gradients.insert(0, (by_weight, by_bias))
    return gradients


def step(
    layers: Pairs,
    x: ArrayLike,
    loss_gradient: Callable[[np.ndarray], ArrayLike],
    *,
    learning_rate: float,
    activation: str = "relu",
) -> Layers:
    r"""One step of training: forward, loss, backward, and a small change of every weight against its gradient.

    $$W_l \leftarrow W_l - \eta\, \frac{\partial \text{loss}}{\partial W_l} \qquad
    b_l \leftarrow b_l - \eta\, \frac{\partial \text{loss}}{\partial b_l}$$

    Args:
        layers: A `(weight, bias)` pair for each layer.
        x: A batch of examples, shape `(batch, inputs)`.
        loss_gradient: Takes the network's output and returns the loss's gradient with respect to it, in the same shape.
        learning_rate: η > 0.
        activation: φ between the layers: identity, leaky_relu, relu, sigmoid or tanh.

    Returns:
        New layers; those given stay as they are.

    Raises:
        TypeError: If an array holds anything but real numbers, or if `learning_rate` is no number.
        ValueError: If shapes do not fit together, if `learning_rate` is not positive, or if the activation is unknown.

    Examples:
        Half the squared error has the gradient `y_pred - y_true`.

        >>> from dlref.mlp import forward, step
        >>> layers = [([[1, -1], [0.5, 2]], [0, -1]), ([[2, 1]], [0.5])]
        >>> for _ in range(3):
        ...     print(forward(layers, [[1, 3]])[1][-1].round(4))
        ...     layers = step(layers, [[1, 3]], lambda y_pred: y_pred - 4, learning_rate=0.01)
        [[6.]]
        [[5.1792]]
        [[4.7431]]
        >>> layers = step(layers, [[1, 3]], lambda y_pred: y_pred - 4, learning_rate=0.01, activation="tanh")
        >>> print(layers[0][1].round(4), layers[1][0].round(4))
        [ 0.0066 -1.0366] [[1.9549 0.8361]]

        A single layer is a regression:

        >>> from dlref.mlp import step
        >>> [(weight, bias)] = step([([[1]], [0])], [[3]], lambda y_pred: y_pred - 4, learning_rate=0.1)
        >>> print(weight.round(4), bias.round(4))
        [[1.3]] [0.1]

    References:
        Equals `loss.backward()` and a step of `torch.optim.SGD`. On the page: [Simple and deep networks][dl-mlp].
    """
    learning_rate = _check.number("learning_rate", learning_rate, above=0)
    layers, _ = _checked(layers)
    _check.function("loss_gradient", loss_gradient)

    inputs, sums = forward(layers, x, activation=activation)
    returned = "what loss_gradient returns"
    y_gradient = _check.floats(returned, loss_gradient(sums[-1].copy()))
    _check.same_shape(**{"the output": sums[-1], returned: y_gradient})
    gradients = backward(layers, inputs, sums, y_gradient, activation=activation)
    return [
        (weight - learning_rate * by_weight, bias - learning_rate * by_bias)
        for (weight, bias), (by_weight, by_bias) in zip(layers, gradients, strict=True)
    ]


def _checked(layers, **more):
    """The layers, and `more` of what passes through them, as arrays that fit one another."""
    layers = [_check.items(f"layers[{i}]", layer) for i, layer in enumerate(_check.items("layers", layers))]
    if not layers or any(len(layer) != 2 for layer in layers):
        raise _check.wrong_value("layers", "be a list of (weight, bias) pairs, at least one", layers)
    pairs = {}
    for i, (weight, bias) in enumerate(layers):
        pairs[f"layers[{i}] weight"] = weight, f"nodes{i + 1} nodes{i}"
        pairs[f"layers[{i}] bias"] = bias, f"nodes{i + 1}"
    arrays = _check.axes(**pairs, **more)
    weights, biases = arrays[: len(pairs) : 2], arrays[1 : len(pairs) : 2]
    return list(zip(weights, biases, strict=True)), arrays[len(pairs) :]
