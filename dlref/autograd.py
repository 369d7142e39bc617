r"""Automatic differentiation of scalars, in a graph that can be looked at.

Arithmetic on a `Node` gives a new `Node` that keeps its parents (the numbers it was computed from) and its local
gradients (its derivative with respect to each of them). That is all that `gradients` needs: it walks the graph from the
output back to the inputs, multiplies along edges, and adds where paths meet. Nothing is hidden in a closure, so a graph
can also be drawn, by `dlref.plots.graph`.

Values follow floating-point arithmetic as in PyTorch: `1 / 0` is ∞ and the logarithm of a negative number is nan.
"""

from dataclasses import dataclass, field, replace
from numbers import Real

import numpy as np

from dlref import _check
from dlref.activations import sigmoid, sigmoid_gradient, tanh_gradient

__all__ = ["Node", "gradients", "topological_order"]


@dataclass(frozen=True, eq=False, slots=True)
class Node:
    r"""One number of a computation, with the numbers it came from and its derivative with respect to each of
    them.

    `+ - * / **` between nodes and numbers make new nodes; an exponent is a plain number. A new operation is a function
    that returns a `Node` with its parents and local gradients.

    Args:
        value: The number, from -∞ to ∞ or nan.
        parents: The nodes it was computed from; none for an input or a constant.
        local_gradients: $\partial\,\text{value} / \partial\,\text{parent}$, one per parent.
        operation: What made it: `+`, `−`, `×`, `÷`, `^3`, `exp`; empty for an input or a constant.
        name: A name to show, such as `x`; empty for the numbers in between.

    Raises:
        TypeError: If `value` is not a real number.
        ValueError: If there are not as many local gradients as parents.

    Examples:
        >>> from dlref.autograd import Node, gradients
        >>> x, w = Node(3.0, name="x"), Node(-2.0, name="w")
        >>> y = w * x**2 + x / 2 - 1
        >>> print(y.value, y.operation)
        -17.5 −
        >>> dy = gradients(y)
        >>> print(dy[x], dy[w])
        -11.5 9.0

        Subtraction and division in both orders, and a sign:

        >>> from dlref.autograd import Node, gradients
        >>> a, b = Node(6.0), Node(4.0)
        >>> print([node.value for node in (a - b, 1 - b, a / b, 1 / b, 1 + b, 3 * b, -b)])
        [2.0, -3.0, 1.5, 0.25, 5.0, 12.0, -4.0]
        >>> print([node.operation for node in (a - b, 1 - b, a / b, 1 / b, 1 + b, 3 * b, -b)])
        ['−', '−', '÷', '÷', '+', '×', '−']
        >>> print((a / b).local_gradients, (a - b).local_gradients, (-b).local_gradients, (b**3).local_gradients)
        (0.25, -0.375) (1.0, -1.0) (-1.0,) (48.0,)
        >>> print(Node(0.0) ** 0, (Node(0.0) ** 0).local_gradients)
        Node(value=1.0, operation='^0', name='') (0.0,)
        >>> print(Node(2))
        Node(value=2.0, operation='', name='')

        Functions:

        >>> from dlref.autograd import Node, gradients
        >>> x = Node(0.5)
        >>> for y in (x.exp(), x.log(), x.relu(), x.sigmoid(), x.tanh(), (x - 1).relu(), (x - 0.5).relu()):
        ...     print(y.operation, round(y.value, 4), round(gradients(y)[x], 4))
        exp 1.6487 1.6487
        ln -0.6931 2.0
        relu 0.5 1.0
        σ 0.6225 0.235
        tanh 0.4621 0.7864
        relu 0.0 0.0
        relu 0.0 0.0

        Where floating-point numbers end:

        >>> from dlref.autograd import Node
        >>> x, zero = Node(1000.0), Node(0.0)
        >>> for y in (x / zero, zero / zero, zero**-1, x.exp(), zero.log(), (-x).log()):
        ...     print(y.operation, y.value, y.local_gradients)
        ÷ inf (inf, -inf)
        ÷ nan (inf, nan)
        ^-1 inf (-inf,)
        exp inf (inf,)
        ln -inf (inf,)
        ln nan (-0.001,)

        Another function:

        >>> import math
        >>> from dlref.autograd import Node, gradients
        >>> x = Node(0.0)
        >>> y = Node(math.sin(x.value), parents=(x,), local_gradients=(math.cos(x.value),), operation="sin")
        >>> print(gradients(y * 3)[x])
        3.0

    References:
        Local gradients equal those of `torch.autograd` for float64 tensors. The manner is micrograd's (A. Karpathy,
        2020), with the gradients kept as numbers. On the page: [Computational graphs][pt-graph-chain].
    """

    value: float
    parents: tuple["Node", ...] = field(default=(), repr=False)
    local_gradients: tuple[float, ...] = field(default=(), repr=False)
    operation: str = ""
    name: str = ""

    # NumPy then leaves `array + node` to Node, which refuses an array, and takes a NumPy number.
    __array_ufunc__ = None

    def __post_init__(self) -> None:
        parents = tuple(_check.instance("each of parents", p, Node) for p in _check.items("parents", self.parents))
        given = _check.items("local_gradients", self.local_gradients)
        if len(parents) != len(given):
            numbers = f"{len(given)} for {len(parents)} parents"
            raise _check.wrong_value("local_gradients", "hold one number per parent", numbers)
        object.__setattr__(self, "value", _float("value", self.value))
        object.__setattr__(self, "parents", parents)
        object.__setattr__(self, "local_gradients", tuple(_float("each of local_gradients", g) for g in given))

    def named(self, name: str) -> "Node":
        """The same node under a name: `z = (5 * y - 4).named("z")`."""
        return replace(self, name=name)

    def __add__(self, other: "Node | float") -> "Node":
        other = _node(other)
        return Node(self.value + other.value, (self, other), (1, 1), "+")

    def __sub__(self, other: "Node | float") -> "Node":
        other = _node(other)
        return Node(self.value - other.value, (self, other), (1, -1), "−")

    def __mul__(self, other: "Node | float") -> "Node":
        other = _node(other)
        return Node(self.value * other.value, (self, other), (other.value, self.value), "×")

    def __truediv__(self, other: "Node | float") -> "Node":
        other = _node(other)
        with np.errstate(all="ignore"):
            quotient = np.divide(self.value, other.value)
            local_gradients = np.divide(1, other.value), -np.divide(quotient, other.value)
        return Node(quotient, (self, other), local_gradients, "÷")

    def __pow__(self, exponent: float) -> "Node":
        exponent = _check.number("exponent", exponent)

        with np.errstate(all="ignore"):
            power = np.float_power(self.value, exponent)
            # x⁰ is 1 everywhere, at 0 too, where 0 · x⁻¹ would give nan.
            local = exponent * np.float_power(self.value, exponent - 1) if exponent else 0
        return Node(power, (self,), (local,), f"^{exponent:g}")

    def __neg__(self) -> "Node":
        return Node(-self.value, (self,), (-1,), "−")

    def __radd__(self, other: float) -> "Node":
        return _node(other) + self

    def __rsub__(self, other: float) -> "Node":
        return _node(other) - self

    def __rmul__(self, other: float) -> "Node":
        return _node(other) * self

    def __rtruediv__(self, other: float) -> "Node":
        return _node(other) / self

    def exp(self) -> "Node":
        """$e^x$, which is its own derivative."""
        with np.errstate(all="ignore"):
            value = np.exp(self.value)
        return Node(value, (self,), (value,), "exp")

    def log(self) -> "Node":
        r"""$\ln x$, with the derivative $1 / x$; -∞ at 0 and nan below."""
        with np.errstate(all="ignore"):
            return Node(np.log(self.value), (self,), (np.divide(1, self.value),), "ln")

    def relu(self) -> "Node":
        r"""$\max(0, x)$, with the derivative 1 above 0, and 0 at and below it."""
        return Node(np.maximum(0, self.value), (self,), (float(self.value > 0),), "relu")

    def sigmoid(self) -> "Node":
        r"""$S(x) = 1 / (1 + e^{-x})$, with the derivative $S(x)\,S(-x)$."""
        return Node(sigmoid(self.value), (self,), (sigmoid_gradient(self.value),), "σ")

    def tanh(self) -> "Node":
        r"""$\tanh x$, with the derivative $1 - \tanh^2 x$."""
        # Not 1 − value², which is 0 from 19 on.
        return Node(np.tanh(self.value), (self,), (tanh_gradient(self.value),), "tanh")


def _float(argument: str, value: Real) -> float:
    """A number as Python's, so that it prints as such; what overflows on the way may be infinite or nan."""
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, Real):
        raise _check.wrong_kind(argument, "be a real number", value)
    try:
        return float(value)
    except OverflowError:
        raise _check.wrong_value(argument, "be below 1.8e308", value) from None


def _node(x: Node | float) -> Node:
    return x if isinstance(x, Node) else Node(x)


def topological_order(output: Node) -> list[Node]:
    """All nodes that `output` depends on, each after its parents, with `output` last: the order of the forward pass.

    Args:
        output: Any node.

    Returns:
        Every node once, however many paths lead to it.

    Raises:
        TypeError: If `output` is not a node.

    Examples:
        >>> from dlref.autograd import Node, topological_order
        >>> x = Node(2.0, name="x")
        >>> y = (x * x).named("y")
        >>> print([node.name for node in topological_order(y + x)])
        ['x', 'y', '']

    References:
        Depth-first search; T. Cormen et al., *Introduction to Algorithms*, section 20.4 in the fourth edition.
        On the page: [Computational graphs][pt-graph-chain].
    """
    _check.instance("output", output, Node)

    # A list of what is left to do, where recursion would overflow on a deep graph.
    order, seen, todo = [], set(), [(output, False)]
    while todo:
        node, parents_done = todo.pop()
        if parents_done:
            order.append(node)
        elif node not in seen:
            seen.add(node)
            todo.append((node, True))
            todo.extend((parent, False) for parent in reversed(node.parents))
    return order


def gradients(output: Node) -> dict[Node, float]:
    r"""The derivative of `output` with respect to every node it depends on, in one pass back from the output.

    $$\frac{\partial\,\text{output}}{\partial p} =
      \sum_{c\,\text{computed from}\,p} \frac{\partial\,\text{output}}{\partial c} \cdot \frac{\partial c}{\partial p}$$

    Args:
        output: Any node.

    Returns:
        A gradient per node; 1 for `output` itself.

    Raises:
        TypeError: If `output` is not a node.

    Examples:
        >>> from dlref.autograd import Node, gradients
        >>> x = Node(1.0)
        >>> y = (x - 3) * (x - 6) * (x - 4)
        >>> print(y.value, gradients(y)[x])
        -30.0 31.0

        Where paths meet, their gradients add up: x reaches y twice.

        >>> from dlref.autograd import Node, gradients
        >>> x = Node(3.0)
        >>> print(gradients(x * x + x)[x])
        7.0

    References:
        Equals `torch.autograd.grad`, except that PyTorch adds to `.grad` at each `backward()`, where this returns new
        numbers. S. Linnainmaa, "Taylor expansion of the accumulated rounding error", BIT 16, 1976, pages 146–160.
        On the page: [Computational graphs][pt-graph-backward].
    """
    _check.instance("output", output, Node)

    order = topological_order(output)
    gradient = dict.fromkeys(order, 0.0)
    gradient[output] = 1.0
    for node in reversed(order):
        for parent, local in zip(node.parents, node.local_gradients, strict=True):
            gradient[parent] += gradient[node] * local
    return gradient
