"""Exhibits of the page on the ROC curve."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.exhibits._heart import heart_scores
from dlref.exhibits._heart_splits import heart_over_splits
from dlref.metrics import (
    accuracy,
    baseline_accuracy,
    confusion_at,
    counts,
    false_positive_rate,
    roc_auc_score,
    roc_curve,
    true_positive_rate,
)
from dlref.plots import classification, style

THRESHOLDS = [round(0.05 * i, 2) for i in range(1, 20)]
NAMES = ("healthy", "disease")
# Counts that the workshop's slides give, by threshold: TN, FP, FN, TP.
WORKSHOP = {
    0.01: (1318, 3641, 3, 1550),
    0.02: (1776, 3183, 10, 1543),
    0.98: (4958, 1, 1431, 122),
    0.99: (4958, 1, 1448, 105),
}
LOW, HIGH = (3117, 1842, 84, 1469), (4948, 11, 1305, 248)


def at(threshold: float) -> np.ndarray:
    """The confusion matrix of the heart model at a threshold."""
    return confusion_at(*heart_scores(), threshold)


def strip_alt(threshold: float) -> str:
    """What the strips show, in words."""
    tn, fp, fn, tp = counts(at(threshold))
    return (
        f"Predicted probabilities of held-out patients in two strips, cut by a line at {threshold:.2f}. "
        f"Healthy: {fp} above the line, {tn} below. Disease: {tp} above, {fn} below."
    )


@exhibit(alt=strip_alt, explore={"threshold": THRESHOLDS})
def threshold_strip(threshold: float = 0.5) -> Figure:
    """Raising the threshold turns false alarms into correct answers, and hits into misses."""
    y_true, y_score = heart_scores()
    return classification.score_strip(y_true, y_score, threshold, names=NAMES, score="predicted probability")


@exhibit(
    alt=lambda threshold: (
        "ROC curve of the heart model, rising steeply from (0, 0) and bending to (1, 1) far above the diagonal. At "
        f"threshold {threshold:.2f} it is at false positive rate {false_positive_rate(at(threshold)):.2f} and true "
        f"positive rate {true_positive_rate(at(threshold)):.2f}."
    ),
    explore={"threshold": THRESHOLDS},
)
def curve_point(threshold: float = 0.5) -> Figure:
    """Each threshold is one point of the curve; the curve itself stays as it is."""
    fpr, tpr, _ = roc_curve(*heart_scores())
    table = at(threshold)
    point = false_positive_rate(table), true_positive_rate(table)
    return classification.roc({"heart model": (fpr, tpr)}, point=point)


@exhibit(
    alt=lambda threshold: (
        f"Confusion matrix at threshold {threshold:.2f}: "
        + ", ".join(f"{name} {n}" for name, n in zip(("TN", "FP", "FN", "TP"), counts(at(threshold)), strict=True))
        + "."
    ),
    explore={"threshold": THRESHOLDS},
)
def threshold_matrix(threshold: float = 0.5) -> Figure:
    """The same patients, counted: each row is one strip, split by the threshold."""
    return classification.matrix(at(threshold), names=NAMES)


@exhibit(explore={"threshold": THRESHOLDS}, digits=3)
def threshold_rows(threshold: float = 0.5) -> DataFrame:
    """Three rows of the threshold table, here side by side: the chosen threshold between a lower and a higher one."""
    near = np.round([threshold - 0.05, threshold, threshold + 0.05], 2)
    return upright(rates_table(np.array([f"{t:.2f}" for t in near]), confusion_at(*heart_scores(), near)))


def upright(table: DataFrame) -> DataFrame:
    """One column per threshold, which fits where a row does not; as objects, so that counts stay whole numbers."""
    return table.set_index("threshold").astype(object).T.rename_axis("threshold")


@exhibit(over="100 random splits")
def rates_over_splits() -> str:
    """Share of the ill who are found and of the healthy who are alarmed, among the held-out patients at a threshold of
    one half: mean ± standard deviation.
    """
    found = heart_over_splits(True)
    tables = np.array(
        [confusion_at(y, p, 0.5) for y, p in zip(found["y_true"].numpy(), found["p"].numpy(), strict=True)]
    )
    rates = true_positive_rate(tables), false_positive_rate(tables)
    return " and ".join(f"{rate.mean():.2f} ± {rate.std(ddof=1):.2f}" for rate in rates)


@exhibit(explore={"threshold": THRESHOLDS}, digits=3)
def hit_rate(threshold: float = 0.5) -> float:
    """True positive rate of the heart model at the threshold: the share of ill patients who are found."""
    return true_positive_rate(at(threshold))


@exhibit(explore={"threshold": THRESHOLDS}, digits=3)
def alarm_rate(threshold: float = 0.5) -> float:
    """False positive rate of the heart model at the threshold: the share of healthy patients who are alarmed."""
    return false_positive_rate(at(threshold))


@exhibit(explore={"threshold": THRESHOLDS})
def hits_per_cent(threshold: float = 0.5) -> int:
    """Share of the ill patients who are found at the threshold, in per cent."""
    return round(100 * true_positive_rate(at(threshold)))


@exhibit(explore={"threshold": THRESHOLDS})
def alarms_per_cent(threshold: float = 0.5) -> int:
    """Share of the healthy patients who are alarmed at the threshold, in per cent."""
    return round(100 * false_positive_rate(at(threshold)))


@exhibit(explore={"threshold": THRESHOLDS})
def chosen(threshold: float = 0.5) -> float:
    """The threshold that the slider is at."""
    return threshold


@exhibit()
def held_out() -> int:
    """Number of patients who were held out from training."""
    return len(heart_scores()[0])


@exhibit(digits=3)
def area() -> float:
    """Area under the ROC curve of the heart model on the held-out patients of the split shown, by trapezoids."""
    return roc_auc_score(*heart_scores())


@exhibit(follows="the area by trapezoids, in which each such pair is a small rectangle, and a tie half of one")
def area_is_rank_probability() -> bool:
    """The area equals the share of all pairs of an ill and a healthy patient in which the ill one has the higher score.

    Ties count half.
    """
    y_true, y_score = heart_scores()
    ill, healthy = y_score[y_true == 1][:, None], y_score[y_true == 0]
    share = np.mean(ill > healthy) + np.mean(ill == healthy) / 2
    return bool(np.isclose(share, roc_auc_score(y_true, y_score), rtol=0, atol=1e-12))


@exhibit(digits={"threshold": 2, "FPR": 3, "TPR": 3})
def heart_table() -> DataFrame:
    """The heart model at several thresholds: as the threshold rises, both rates fall."""
    thresholds = np.array([0.1, 0.25, 0.4, 0.5, 0.6, 0.75, 0.9])
    return rates_table(thresholds, confusion_at(*heart_scores(), thresholds))


@exhibit(follows="the definition of the rates: a higher threshold never adds a positive answer")
def both_rates_fall() -> bool:
    """Over all thresholds of the curve, neither rate ever rises when the threshold does."""
    fpr, tpr, thresholds = roc_curve(*heart_scores())
    return bool((np.diff(thresholds) < 0).all() and (np.diff(fpr) >= 0).all() and (np.diff(tpr) >= 0).all())


def rates_table(thresholds: np.ndarray, matrices: np.ndarray) -> DataFrame:
    """One row per threshold: the four counts, and the two rates that they give."""
    tn, fp, fn, tp = counts(matrices)
    rates = {"FPR": false_positive_rate(matrices), "TPR": true_positive_rate(matrices)}
    return DataFrame({"threshold": thresholds, "TN": tn, "FP": fp, "FN": fn, "TP": tp} | rates)


@exhibit(digits={"FPR": 5, "TPR": 5})
def workshop_table() -> DataFrame:
    """The workshop's counts with the rates computed from them: TPR is not 1 at 0.01, nor FPR 0 at 0.98."""
    return rates_table(np.array(list(WORKSHOP)), np.reshape(list(WORKSHOP.values()), (-1, 2, 2)))


@exhibit(over="two of the workshop's matrices")
def rounding_hides_errors() -> bool:
    """At 0.01 the true positive rate is below 1, and at 0.98 the false positive rate above 0.

    To two decimals they show as 1.00 and 0.00.
    """
    tpr = true_positive_rate(np.reshape(WORKSHOP[0.01], (2, 2)))
    fpr = false_positive_rate(np.reshape(WORKSHOP[0.98], (2, 2)))
    return tpr < 1 and fpr > 0 and (f"{tpr:.2f}", f"{fpr:.2f}") == ("1.00", "0.00")


@exhibit(digits=3)
def two_matrices() -> DataFrame:
    """Two thresholds on the same 6512 cases: each matrix is one point of the curve."""
    matrices = np.reshape([LOW, HIGH], (2, 2, 2))
    return upright(rates_table(np.array(["low", "high"]), matrices).assign(accuracy=accuracy(matrices)))


@exhibit(digits=4)
def baseline() -> float:
    """Accuracy of always answering with the more frequent class, on the workshop's cases."""
    return baseline_accuracy(np.reshape(LOW, (2, 2)))


@exhibit(
    alt="ROC plot of the workshop's six matrices. From lower left to upper right: thresholds 0.99, 0.98, the high one, "
    "the low one, 0.02, 0.01; all lie above the diagonal."
)
def workshop_points() -> Figure:
    """The workshop's six matrices as points: what is known of its curve."""
    matrices = np.reshape([WORKSHOP[0.99], WORKSHOP[0.98], HIGH, LOW, WORKSHOP[0.02], WORKSHOP[0.01]], (6, 2, 2))
    fpr, tpr = false_positive_rate(matrices), true_positive_rate(matrices)
    figure = classification.roc({"six thresholds": (np.r_[0, fpr, 1], np.r_[0, tpr, 1])})
    axes = figure.axes[0]
    axes.plot(fpr, tpr, "o", color=style.BLUE, markersize=5)
    # Where the labels stand: beside their points, fanned out where points crowd.
    places = {
        "0.99": (0.1, 0.02),
        "0.98": (0.1, 0.11),
        "high": (0.1, 0.2),
        "low": (0.4, 0.85),
        "0.02": (0.58, 0.88),
        "0.01": (0.72, 0.88),
    }
    for x, y, (name, place) in zip(fpr, tpr, places.items(), strict=True):
        leader = {"arrowstyle": "-", "color": style.MUTED, "linewidth": 0.7}
        axes.annotate(name, (x, y), place, fontsize=9.5, arrowprops=leader, bbox=style.LABEL)
    return figure


@exhibit(
    alt="ROC plot with four guides: the perfect corner at the upper left, the diagonal of guessing, a better curve "
    "near the corner and a worse one near the diagonal."
)
def reading_guide() -> Figure:
    """A curve that is above another everywhere is the better one; the diagonal is guessing. Both curves are of normal
    scores whose means are 2 and 0.7 standard deviations apart.
    """
    from scipy.stats import norm

    fpr = np.linspace(0, 1, 201)
    curves = {name: (fpr, norm.sf(norm.isf(fpr) - apart)) for name, apart in (("better", 2.0), ("worse", 0.7))}
    figure = classification.roc(curves)
    axes = figure.axes[0]
    axes.get_legend().remove()
    axes.plot(0, 1, marker="*", markersize=13, color=style.GREEN, clip_on=False)
    axes.annotate("perfect", (0, 1), (10, -4), textcoords="offset points", color=style.GREEN)
    axes.annotate("better", (0.2, 0.76), color=style.BLUE)
    axes.annotate("worse", (0.32, 0.50), color=style.ORANGE)
    return figure


@exhibit()
def largest_difference() -> str:
    """Largest difference of the points of the curve, their thresholds and the area from scikit-learn's, for the heart
    model and for 1000 random scores with many ties.
    """
    from sklearn import metrics

    generator = np.random.default_rng(0)
    y_true, y_score = generator.integers(0, 2, 1000), generator.integers(0, 100, 1000) / 100
    pairs = []
    for case in (heart_scores(), (y_true, y_score)):
        pairs += zip(roc_curve(*case), metrics.roc_curve(*case, drop_intermediate=False), strict=True)
        pairs.append((roc_auc_score(*case), metrics.roc_auc_score(*case)))
    return agreement(pairs)
