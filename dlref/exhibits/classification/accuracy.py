"""Exhibits of the page on accuracy."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._heart import heart_scores
from dlref.exhibits._heart_splits import accuracies
from dlref.metrics import (
    accuracy,
    baseline_accuracy,
    confusion_at,
    counts,
    error_rate,
    f1,
    specificity,
    true_positive_rate,
)
from dlref.plots import outcomes, style

# Counts that the workshop's slides give: TN, FP, FN, TP. Low and high are two thresholds whose values it does not say.
EXAMPLE = np.array([[50, 10], [5, 100]])
WORKSHOP = {
    "0.01": (1318, 3641, 3, 1550),
    "0.02": (1776, 3183, 10, 1543),
    "low": (3117, 1842, 84, 1469),
    "high": (4948, 11, 1305, 248),
    "0.98": (4958, 1, 1431, 122),
    "0.99": (4958, 1, 1448, 105),
}
SHARES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]


def marked(names: str, below: str) -> Figure:
    """The example's matrix with the named outcomes filled, and what their counts add up to."""
    cells = (("TN", "FP"), ("FN", "TP"))
    texts = [[(str(n), name) for n, name in zip(*row, strict=True)] for row in zip(EXAMPLE, cells, strict=True)]
    looks = [[outcomes.right(style.GREEN, 0.25) if n in names else outcomes.plain() for n in row] for row in cells]
    classes = ("negative", "positive")
    return outcomes.table(texts, looks, rows=classes, columns=classes, below=below)


@exhibit(alt="The workshop's matrix with the cells TN and TP filled; they add up to the right answers.")
def numerator() -> Figure:
    """The numerator: the right answers."""
    tn, _, _, tp = counts(EXAMPLE)
    return marked("TN TP", f"TP + TN = {tp} + {tn} = {tp + tn}")


@exhibit(alt="The same matrix with all four cells filled; they add up to all answers.")
def denominator() -> Figure:
    """The denominator: all answers."""
    return marked("TN FP FN TP", f"all = {EXAMPLE.sum()}")


@exhibit()
def right_answers() -> int:
    """Right answers in the workshop's matrix, TP + TN."""
    return int(np.trace(EXAMPLE))


@exhibit()
def all_answers() -> int:
    """All answers in the workshop's matrix."""
    return int(EXAMPLE.sum())


@exhibit()
def value() -> float:
    """Accuracy of the workshop's matrix."""
    return accuracy(EXAMPLE)


@exhibit(digits=4)
def baseline() -> float:
    """Accuracy of always answering with the majority class, on the workshop's 6512 cases."""
    return baseline_accuracy(np.reshape(WORKSHOP["low"], (2, 2)))


@exhibit(digits=3)
def against_baseline() -> DataFrame:
    """The workshop's six thresholds, from low to high: accuracy, its distance from the baseline, true positive rate."""
    matrices = np.reshape(list(WORKSHOP.values()), (-1, 2, 2))
    return DataFrame(
        {
            "threshold": list(WORKSHOP),
            "accuracy": accuracy(matrices),
            "above baseline": accuracy(matrices) - baseline_accuracy(matrices),
            "TPR": true_positive_rate(matrices),
        }
    )


@exhibit(over="the workshop's six matrices")
def three_above() -> bool:
    """Of the workshop's six thresholds, the three highest have an accuracy above the baseline, the
    three lowest below.
    """
    matrices = np.reshape(list(WORKSHOP.values()), (-1, 2, 2))
    return (accuracy(matrices) > baseline_accuracy(matrices)).tolist() == [False] * 3 + [True] * 3


@exhibit(over="two of the workshop's matrices")
def accuracy_hides_misses() -> bool:
    """The high threshold has the higher accuracy of the two although it misses more than four in five positives; the
    low one is below the baseline although it finds more than nine in ten.
    """
    low, high = (np.reshape(WORKSHOP[name], (2, 2)) for name in ("low", "high"))
    return (
        accuracy(high) > accuracy(low)
        and true_positive_rate(high) < 0.2
        and true_positive_rate(low) > 0.9
        and accuracy(low) < baseline_accuracy(low)
    )


def mixed(share: float) -> tuple[float, float, float]:
    """Accuracy, baseline and precision of the example's two rates where `share` of the cases is positive."""
    tpr, tnr = true_positive_rate(EXAMPLE), specificity(EXAMPLE)
    right = share * tpr + (1 - share) * tnr
    return right, max(share, 1 - share), share * tpr / (share * tpr + (1 - share) * (1 - tnr))


@exhibit(
    alt=lambda share: (
        "Accuracy and baseline over the share of positives. The accuracy is a line that rises gently, the baseline a "
        "V with its foot at one half. Near both ends the baseline is higher. Marked is a share of "
        f"{share:.2f}: accuracy {mixed(share)[0]:.2f}, baseline {mixed(share)[1]:.2f}."
    ),
    explore={"share": SHARES},
)
def prevalence(share: float = 0.1) -> Figure:
    """One test, many mixtures: with the same two rates, its accuracy falls below the baseline where one
    class is rare.
    """
    figure, axes = style.figure()
    shares = np.linspace(0.001, 0.999, 201)
    ours, base, _ = np.transpose([mixed(s) for s in shares])
    axes.plot(shares, ours, color=style.BLUE)
    axes.plot(shares, base, color=style.ORANGE, linestyle=style.DASHES[1])
    axes.axvline(share, color=style.MUTED, linewidth=0.9)
    axes.plot(share, mixed(share)[0], "o", markersize=7, color=style.BLUE)
    axes.plot(share, mixed(share)[1], "s", markersize=7, color=style.ORANGE)
    axes.text(0.5, 0.925, "accuracy of the test", color=style.BLUE, ha="center")
    axes.text(0.5, 0.6, "baseline", color=style.ORANGE, ha="center")
    axes.set(xlabel="share of positives", ylabel="share of right answers", xlim=(0, 1), ylim=(0.45, 1.02))
    return figure


@exhibit(explore={"share": SHARES})
def share_chosen(share: float = 0.1) -> float:
    """The share of positives that the slider is at."""
    return share


@exhibit(explore={"share": SHARES}, digits=3)
def mixed_accuracy(share: float = 0.1) -> float:
    """Accuracy of a test with the example's two rates, at the chosen share of positives."""
    return mixed(share)[0]


@exhibit(explore={"share": SHARES}, digits=3)
def mixed_baseline(share: float = 0.1) -> float:
    """Accuracy of always answering with the majority class, at the chosen share of positives."""
    return mixed(share)[1]


@exhibit(explore={"share": SHARES}, digits=3)
def mixed_precision(share: float = 0.1) -> float:
    """Precision of a test with the example's two rates, at the chosen share of positives."""
    return mixed(share)[2]


@exhibit(digits=3)
def heart_accuracy() -> float:
    """Accuracy of the heart model on the held-out patients of the split that the pages show, at threshold one half."""
    return accuracy(confusion_at(*heart_scores(), 0.5))


@exhibit(digits=3)
def heart_error() -> float:
    """Standard error of that accuracy, the root of a (1 - a) / n for a share a of n held-out patients."""
    a = heart_accuracy()
    return float(np.sqrt(a * (1 - a) / len(heart_scores()[0])))


@exhibit(digits=3)
def heart_baseline() -> float:
    """Accuracy of always answering with the majority class, on the held-out patients."""
    return baseline_accuracy(confusion_at(*heart_scores(), 0.5))


@exhibit(over="100 random splits")
def heart_is_better() -> bool:
    """In every split the model's accuracy on the held-out patients is above the baseline by more than three times the
    standard error of a share, the root of a (1 - a) / n.
    """
    a, n = accuracies(), len(heart_scores()[0])
    return bool((a - heart_baseline() > 3 * np.sqrt(a * (1 - a) / n)).all())


@exhibit()
def largest_difference() -> str:
    """Largest difference from scikit-learn on the heart data: of accuracy, error rate and F1 at 101 thresholds, and of
    the baseline from the score of DummyClassifier.
    """
    from sklearn import metrics
    from sklearn.dummy import DummyClassifier

    y_true, p = heart_scores()
    thresholds = np.linspace(0, 1, 101)
    matrices = confusion_at(y_true, p, thresholds)
    dummy = DummyClassifier(strategy="most_frequent").fit(p[:, None], y_true)
    return agreement(
        [
            (accuracy(matrices), [metrics.accuracy_score(y_true, p >= t) for t in thresholds]),
            (error_rate(matrices), [metrics.zero_one_loss(y_true, p >= t) for t in thresholds]),
            (f1(matrices), [metrics.f1_score(y_true, p >= t) for t in thresholds]),
            (heart_baseline(), dummy.score(p[:, None], y_true)),
        ]
    )
