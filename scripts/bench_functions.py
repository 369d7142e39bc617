"""How long the public functions take at a million numbers, over what the library takes that they equal.

    .venv/bin/python scripts/bench_functions.py [WORD ...]     only rows whose name holds one of the words

A ratio of 5 or more needs a reason in REASONS; without one the script ends with an error.
"""

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

# One thread, so that processor time is the time of the work.
os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
import torch
from scipy import special
from sklearn import metrics as sk
from sklearn.preprocessing import LabelBinarizer, MultiLabelBinarizer, OrdinalEncoder
from torch.nn import functional as F

from dlref import (
    activations,
    boxes,
    convolution,
    encoding,
    layers,
    logistic,
    losses,
    metrics,
    optimizers,
    recurrent,
    softmax,
)

N = 1_000_000
LIMIT = 5.0
# Rows that may take longer, and why.
REASONS = {
    "tanh_gradient": "a sigmoid more, since 1 − tanh² rounds to 0 for large x",
    "leaky_relu": "two passes of NumPy over the numbers, where PyTorch makes one",
}

rng = np.random.default_rng(0)
torch.set_num_threads(1)
x, p = rng.normal(0, 3, N), rng.uniform(0, 1, N)
y, y_pred = rng.integers(0, 2, N), rng.integers(0, 2, N)
rows, classes = rng.normal(0, 3, (N // 10, 10)), rng.integers(0, 10, N // 10)
wide = rng.normal(0, 3, (1, N)).astype(np.float32)
names, sets = [f"name {i % 1000}" for i in range(N // 10)], classes[:, None].tolist()
images, filters = rng.normal(0, 1, (32, 64, 256)), rng.normal(0, 1, (128, 64, 9))
gates = [rng.normal(0, 0.1, shape) for shape in ((1024, 128), (1024, 128), (512, 128), (512, 128), (512,))]
corners = rng.uniform(0, 200, (1000, 2))
pictures = np.hstack([corners, corners + 10])
small = rng.normal(0, 1, (N // 100, 10))
signs = 2 * y - 1
every_row, labels = np.eye(10)[classes], (rows > 0).astype(int)
out, coefficients = rng.normal(0, 1, (N // 10, 100)), rng.normal(0, 1, 10)
stack = rng.integers(1, 100, (N // 4, 2, 2))
filtered = convolution.conv1d(images, filters, filters[:, 0, 0])


def t(array: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(array)


def optimizer(name: str, theirs: Callable, **options: float) -> tuple[Callable[[], object], Callable[[], object]]:
    init, step = getattr(optimizers, name)()
    state, weight = init(x), torch.nn.Parameter(t(x.copy()))
    weight.grad = t(p)
    return lambda: step(x, p, state), theirs([weight], **options).step


def backward(function: Callable, *arrays: np.ndarray, upstream: np.ndarray | None = None) -> Callable[[], object]:
    """PyTorch's gradients with respect to the arrays, with the pass forward that they need."""

    def gradients() -> object:
        given = [t(array).requires_grad_() for array in arrays]
        made = function(*given)
        return torch.autograd.grad(made, given, torch.ones_like(made) if upstream is None else t(upstream))

    return gradients


def cell() -> Callable[[], object]:
    theirs = torch.nn.LSTMCell(128, 128, dtype=torch.float64)
    states = t(gates[0]), (t(gates[1]), t(gates[1]))
    return lambda: theirs(*states)


def all_pairs() -> np.ndarray:
    a = t(pictures)
    sides = (torch.minimum(a[:, None, 2:], a[:, 2:]) - torch.maximum(a[:, None, :2], a[:, :2])).clamp(0)
    shared = sides.prod(2)
    areas = (a[:, 2:] - a[:, :2]).prod(1)
    return shared / (areas[:, None] + areas - shared)


binary = F.binary_cross_entropy_with_logits
ROWS: dict[str, tuple[Callable, Callable]] = {
    "sigmoid": (lambda: activations.sigmoid(x), lambda: special.expit(x)),
    "sigmoid_gradient": (lambda: activations.sigmoid_gradient(x), lambda: special.expit(x) * special.expit(-x)),
    "tanh": (lambda: activations.tanh(x), lambda: np.tanh(x)),
    "tanh_gradient": (lambda: activations.tanh_gradient(x), lambda: 1 - np.tanh(x) ** 2),
    "logit": (lambda: activations.logit(p), lambda: special.logit(p)),
    "relu": (lambda: activations.relu(x), lambda: F.relu(t(x))),
    "leaky_relu": (lambda: activations.leaky_relu(x), lambda: F.leaky_relu(t(x))),
    "relu_gradient": (lambda: activations.relu_gradient(x), backward(F.relu, x)),
    "leaky_relu_gradient": (lambda: activations.leaky_relu_gradient(x), backward(F.leaky_relu, x)),
    "softmax": (lambda: softmax.softmax(rows), lambda: special.softmax(rows, axis=-1)),
    "softmax of one row": (lambda: softmax.softmax(wide), lambda: special.softmax(wide, axis=-1)),
    "log_softmax": (lambda: softmax.log_softmax(rows), lambda: special.log_softmax(rows, axis=-1)),
    "softmax_gradient": (
        lambda: softmax.softmax_gradient(small),
        lambda: torch.func.vmap(torch.func.jacrev(lambda row: row.softmax(-1)))(t(small)),
    ),
    "cross_entropy": (
        lambda: losses.cross_entropy_from_logits(classes, rows),
        lambda: F.cross_entropy(t(rows), t(classes), reduction="none"),
    ),
    "cross_entropy of one row": (
        lambda: losses.cross_entropy_from_logits([3], wide),
        lambda: F.cross_entropy(t(wide), torch.tensor([3]), reduction="none"),
    ),
    "binary_cross_entropy_from_logits": (
        lambda: losses.binary_cross_entropy_from_logits(y, x),
        lambda: binary(t(x), t(y).double(), reduction="none"),
    ),
    "squared_error": (lambda: losses.squared_error(x, p), lambda: F.mse_loss(t(p), t(x), reduction="none")),
    "cross_entropy_from_logits_gradient": (
        lambda: losses.cross_entropy_from_logits_gradient(classes, rows),
        backward(lambda logits: F.cross_entropy(logits, t(classes), reduction="none"), rows),
    ),
    "binary_cross_entropy": (
        lambda: losses.binary_cross_entropy(y, p),
        lambda: F.binary_cross_entropy(t(p), t(y).double(), reduction="none"),
    ),
    "binary_cross_entropy_from_logits_gradient": (
        lambda: losses.binary_cross_entropy_from_logits_gradient(y, x),
        backward(lambda logits: binary(logits, t(y).double(), reduction="none"), x),
    ),
    "multilabel_cross_entropy_from_logits": (
        lambda: losses.multilabel_cross_entropy_from_logits(labels, rows),
        lambda: binary(t(rows), t(labels).double(), reduction="none").sum(1),
    ),
    "multilabel_cross_entropy_from_logits_gradient": (
        lambda: losses.multilabel_cross_entropy_from_logits_gradient(labels, rows),
        backward(lambda logits: binary(logits, t(labels).double(), reduction="none").sum(1), rows),
    ),
    "squared_error_gradient": (
        lambda: losses.squared_error_gradient(x, p),
        backward(lambda guess: F.mse_loss(guess, t(x), reduction="none"), p),
    ),
    "absolute_error": (lambda: losses.absolute_error(x, p), lambda: F.l1_loss(t(p), t(x), reduction="none")),
    "absolute_error_gradient": (
        lambda: losses.absolute_error_gradient(x, p),
        backward(lambda guess: F.l1_loss(guess, t(x), reduction="none"), p),
    ),
    "bias_error": (lambda: losses.bias_error(x, p), lambda: t(x) - t(p)),
    "bias_error_gradient": (lambda: losses.bias_error_gradient(x, p), backward(lambda guess: t(x) - guess, p)),
    "hinge_loss": (lambda: losses.hinge_loss(signs, x), lambda: torch.relu(1 - t(signs) * t(x))),
    "hinge_loss_gradient": (
        lambda: losses.hinge_loss_gradient(signs, x),
        backward(lambda scores: torch.relu(1 - t(signs) * scores), x),
    ),
    "multiclass_hinge_loss": (
        lambda: losses.multiclass_hinge_loss(classes, rows),
        lambda: F.multi_margin_loss(t(rows), t(classes), reduction="none"),
    ),
    "multiclass_hinge_loss_gradient": (
        lambda: losses.multiclass_hinge_loss_gradient(classes, rows),
        backward(lambda scores: F.multi_margin_loss(scores, t(classes), reduction="none"), rows),
    ),
    "confusion_matrix": (lambda: metrics.confusion_matrix(y, y_pred), lambda: sk.confusion_matrix(y, y_pred)),
    "confusion_at": (lambda: metrics.confusion_at(y, p, 0.5), lambda: sk.confusion_matrix(y, p >= 0.5)),
    "f1 of many matrices": (
        lambda: metrics.f1(stack),
        lambda: 2 * stack[:, 1, 1] / (2 * stack[:, 1, 1] + stack[:, 0, 1] + stack[:, 1, 0]),
    ),
    "auc": (lambda: metrics.auc(np.arange(N), p), lambda: sk.auc(np.arange(N), p)),
    "sum_of_squared_errors": (
        lambda: metrics.sum_of_squared_errors(x, p),
        lambda: N * sk.mean_squared_error(x, p),
    ),
    "roc_curve": (lambda: metrics.roc_curve(y, p), lambda: sk.roc_curve(y, p, drop_intermediate=False)),
    "roc_auc_score": (lambda: metrics.roc_auc_score(y, p), lambda: sk.roc_auc_score(y, p)),
    "delong": (lambda: metrics.delong(y, [p]), lambda: sk.roc_auc_score(y, p)),
    "r2_score": (lambda: metrics.r2_score(x, p), lambda: sk.r2_score(x, p)),
    "mean_squared_error": (lambda: metrics.mean_squared_error(x, p), lambda: sk.mean_squared_error(x, p)),
    "one_hot": (lambda: encoding.one_hot(classes, classes=10), lambda: LabelBinarizer().fit_transform(classes)),
    "from_one_hot": (
        lambda: encoding.from_one_hot(np.eye(10)[classes]),
        lambda: LabelBinarizer().fit(range(10)).inverse_transform(np.eye(10)[classes]),
    ),
    "multi_hot": (
        lambda: encoding.multi_hot(sets, classes=10),
        lambda: MultiLabelBinarizer(classes=range(10)).fit_transform(sets),
    ),
    "from_multi_hot": (
        lambda: encoding.from_multi_hot(every_row),
        lambda: MultiLabelBinarizer().fit([range(10)]).inverse_transform(every_row),
    ),
    "ordinal": (
        lambda: encoding.ordinal(names, categories=names[:1000]),
        lambda: OrdinalEncoder(categories=[names[:1000]]).fit_transform(np.array(names, dtype=object)[:, None]),
    ),
    "bin_indices": (
        lambda: encoding.bin_indices(x, edges=np.arange(9)),
        lambda: np.digitize(x, np.arange(9)),
    ),
    "dense": (
        lambda: layers.dense(rows, gates[0][:100, :10], x[:100]),
        lambda: F.linear(t(rows), t(gates[0][:100, :10]), t(x[:100])),
    ),
    "dense_gradient": (
        lambda: layers.dense_gradient(rows, gates[0][:100, :10], out),
        backward(F.linear, rows, gates[0][:100, :10], x[:100], upstream=out),
    ),
    "perceptron": (
        lambda: layers.perceptron(x, p),
        lambda: torch.relu(t(x) @ t(p)),
    ),
    "conv1d": (
        lambda: convolution.conv1d(images, filters, filters[:, 0, 0]),
        lambda: F.conv1d(t(images), t(filters), t(filters[:, 0, 0])),
    ),
    "conv1d_gradient": (
        lambda: convolution.conv1d_gradient(images, filters, filtered),
        backward(F.conv1d, images, filters, filters[:, 0, 0].copy(), upstream=filtered),
    ),
    "logistic.predict_proba": (
        lambda: logistic.predict_proba(rows, coefficients, 0.5),
        lambda: special.expit(rows @ coefficients + 0.5),
    ),
    "lstm_cell": (lambda: recurrent.lstm_cell(gates[0], gates[1], gates[1], *gates[2:]), cell()),
    "gradient_descent": optimizer("gradient_descent", torch.optim.SGD),
    "momentum": optimizer("momentum", torch.optim.SGD, momentum=0.9),
    "nesterov": optimizer("nesterov", torch.optim.SGD, momentum=0.9, nesterov=True),
    "adagrad": optimizer("adagrad", torch.optim.Adagrad),
    "rmsprop": optimizer("rmsprop", torch.optim.RMSprop),
    "adadelta": optimizer("adadelta", torch.optim.Adadelta),
    "adam": optimizer("adam", torch.optim.Adam),
    "adamw": optimizer("adamw", torch.optim.AdamW),
    "box_iou": (lambda: boxes.box_iou(pictures, pictures), all_pairs),
    "class_iou": (
        lambda: boxes.class_iou(y, y_pred, classes=2),
        lambda: sk.jaccard_score(y, y_pred, average=None),
    ),
}


def seconds(call: Callable[[], object]) -> float:
    """The least processor time of three calls, after one that warms up."""
    call()
    took = []
    for _ in range(3):
        start = time.process_time()
        call()
        took.append(time.process_time() - start)
    return min(took)


def main() -> None:
    words, slow = sys.argv[1:], []
    print(f"{'':34}{'dlref':>9}{'library':>9}  ratio")
    for name, (ours, theirs) in ROWS.items():
        if words and not any(word in name for word in words):
            continue
        ms = [1000 * seconds(call) for call in (ours, theirs)]
        ratio = ms[0] / ms[1]
        slow += [name] * (ratio >= LIMIT and name not in REASONS)
        print(f"{name:34}{ms[0]:7.1f}ms{ms[1]:7.1f}ms{ratio:7.1f}  {REASONS.get(name, '')}")
    if slow:
        sys.exit(f"{LIMIT:g} times the library's time or more: {', '.join(slow)}")


if __name__ == "__main__":
    main()
