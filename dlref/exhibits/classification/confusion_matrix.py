"""Exhibits of the page on the confusion matrix."""

from collections.abc import Iterator

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from pandas import DataFrame

from dlref import metrics
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._heart import heart_scores
from dlref.metrics import confusion_at, confusion_matrix, counts
from dlref.plots import outcomes, style

# The workshop's example: a row for each actual class, negative first.
WORKSHOP = np.array([[50, 10], [5, 100]])
BOTH = "predicted in rows, positive first"
LAYOUTS = ["scikit-learn", "positive first", "predicted in rows", BOTH]
WORDS = {"TN": "correct rejection", "FP": "false alarm", "FN": "miss", "TP": "hit"}


def arranged(values: np.ndarray, layout: str) -> np.ndarray:
    """A 2×2 table in one of the layouts, from scikit-learn's."""
    turned = values.T if layout in ("predicted in rows", BOTH) else values
    return turned[::-1, ::-1] if layout in ("positive first", BOTH) else turned


@exhibit(
    alt=lambda layout: (
        f"The workshop's confusion matrix in the layout: {layout}. From left to right, the upper row holds "
        + ", the lower ".join(" and ".join(map(str, row)) for row in arranged(WORKSHOP, layout))
        + "."
    ),
    explore={"layout": LAYOUTS},
)
def layouts(layout: str = "scikit-learn") -> Figure:
    """The same four counts in four layouts that books and programs use. Correct outcomes are filled, errors hatched."""
    names = arranged(np.array([["TN", "FP"], ["FN", "TP"]]), layout)
    looks = {
        "TN": outcomes.right(style.NEGATIVE),
        "FP": outcomes.wrong(style.NEGATIVE),
        "FN": outcomes.wrong(style.POSITIVE),
        "TP": outcomes.right(style.POSITIVE),
    }
    classes = ("positive", "negative") if layout in ("positive first", BOTH) else ("negative", "positive")
    texts = [
        [(str(n), f"{name} · {WORDS[name]}") for n, name in zip(*row, strict=True)]
        for row in zip(arranged(WORKSHOP, layout), names, strict=True)
    ]
    titles = ("predicted", "actual") if layout in ("predicted in rows", BOTH) else ("actual", "predicted")
    cells = [[looks[name] for name in row] for row in names]
    return outcomes.table(texts, cells, rows=classes, columns=classes, down=titles[0], across=titles[1])


@exhibit()
def cases() -> int:
    """Number of cases in the workshop's confusion matrix."""
    return int(WORKSHOP.sum())


@exhibit(digits=2)
def rates() -> DataFrame:
    """The rates of the workshop's matrix, computed from its counts. They differ in what is counted, and out of what."""
    tn, fp, fn, tp = counts(WORKSHOP)
    n = tn + fp + fn + tp
    asked = {
        "accuracy": ("right answers, of all", tp + tn, n),
        "error_rate": ("wrong answers, of all", fp + fn, n),
        "true_positive_rate": ("positives found, of all positives", tp, tp + fn),
        "false_positive_rate": ("negatives alarmed, of all negatives", fp, fp + tn),
        "specificity": ("negatives left alone, of all negatives", tn, tn + fp),
        "precision": ("right alarms, of all alarms", tp, tp + fp),
        "f1": ("twice the hits, of alarms and positives", 2 * tp, 2 * tp + fp + fn),
    }
    rows = [
        (
            f"[{'F1' if name == 'f1' else name.replace('_', ' ')}][dlref.metrics.{name}]",
            share,
            f"{part}/{whole}",
            getattr(metrics, name)(WORKSHOP),
        )
        for name, (share, part, whole) in asked.items()
    ]
    return DataFrame(rows, columns=["rate", "share", "counts", "value"]).set_index("rate")


@exhibit(follows="the definition: a threshold changes predictions, not classes")
def row_sums_stay() -> bool:
    """On the heart data, at every threshold from 0 to 1, the sums of the rows are the numbers of healthy and of ill
    patients; the sums of the columns change.
    """
    y_true, y_score = heart_scores()
    matrices = confusion_at(y_true, y_score, np.linspace(0, 1, 101))
    columns = matrices.sum(axis=1)
    return bool((matrices.sum(axis=2) == np.bincount(y_true)).all() and len(np.unique(columns, axis=0)) > 1)


@exhibit(follows="the definitions of the rates")
def transposing_swaps() -> bool:
    """The precision of the transposed matrix is the true positive rate of the matrix, and the other way round; its
    accuracy is the same.
    """
    tpr, precision = metrics.true_positive_rate, metrics.precision
    return (
        precision(WORKSHOP.T) == tpr(WORKSHOP)
        and tpr(WORKSHOP.T) == precision(WORKSHOP)
        and metrics.accuracy(WORKSHOP.T) == metrics.accuracy(WORKSHOP)
        and tpr(WORKSHOP) != precision(WORKSHOP)
    )


@exhibit()
def errors() -> DataFrame:
    """Two kinds of error. A false positive is a Type I error, a false negative a Type II error."""
    rows = [
        ("TN", "negative", "negative", "correct rejection", ""),
        ("FP", "negative", "positive", "false alarm", "Type I"),
        ("FN", "positive", "negative", "miss", "Type II"),
        ("TP", "positive", "positive", "hit", ""),
    ]
    table = DataFrame(rows, columns=["outcome", "actual", "predicted", "called", "error"])
    return table.set_index("outcome")


def drawn_labels() -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """200 random pairs of 30 labels: the number of classes, from 2 to 5, and the actual and the predicted labels."""
    generator = np.random.default_rng(0)
    for _ in range(200):
        classes = int(generator.integers(2, 6))
        yield classes, *generator.integers(0, classes, (2, 30))


@exhibit(over="200 random pairs of labels")
def agrees() -> bool:
    """For 200 random pairs of labels in 2 to 5 classes, dlref and scikit-learn count the same."""
    from sklearn import metrics as sklearn

    return all(
        (confusion_matrix(*labels, classes=classes) == sklearn.confusion_matrix(*labels, labels=range(classes))).all()
        for classes, *labels in drawn_labels()
    )


@exhibit()
def largest_difference() -> str:
    """Largest difference from scikit-learn on the 200 random pairs of labels: of the accuracy, and with two classes of
    precision, true positive rate and specificity.
    """
    from sklearn import metrics as sklearn

    pairs = []
    for classes, *labels in drawn_labels():
        ours = confusion_matrix(*labels, classes=classes)
        pairs.append((metrics.accuracy(ours), sklearn.accuracy_score(*labels)))
        if classes == 2:
            pairs.append((metrics.precision(ours), sklearn.precision_score(*labels)))
            pairs.append((metrics.true_positive_rate(ours), sklearn.recall_score(*labels)))
            pairs.append((metrics.specificity(ours), sklearn.recall_score(*labels, pos_label=0)))
    return agreement(pairs)


@exhibit(
    alt="Confusion matrix of ten handwritten digits, dark along the diagonal. Few cells off the diagonal are not zero.",
)
def digits() -> Figure:
    """More than two classes: handwritten digits of one held-out third, read by logistic regression. A row is an actual
    digit, a column a predicted one; the counts off the diagonal are the errors.
    """
    matrix = digits_matrix()
    figure, axes = style.figure(4.4, 4.0)
    share = matrix / matrix.sum(axis=1, keepdims=True)
    for row, column in np.argwhere(matrix):
        face = style.tint(style.BLUE, 0.1 + 0.4 * share[row, column])
        axes.add_patch(Rectangle((column - 0.47, row - 0.47), 0.94, 0.94, facecolor=face, edgecolor="none"))
        axes.text(column, row, matrix[row, column], ha="center", va="center", fontsize=9.5)
    axes.set(xticks=range(10), yticks=range(10), xlabel="predicted", ylabel="actual", aspect="equal")
    axes.set(xlim=(-0.5, 9.5), ylim=(9.5, -0.5))
    axes.xaxis.set_label_position("top")
    axes.tick_params(length=0, top=False, labeltop=True, bottom=False, labelbottom=False)
    axes.spines[:].set_visible(False)
    return figure


def digits_matrix(seed: int = 0) -> np.ndarray:
    """Confusion matrix of logistic regression on a held-out third of scikit-learn's handwritten digits."""
    from sklearn.datasets import load_digits
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split

    X, y = load_digits(return_X_y=True)
    train, test, y_train, y_test = train_test_split(X / 16, y, test_size=1 / 3, stratify=y, random_state=seed)
    model = LogisticRegression(max_iter=1000).fit(train, y_train)
    return confusion_matrix(y_test, model.predict(test), classes=10)


@exhibit(over="20 splits of the digits")
def digits_accuracy() -> str:
    """Accuracy of logistic regression on a held-out third of the handwritten digits, mean ± standard deviation."""
    accuracies = [100 * metrics.accuracy(digits_matrix(seed)) for seed in range(20)]
    return f"{np.mean(accuracies):.1f} ± {np.std(accuracies, ddof=1):.1f} %"
