"""What the errors in a confusion matrix cost."""

from numpy.typing import ArrayLike

from dlref import _check
from dlref.metrics._confusion import _outcomes
from dlref.metrics._rates import Rates, _ratio


def expected_cost(matrix: ArrayLike, *, cost_fp: float = 1.0, cost_fn: float = 1.0) -> Rates:
    r"""Mean cost of a prediction when the two kinds of error cost differently.

    $$\frac{c_{FP} \cdot FP + c_{FN} \cdot FN}{TP + TN + FP + FN}$$

    With both costs 1 this is the error rate.

    Args:
        matrix: Counts with a row for each actual class, shape (..., 2, 2).
        cost_fp: Cost of a false alarm, 0 or more, in any unit.
        cost_fn: Cost of a miss, 0 or more, in the same unit.

    Returns:
        A mean cost for each matrix, in that unit; nan where it counts nothing.

    Raises:
        TypeError: If an argument holds anything but numbers.
        ValueError: If `matrix` is no confusion matrix of two classes, or a cost is negative.

    Examples:
        >>> from dlref.metrics import expected_cost
        >>> print(round(expected_cost([[50, 10], [5, 100]], cost_fp=1, cost_fn=20), 4))
        0.6667

        Unless told otherwise, each error costs 1; a kind of error may cost nothing.

        >>> from dlref.metrics import error_rate, expected_cost
        >>> print([expected_cost([[5, 1], [2, 2]]), error_rate([[5, 1], [2, 2]])])
        [0.3, 0.3]
        >>> print(expected_cost([[5, 1], [2, 2]], cost_fp=0))
        0.2

    References:
        C. Elkan, *The foundations of cost-sensitive learning*, IJCAI 2001. Correct predictions cost nothing here.
        On the page: [The tsunami example][clf-tsunami].
    """
    tn, fp, fn, tp = _outcomes(matrix)
    cost_fp, cost_fn = _check.number("cost_fp", cost_fp, low=0), _check.number("cost_fn", cost_fn, low=0)

    total = tn + fp + fn + tp
    return cost_fp * _ratio(fp, total) + cost_fn * _ratio(fn, total)


def cost_threshold(*, cost_fp: float, cost_fn: float) -> float:
    r"""The probability from which an alarm is cheaper than silence.

    $$p^* = \frac{c_{FP}}{c_{FP} + c_{FN}}$$

    An alarm at probability p costs $(1 - p)\,c_{FP}$ on average, silence costs $p\,c_{FN}$; at p* they are equal. This
    holds for true probabilities. Scores that are not calibrated have their cheapest threshold elsewhere.

    Args:
        cost_fp: Cost of a false alarm, above 0.
        cost_fn: Cost of a miss, above 0, in the same unit.

    Returns:
        A probability between 0 and 1.

    Raises:
        TypeError: If a cost is no number.
        ValueError: If a cost is not above 0.

    Examples:
        Where a miss costs as much as 19 false alarms, one chance in twenty is enough for an alarm.

        >>> from dlref.metrics import cost_threshold
        >>> print(cost_threshold(cost_fp=1, cost_fn=19), cost_threshold(cost_fp=0.2, cost_fn=0.6))
        0.05 0.25
        >>> print(cost_threshold(cost_fp=0.9e308, cost_fn=0.9e308))
        0.5

    References:
        C. Elkan, *The foundations of cost-sensitive learning*, IJCAI 2001, equation 2 with correct predictions free.
        On the page: [The tsunami example][clf-tsunami].
    """
    cost_fp, cost_fn = _check.number("cost_fp", cost_fp, above=0), _check.number("cost_fn", cost_fn, above=0)

    if cost_fp + cost_fn == float("inf"):
        cost_fp, cost_fn = cost_fp / 2, cost_fn / 2
    return cost_fp / (cost_fp + cost_fn)
