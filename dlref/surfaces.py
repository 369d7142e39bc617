"""Surfaces to walk down: a bowl, a narrow valley, several minima, a saddle, each with its gradient.

A point is an array whose last axis holds its coordinates: `(2,)` for one point of the plane, `(rows, columns, 2)` for a
grid to draw. The height has the shape without that axis; the gradient has the shape of the point.
"""

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike

from dlref import _check

__all__ = [
    "quadratic",
    "quadratic_gradient",
    "rosenbrock",
    "rosenbrock_gradient",
    "saddle",
    "saddle_gradient",
    "styblinski_tang",
    "styblinski_tang_gradient",
]

# One number for one point.
Heights = Float[np.ndarray, "*grid"] | np.floating


def _points(point: ArrayLike, dimensions: int | None = None) -> Float[np.ndarray, "*grid dimensions"]:
    """Points as floats, their coordinates along the last axis."""
    point = _check.not_empty("point", _check.floats("point", point))
    if point.ndim == 0:
        raise _check.wrong_value("point", "be an array of coordinates", "one number")
    if dimensions and point.shape[-1] != dimensions:
        raise _check.wrong_value("point", f"have {dimensions} coordinates", f"{point.shape[-1]}")
    return point


def _curved(point: ArrayLike, a: ArrayLike) -> tuple[Float[np.ndarray, "*grid d"], Float[np.ndarray, " d"]]:
    """Points, and one curvature over 0 for each of their coordinates."""
    point, a = _points(point), _check.floats("a", a, ndim=1, finite=True)
    if a.shape != point.shape[-1:]:
        raise _check.wrong_value("a", f"have one value per coordinate, {point.shape[-1]}", f"{a.size} values")
    if not (a > 0).all():
        raise _check.wrong_value("a", "be > 0", f"{a[~(a > 0)][0]:g}")
    return point, a


def quadratic(point: ArrayLike, a: ArrayLike) -> Heights:
    r"""Bowl with its one minimum at 0, as steep along each axis as its a says.

    $$L(w) = \sum_i a_i\, w_i^2$$

    Gradient descent multiplies each w by 1 - 2ηa per step. It converges while all of these lie between -1 and 1: for
    rates below 1 / max a.

    Args:
        point: Coordinates w, (..., d).
        a: Half the curvature along each axis, (d,), over 0.

    Returns:
        Heights from 0, (...).

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If `point` is empty or no array, or `a` does not fit it or is not over 0.

    Examples:
        >>> from dlref.surfaces import quadratic
        >>> print(quadratic([3.0, -2.0], a=[1.0, 0.5]), quadratic([[3.0, -2.0], [0.0, 1.0]], a=[1.0, 0.5]))
        11.0 [11.   0.5]

    References:
        Goodfellow, Bengio and Courville, "Deep Learning" (2016), section 4.3.
        On the page: [The learning rate][opt-learning-rate].
    """
    point, a = _curved(point, a)

    return (a * point**2).sum(axis=-1)


def quadratic_gradient(point: ArrayLike, a: ArrayLike) -> Float[np.ndarray, "*grid d"]:
    r"""Slope of the bowl along each axis.

    $$\frac{\partial L}{\partial w_i} = 2\, a_i\, w_i$$

    Args:
        point: Coordinates w, (..., d).
        a: Half the curvature along each axis, (d,), over 0.

    Returns:
        Slopes in the shape of `point`.

    Raises:
        TypeError: If an argument holds anything but real numbers.
        ValueError: If `point` is empty or no array, or `a` does not fit it or is not over 0.

    Examples:
        >>> from dlref.surfaces import quadratic_gradient
        >>> print(quadratic_gradient([3.0, -2.0], a=[1.0, 0.5]))
        [ 6. -2.]

    References:
        The derivative of `quadratic`. On the page: [The learning rate][opt-learning-rate].
    """
    point, a = _curved(point, a)

    return 2 * a * point


def rosenbrock(point: ArrayLike) -> Heights:
    r"""Narrow, bent valley: easy to fall into, slow to walk along. Its one minimum, 0, is at (1, 1).

    $$L(u, v) = (1 - u)^2 + 100\,(v - u^2)^2$$

    Args:
        point: Coordinates (u, v), (..., 2).

    Returns:
        Heights from 0, (...).

    Raises:
        TypeError: If `point` holds anything but real numbers.
        ValueError: If `point` is empty or has not 2 coordinates.

    Examples:
        >>> from dlref.surfaces import rosenbrock
        >>> print(rosenbrock([1.0, 1.0]), rosenbrock([[-1.0, 1.0], [2.0, 3.0]]))
        0.0 [  4. 101.]

    References:
        Rosenbrock, "An automatic method for finding the greatest or least value of a function" (1960).
        Equals `scipy.optimize.rosen` for two coordinates. On the page: [Other optimizers][opt-others].
    """
    u, v = np.moveaxis(_points(point, 2), -1, 0)

    return (1 - u) ** 2 + 100 * (v - u**2) ** 2


def rosenbrock_gradient(point: ArrayLike) -> Float[np.ndarray, "*grid 2"]:
    r"""Slope of the narrow valley.

    $$\frac{\partial L}{\partial u} = 2\,(u - 1) - 400\, u\, (v - u^2) \qquad
      \frac{\partial L}{\partial v} = 200\,(v - u^2)$$

    Args:
        point: Coordinates (u, v), (..., 2).

    Returns:
        Slopes in the shape of `point`.

    Raises:
        TypeError: If `point` holds anything but real numbers.
        ValueError: If `point` is empty or has not 2 coordinates.

    Examples:
        >>> from dlref.surfaces import rosenbrock_gradient
        >>> print(rosenbrock_gradient([1.0, 1.0]))
        [0. 0.]
        >>> print(rosenbrock_gradient([[-1.0, 1.0], [2.0, 3.0]]))
        [[  -4.    0.]
         [ 802. -200.]]

    References:
        Equals `scipy.optimize.rosen_der` for two coordinates. On the page: [Other optimizers][opt-others].
    """
    u, v = np.moveaxis(_points(point, 2), -1, 0)

    return np.stack([2 * (u - 1) - 400 * u * (v - u**2), 200 * (v - u**2)], axis=-1)


def styblinski_tang(point: ArrayLike) -> Heights:
    r"""Two valleys along each axis, of which the left one is deeper: 2 minima on a line, 4 in the plane.

    $$L(w) = \frac{1}{2} \sum_i \left(w_i^4 - 16\, w_i^2 + 5\, w_i\right)$$

    Args:
        point: Coordinates w, (..., d).

    Returns:
        Heights, (...); along each axis -39.17 at the deeper minimum, w = -2.904, and -25.03 at the other, w = 2.747.

    Raises:
        TypeError: If `point` holds anything but real numbers.
        ValueError: If `point` is empty or no array.

    Examples:
        >>> from dlref.surfaces import styblinski_tang
        >>> print(styblinski_tang([[-2.903534], [2.746803], [1.0]]).round(2), styblinski_tang([1.0, 1.0]))
        [-39.17 -25.03  -5.  ] -10.0

    References:
        Styblinski and Tang, "Experiments in nonconvex optimization", Neural Networks 3 (1990).
        On the page: [Local minima][opt-local-minima].
    """
    point = _points(point)

    # p⁴ - 16p² as a product, which far away is ∞ and not ∞ - ∞.
    return (point**2 * (point**2 - 16) + 5 * point).sum(axis=-1) / 2


def styblinski_tang_gradient(point: ArrayLike) -> Float[np.ndarray, "*grid d"]:
    r"""Slope of the surface with several minima.

    $$\frac{\partial L}{\partial w_i} = 2\, w_i^3 - 16\, w_i + \frac{5}{2}$$

    Args:
        point: Coordinates w, (..., d).

    Returns:
        Slopes in the shape of `point`.

    Raises:
        TypeError: If `point` holds anything but real numbers.
        ValueError: If `point` is empty or no array.

    Examples:
        >>> from dlref.surfaces import styblinski_tang_gradient
        >>> print(styblinski_tang_gradient([0.0, 1.0, -2.0]))
        [  2.5 -11.5  18.5]

    References:
        The derivative of `styblinski_tang`. On the page: [Local minima][opt-local-minima].
    """
    point = _points(point)

    return point * (2 * point**2 - 16) + 2.5


def saddle(point: ArrayLike) -> Heights:
    r"""Saddle at (0, 0), where the slope is 0 and no minimum: those are at (0, -1) and (0, 1).

    $$L(u, v) = \frac{u^2}{2} + \frac{v^4}{4} - \frac{v^2}{2}$$

    A descent that starts with v = 0 ends on the saddle.

    Args:
        point: Coordinates (u, v), (..., 2).

    Returns:
        Heights from -1/4, (...).

    Raises:
        TypeError: If `point` holds anything but real numbers.
        ValueError: If `point` is empty or has not 2 coordinates.

    Examples:
        >>> from dlref.surfaces import saddle
        >>> print(saddle([0.0, 0.0]), saddle([[0.0, -1.0], [3.0, 2.0]]))
        0.0 [-0.25  6.5 ]

    References:
        Nesterov, "Introductory Lectures on Convex Optimization" (2004), example 1.2.2.
        On the page: [Other optimizers][opt-others].
    """
    u, v = np.moveaxis(_points(point, 2), -1, 0)

    # v⁴/4 - v²/2 as a product, which far away is ∞ and not ∞ - ∞.
    return u**2 / 2 + v**2 * (v**2 / 4 - 0.5)


def saddle_gradient(point: ArrayLike) -> Float[np.ndarray, "*grid 2"]:
    r"""Slope of the saddle.

    $$\frac{\partial L}{\partial u} = u \qquad \frac{\partial L}{\partial v} = v^3 - v$$

    Args:
        point: Coordinates (u, v), (..., 2).

    Returns:
        Slopes in the shape of `point`.

    Raises:
        TypeError: If `point` holds anything but real numbers.
        ValueError: If `point` is empty or has not 2 coordinates.

    Examples:
        >>> from dlref.surfaces import saddle_gradient
        >>> print(saddle_gradient([0.0, -1.0]))
        [0. 0.]
        >>> print(saddle_gradient([[0.0, 0.0], [3.0, 2.0]]))
        [[0. 0.]
         [3. 6.]]

    References:
        The derivative of `saddle`. On the page: [Other optimizers][opt-others].
    """
    u, v = np.moveaxis(_points(point, 2), -1, 0)

    return np.stack([u, v * (v**2 - 1)], axis=-1)
