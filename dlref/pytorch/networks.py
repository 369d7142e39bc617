"""The small PyTorch networks that the pages train."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from torch import Tensor, nn

from dlref import _check

__all__ = ["MLP", "parameter_count"]


class MLP(nn.Module):
    r"""Dense layers, each followed by an activation but for the last: a multi-layer perceptron.

    $$h_0 = x \qquad h_k = \varphi(h_{k-1} W_k^\top + b_k) \qquad \hat y = h_{K-1} W_K^\top + b_K$$

    The output is linear: a score or logits, for a loss that takes them. With two sizes there is no hidden layer, and
    the network is a linear model.

    Args:
        sizes: Nodes per layer, from the inputs to the outputs: two integers or more, each at least 1.
        activation: Makes the activation φ; called without arguments, once per hidden layer.
        batch_norm: Whether each hidden layer is normalized over its batch, before the activation.
        dropout: Share of hidden nodes to silence at random while training, 0 to 1.

    Attributes:
        layers: The layers in their order, an `nn.Sequential`.
        inputs: How many features the first layer takes.

    Raises:
        TypeError: If `sizes` holds anything but numbers.
        ValueError: If there are fewer than two sizes, one of them is below 1, or `dropout` lies outside [0, 1].

    Examples:
        >>> import torch
        >>> from dlref.pytorch.networks import MLP, parameter_count
        >>> model = MLP([3, 4, 4, 3])
        >>> print(model(torch.zeros(10, 3)).shape, parameter_count(model))
        torch.Size([10, 3]) 51
        >>> print([type(layer).__name__ for layer in model.layers])
        ['Linear', 'ReLU', 'Linear', 'ReLU', 'Linear']

        >>> from torch import nn
        >>> from dlref.pytorch.networks import MLP
        >>> model = MLP([3, 4, 1], activation=nn.Tanh, batch_norm=True, dropout=0.25)
        >>> print([type(layer).__name__ for layer in model.layers], model.layers[-2].p)
        ['Linear', 'BatchNorm1d', 'Tanh', 'Dropout', 'Linear'] 0.25

        A batch of the wrong width is refused.

        >>> import torch
        >>> from dlref.pytorch.networks import MLP
        >>> try:
        ...     MLP([3, 1])(torch.zeros(10, 4))
        ... except ValueError as error:
        ...     print(error)
        forward: x must have 3 columns, one per feature; got shape (10, 4).

    References:
        D. Rumelhart, G. Hinton and R. Williams, "Learning representations by back-propagating errors", Nature 323,
        1986, pages 533–536. On the page: [nn.Module][pt-module].
    """

    def __init__(
        self,
        sizes: Sequence[int],
        *,
        activation: Callable[[], nn.Module] = nn.ReLU,
        batch_norm: bool = False,
        dropout: float = 0.0,
    ) -> None:
        sizes = _check.integers("sizes", sizes, ndim=1, low=1).tolist()
        if max(sizes, default=0) >= 2**24:
            raise _check.wrong_value("sizes", "be below 2**24", max(sizes))
        if len(sizes) < 2:
            raise _check.wrong_value("sizes", "hold at least the inputs and the outputs", f"{sizes}")
        _check.function("activation", activation)
        _check.instance("batch_norm", batch_norm, bool)
        dropout = _check.number("dropout", dropout, low=0, high=1)

        super().__init__()
        layers: list[nn.Module] = []
        for inputs, outputs in pairwise(sizes[:-1]):
            layers.append(nn.Linear(inputs, outputs))
            layers += [nn.BatchNorm1d(outputs)] * batch_norm
            layers.append(_check.instance("what activation returns", activation(), nn.Module))
            layers += [nn.Dropout(dropout)] * (dropout > 0)
        self.layers = nn.Sequential(*layers, nn.Linear(sizes[-2], sizes[-1]))
        self.inputs = sizes[0]

    def forward(self, x: Tensor) -> Tensor:
        """The outputs of a batch: (examples, inputs) to (examples, outputs)."""
        _check.instance("x", x, Tensor)
        if x.ndim != 2 or x.shape[1] != self.inputs:
            expected = f"have {self.inputs} column{'s' * (self.inputs != 1)}, one per feature"
            raise _check.wrong_value("x", expected, f"shape {tuple(x.shape)}")

        return self.layers(x)


def parameter_count(model: nn.Module) -> int:
    """Numbers that training changes: all weights and biases with `requires_grad`.

    Args:
        model: Any module.

    Returns:
        Their count; a parameter that two layers share counts once.

    Raises:
        TypeError: If `model` is not a module.

    Examples:
        >>> from torch import nn
        >>> from dlref.pytorch.networks import parameter_count
        >>> layer = nn.Linear(4, 3)
        >>> print(parameter_count(layer), parameter_count(nn.Sequential(layer, nn.Linear(3, 4), nn.ReLU())))
        15 31

        A frozen layer is not trained.

        >>> from torch import nn
        >>> from dlref.pytorch.networks import parameter_count
        >>> print(parameter_count(nn.Linear(4, 3).requires_grad_(False)))
        0

    References:
        The sum of `parameter.numel()` over `model.parameters()`. On the page: [nn.Module][pt-module].
    """
    _check.instance("model", model, nn.Module)

    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
