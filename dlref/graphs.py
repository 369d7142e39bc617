"""What to show of a computation: its named steps, and the expression behind each."""

from collections.abc import Iterable

from dlref import _check
from dlref.autograd import Node, topological_order

__all__ = ["collapse", "formula"]


def collapse(output: Node) -> Node:
    r"""The same graph with nothing but its named nodes: what lies between two of them becomes one edge.

    The local gradient of such an edge is the sum over the paths it replaces, each the product of its local gradients.
    The gradients of the named nodes stay the same.

    Args:
        output: Any node.

    Returns:
        A copy of `output` whose ancestors all have a name, each with its `formula` as its operation. Constants
        without a name are left out, since they show in the formula.

    Raises:
        TypeError: If `output` is not a node.

    Examples:
        >>> from dlref.autograd import Node, gradients
        >>> from dlref.graphs import collapse
        >>> x = Node(2.0, name="x")
        >>> y = (x**3).named("y")
        >>> z = collapse((5 * y - 4).named("z"))
        >>> print(z.name, "=", z.operation, "=", z.value)
        z = 5·y − 4 = 36.0
        >>> (y,) = z.parents
        >>> print(y.name, "=", y.operation, "=", y.value, "; dz/dy =", z.local_gradients[0])
        y = x³ = 8.0 ; dz/dy = 5.0
        >>> print({node.name: gradient for node, gradient in gradients(z).items()})
        {'x': 60.0, 'y': 5.0, 'z': 1.0}

        Two paths between two named nodes add up; a node without a name is only passed through.

        >>> from dlref.autograd import Node
        >>> from dlref.graphs import collapse
        >>> x = Node(3.0, name="x")
        >>> y = collapse(2 * x * x + x)
        >>> print(len(y.parents), y.local_gradients, y.parents[0])
        1 (13.0,) Node(value=3.0, operation='', name='x')

    References:
        The chain rule, applied between named nodes only. On the page: [Computational graphs][pt-graph-forward].
    """
    _check.instance("output", output, Node)

    order = topological_order(output)
    texts, named = _texts(order), {}
    for node in order:
        if node.name or node is output:
            slopes = _slopes(node)
            parents = tuple(named[ancestor] for ancestor in slopes)
            operation = texts[node][0] if node.parents else ""
            named[node] = Node(node.value, parents, tuple(slopes.values()), operation, node.name)
    return named[output]


def _slopes(node: Node) -> dict[Node, float]:
    """The derivative of a node with respect to the named nodes next behind it, on all paths through nameless ones."""
    order = _nameless(node)
    slopes, found = dict.fromkeys(order, 0.0), {}
    slopes[node] = 1.0
    # Once each, from the node back, so that a sum of n named nodes takes n steps and not n².
    for step in reversed(order):
        for parent, local in zip(step.parents, step.local_gradients, strict=True):
            into = found if parent.name else slopes
            into[parent] = into.get(parent, 0.0) + slopes[step] * local
    # In the order in which the formula names them.
    named = (parent for step in order for parent in step.parents if parent.name)
    return {parent: found[parent] for parent in dict.fromkeys(named)}


def _nameless(node: Node) -> list[Node]:
    """The nameless nodes behind a node up to the next named ones, each after its parents, with the node itself last."""
    order, seen, todo = [], set(), [(node, False)]
    while todo:
        step, parents_done = todo.pop()
        if parents_done:
            order.append(step)
        elif step not in seen:
            seen.add(step)
            todo.append((step, True))
            todo.extend((parent, False) for parent in reversed(step.parents) if not parent.name)
    return order


def formula(output: Node) -> str:
    """The expression that made a node, in the names of the nodes before it.

    Args:
        output: Any node.

    Returns:
        The expression, with as few parentheses as it needs; "…" for one of more than 200 characters.

    Raises:
        TypeError: If `output` is not a node.

    Examples:
        >>> from dlref.autograd import Node
        >>> from dlref.graphs import formula
        >>> x, w = Node(1.0, name="x"), Node(0.5, name="w")
        >>> print(formula(2 * w**2 - (x - 3) / (x * w) + (-x).exp() ** 0.5))
        2·w² − (x − 3)/(x·w) + exp(−x)^0.5
        >>> print(formula(x), formula(Node(-0.5)))
        x −0.5

        Parentheses stand where the order of operations asks for them, and nowhere else.

        >>> from dlref.autograd import Node
        >>> from dlref.graphs import formula
        >>> a, b, c = (Node(2.0, name=name) for name in "abc")
        >>> print(formula(a - (b - c)), "|", formula(a - b - c), "|", formula(a + (b + c)))
        a − (b − c) | a − b − c | a + b + c
        >>> print(formula(a / (b / c)), "|", formula(a / b / c), "|", formula((a + b) * c), "|", formula(a * (b / c)))
        a/(b/c) | a/b/c | (a + b)·c | a·b/c
        >>> print(formula((a * b) ** 2), "|", formula((a**2) ** 3), "|", formula(a * -1), "|", formula((a * 1e6)**-1))
        (a·b)² | (a²)³ | a·(−1) | (a·1e+06)⁻¹
        >>> print(formula(-(a + b)), "|", formula(-(a * b)), "|", formula((-a) * b), "|", formula(a / b**2))
        −(a + b) | −a·b | (−a)·b | a/b²
        >>> print(formula(a.exp() ** 2), "|", formula(a * 0), "|", formula(a * 0.5), "|", formula(a + -2))
        exp(a)² | a·0 | a·0.5 | a + −2
        >>> larger = Node(2.0, parents=(a, b), local_gradients=(0.5, 0.5), operation="max")
        >>> print(formula(larger))
        max(a, b)

        A long expression is cut.

        >>> from dlref.autograd import Node
        >>> from dlref.graphs import formula
        >>> for name, count in (("long", 49), ("x", 50), ("x", 60)):
        ...     y = Node(1.0, name=name)
        ...     for _ in range(count):
        ...         y = y + 1
        ...     print(len(formula(y)), formula(y)[-3:])
        200 + 1
        1 …
        1 …

    References:
        Nothing in PyTorch equals it. On the page: [Computational graphs][pt-graph-forward].
    """
    _check.instance("output", output, Node)

    return _texts(topological_order(output))[output][0]


def _texts(order: Iterable[Node]) -> dict[Node, tuple[str, int]]:
    """For each node its expression, and how tightly that binds: 1 a sum, 2 a product, 3 a power, 4 a single term."""
    texts = {}
    for node in order:
        parts = [(parent.name, 4) if parent.name else texts[parent] for parent in node.parents]
        text, binding = _text(node, parts)
        # A long chain would otherwise copy its growing text at every node.
        texts[node] = (text, binding) if len(text) <= 200 and "…" not in text else ("…", 4)
    return texts


_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def _text(node: Node, parts: list[tuple[str, int]]) -> tuple[str, int]:
    def part(index: int, binding: int) -> str:
        text, own = parts[index]
        return text if own >= binding else f"({text})"

    if not parts:
        return (node.name, 4) if node.name else _number(node.value)
    if node.operation == "−" and len(parts) == 1:
        return f"−{part(0, 2)}", 1
    if node.operation in {"+", "−"}:
        return f"{part(0, 1)} {node.operation} {part(1, 1 if node.operation == '+' else 2)}", 1
    if node.operation in {"×", "÷"}:
        return part(0, 2) + ("·" + part(1, 2) if node.operation == "×" else "/" + part(1, 3)), 2
    if node.operation.startswith("^"):
        exponent = node.operation[1:]
        whole = exponent.lstrip("-").isdigit()
        return part(0, 4) + (exponent.translate(_SUPERSCRIPT) if whole else f"^{exponent}"), 3
    return f"{node.operation}({', '.join(text for text, _ in parts)})", 4


def _number(value: float) -> tuple[str, int]:
    return (f"{value:g}", 4) if value >= 0 else (f"−{-value:g}", 1)
