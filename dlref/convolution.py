"""The 1D convolution: one small set of weights, slid along a sequence.

Shapes are PyTorch's. float32 stays float32; integers become float64.
"""

import numpy as np
from jaxtyping import Float
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike

from dlref import _check

__all__ = ["conv1d", "conv1d_gradient", "conv1d_length"]


def conv1d_length(length: int, *, kernel: int, stride: int = 1, padding: int = 0) -> int:
    r"""Number of windows that a 1D convolution sees, and so the length of its output.

    $$n_\text{out} = \left\lfloor \frac{n + 2p - k}{s} \right\rfloor + 1$$

    Args:
        length: n, length of the input, at least 1.
        kernel: k, length of a window, from 1 to n + 2p.
        stride: s, steps from one window to the next, at least 1.
        padding: p, zeros added at each end, at least 0.

    Returns:
        A length of at least 1. What is left over at the end, shorter than a stride, no window sees.

    Raises:
        TypeError: If an argument is no integer.
        ValueError: If one is too small, or if the kernel is longer than the padded input.

    Examples:
        >>> from dlref.convolution import conv1d_length
        >>> print(conv1d_length(4, kernel=3), conv1d_length(10, kernel=3, stride=2))
        2 4
        >>> print(conv1d_length(4, kernel=4, padding=2), conv1d_length(4, kernel=4))
        5 1

    References:
        Dumoulin and Visin (2016), *A guide to convolution arithmetic for deep learning*. Equals the output length of
        `torch.nn.Conv1d` with `dilation=1`. On the page: [1D convolution][dl-conv1d].
    """
    return _length(length, kernel, stride, padding)


def conv1d(
    x: ArrayLike, weight: ArrayLike, bias: ArrayLike, *, stride: int = 1, padding: int = 0
) -> Float[np.ndarray, "batch filters windows"]:
    r"""Slide filters along the input: each window is weighed with the same weights.

    $$y_{f,t} = b_f + \sum_c \sum_{j=0}^{k-1} W_{f,c,j}\; x_{c,\,s t + j - p} \qquad x = 0 \text{ outside the input}$$

    Args:
        x: A batch of sequences, shape `(batch, channels, length)`.
        weight: W, shape `(filters, channels, kernel)`.
        bias: b, shape `(filters,)`.
        stride: s, steps from one window to the next, at least 1.
        padding: p, zeros added at each end, at least 0.

    Returns:
        Real numbers, shape `(batch, filters, windows)`, with `conv1d_length` windows.

    Raises:
        TypeError: If an array holds anything but real numbers, or if `stride` or `padding` is no integer.
        ValueError: If the shapes do not fit together, or if the kernel is longer than the padded input.

    Examples:
        >>> from dlref.convolution import conv1d
        >>> print(conv1d([[[1, 2, 3, 5]]], weight=[[[1, 0, -1]]], bias=[0.5]))
        [[[-1.5 -2.5]]]
        >>> print(conv1d([[[1, 2, 3, 5]]], weight=[[[1, 2]], [[3, -1]]], bias=[0, 1], stride=3, padding=1))
        [[[ 2. 13.]
          [ 0.  5.]]]

        Two channels are summed, each with its own part of the filter.

        >>> from dlref.convolution import conv1d
        >>> print(conv1d([[[1, 2, 3], [10, 20, 30]]], weight=[[[1, -1], [2, 1]]], bias=[0]))
        [[[39. 69.]]]

    References:
        LeCun et al. (1989), *Backpropagation applied to handwritten zip code recognition*. Equals
        `torch.nn.functional.conv1d` with `dilation=1, groups=1`. Like it, this does not turn the filter round, which
        mathematics would call a cross-correlation. On the page: [1D convolution][dl-conv1d].
    """
    x, weight, bias = _check.axes(
        x=(x, "batch channels length"), weight=(weight, "filters channels kernel"), bias=(bias, "filters")
    )

    windows = _windows(x, weight.shape[2], stride, padding)
    # The sum over channels and places in the window, as one product of matrices: (batch, windows, filters).
    return np.moveaxis(np.tensordot(windows, weight, axes=((1, 3), (1, 2))), 2, 1) + bias[:, None]


def conv1d_gradient(
    x: ArrayLike, weight: ArrayLike, y_gradient: ArrayLike, *, stride: int = 1, padding: int = 0
) -> tuple[
    Float[np.ndarray, "batch channels length"],
    Float[np.ndarray, "filters channels kernel"],
    Float[np.ndarray, "filters"],
]:
    r"""Pass a gradient back through a 1D convolution. A shared weight collects the gradient of every window.

    $$\frac{\partial L}{\partial W_{f,c,j}} = \sum_t G_{f,t}\; x_{c,\,s t + j - p} \qquad
    \frac{\partial L}{\partial b_f} = \sum_t G_{f,t} \qquad
    \frac{\partial L}{\partial x_{c,i}} = \sum_f \sum_{t,j:\; s t + j - p = i} G_{f,t}\, W_{f,c,j}$$

    Args:
        x: What the layer was given, shape `(batch, channels, length)`.
        weight: W, shape `(filters, channels, kernel)`.
        y_gradient: G, the gradient of the loss with respect to the layer's output, shape `(batch, filters, windows)`.
        stride: s, as it was forward.
        padding: p, as it was forward.

    Returns:
        The gradients with respect to `x`, `weight` and the bias, in their shapes, summed over the batch where shared.

    Raises:
        TypeError: If an array holds anything but real numbers, or if `stride` or `padding` is no integer.
        ValueError: If the shapes do not fit together, or if the kernel is longer than the padded input.

    Examples:
        >>> from dlref.convolution import conv1d_gradient
        >>> by_x, by_weight, by_bias = conv1d_gradient([[[1, 2, 3, 5]]], [[[3, 4, -1]]], [[[1, 10]]])
        >>> print(by_x, by_weight, by_bias)
        [[[  3.  34.  39. -10.]]] [[[21. 32. 53.]]] [11.]
        >>> by_x, by_weight, by_bias = conv1d_gradient([[[1, 2, 3, 5]]], [[[1, 2]]], [[[1, 10]]], stride=3, padding=1)
        >>> print(by_x, by_weight, by_bias)
        [[[ 2.  0. 10. 20.]]] [[[30. 51.]]] [11.]

        Two sequences and one filter: what they share collects the gradients of both. The result of float32 and float64
        is float64.

        >>> import numpy as np
        >>> from dlref.convolution import conv1d_gradient
        >>> by_x, by_weight, by_bias = conv1d_gradient(np.float32([[[1, 2]], [[3, 4]]]), [[[2]]], [[[1, 10]], [[0, 5]]])
        >>> print(by_x.tolist(), by_x.dtype, by_weight, by_bias)
        [[[2.0, 20.0]], [[0.0, 10.0]]] float64 [[[41.]]] [16.]

    References:
        Equals what autograd passes back through `torch.nn.functional.conv1d`. On the page: [1D convolution][dl-conv1d].
    """
    x, weight, y_gradient = _check.axes(
        x=(x, "batch channels length"),
        weight=(weight, "filters channels kernel"),
        y_gradient=(y_gradient, "batch filters windows"),
    )
    windows = _windows(x, weight.shape[2], stride, padding)
    if y_gradient.shape[2] != windows.shape[2]:
        raise _check.wrong_value("y_gradient", f"have {windows.shape[2]} windows", f"shape {y_gradient.shape}")

    by_windows = np.tensordot(y_gradient, weight, axes=(1, 0))  # (batch, windows, channels, kernel)
    by_x = np.zeros_like(_padded(x, padding), dtype=by_windows.dtype)
    for k in range(weight.shape[2]):
        by_x[:, :, k : k + stride * windows.shape[2] : stride] += np.moveaxis(by_windows[..., k], 2, 1)
    by_x = by_x[:, :, padding : padding + x.shape[2]]
    return by_x, np.tensordot(y_gradient, windows, axes=((0, 2), (0, 2))), y_gradient.sum(axis=(0, 2))


def _length(length, kernel, stride, padding):
    padded = _check.integer("length", length) + 2 * _check.integer("padding", padding, low=0)
    kernel, stride = _check.integer("kernel", kernel), _check.integer("stride", stride)
    if kernel > padded:
        raise _check.wrong_value("kernel", f"be at most as long as the padded input, {padded}", kernel)

    return (padded - kernel) // stride + 1


def _padded(x, padding):
    return np.pad(x, [(0, 0), (0, 0), (padding, padding)])


def _windows(x, kernel, stride, padding):
    """What each window sees: shape (batch, channels, windows, kernel)."""
    _length(x.shape[2], kernel, stride, padding)
    return sliding_window_view(_padded(x, padding), kernel, axis=2)[:, :, ::stride]
