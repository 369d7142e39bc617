"""Exhibits of the page on thresholds."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline

from dlref.activations import logit, sigmoid
from dlref.datasets import heart
from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import DISGUISED, TARGET, heart_scores, preparation
from dlref.metrics import confusion_at, counts, error_rate
from dlref.plots import style

THRESHOLDS = [round(0.05 * i, 2) for i in range(1, 20)]
GRID = np.round(np.linspace(0, 1, 101), 2)
HALF = 50  # where in the grid the threshold of one half stands


@cache
def at_all() -> np.ndarray:
    """The heart model's confusion matrix at each threshold of the grid."""
    return confusion_at(*heart_scores(), GRID)


def at(threshold: float) -> tuple[int, int, int, int]:
    """TN, FP, FN and TP of the heart model at a threshold."""
    return counts(confusion_at(*heart_scores(), threshold))


@exhibit(
    alt=lambda threshold: (
        f"Held-out patients on a sigmoid curve, cut by a line at p = {threshold:.2f}. Above it all are predicted ill, "
        "below it healthy. " + "Wrong are {1} above and {2} below.".format(*at(threshold))
    ),
    explore={"threshold": THRESHOLDS},
)
def on_the_curve(threshold: float = 0.5) -> Figure:
    """Who is ill is blue, who is healthy orange. Above the line the prediction is ill, below it healthy: hollow orange
    squares above are false alarms, hollow blue ones below are misses. Points are spread a little in height.
    """
    y_true, p = heart_scores()
    y_pred = (p >= threshold).astype(int)
    figure, axes = style.figure()
    grid = np.linspace(-6, 6, 201)
    axes.plot(grid, sigmoid(grid), color=style.MUTED, linewidth=1)
    # Spread in height alone: which side of the line a point is on must stay visible.
    height = p + np.random.default_rng(0).uniform(-0.05, 0.05, len(p))
    height = np.where(y_pred == 1, height.clip(threshold + 0.012), height.clip(max=threshold - 0.012))
    for label, color in ((0, style.NEGATIVE), (1, style.POSITIVE)):
        for right, marker, face in ((True, "o", color), (False, "s", style.GROUND)):
            chosen = (y_true == label) & ((y_true == y_pred) == right)
            axes.scatter(
                logit(p[chosen]), height[chosen], s=15, marker=marker, facecolor=face, edgecolor=color, linewidth=0.9
            )
    axes.axhline(threshold, color=style.INK, linewidth=1.1)
    axes.set(xlabel="weighted sum of the features, logit(p)", ylabel="p", xlim=(-6, 6), ylim=(-0.07, 1.07))
    return figure


@exhibit(
    alt=lambda threshold: (
        "Two lines over the threshold: false alarms fall from all the healthy to none, misses rise from none to all "
        "the ill. At {0:.2f} there are {2} false alarms and {3} misses.".format(threshold, *at(threshold))
    ),
    explore={"threshold": THRESHOLDS},
)
def trade(threshold: float = 0.5) -> Figure:
    """Each kind of error falls where the other rises: no threshold is best for both. False alarms are healthy patients
    (orange), misses ill ones (blue).
    """
    figure, axes = style.figure()
    _, fp, fn, _ = counts(at_all())
    axes.plot(GRID, fp, drawstyle="steps-post", color=style.NEGATIVE, label="false alarms")
    axes.plot(GRID, fn, drawstyle="steps-post", color=style.POSITIVE, linestyle=style.DASHES[1], label="misses")
    axes.axvline(threshold, color=style.INK, linewidth=1.1)
    axes.text(0.1, 55, "false alarms", color=style.NEGATIVE)
    axes.text(0.8, 55, "misses", color=style.POSITIVE, ha="right")
    axes.set(xlabel="threshold", ylabel="held-out patients", xlim=(0, 1), ylim=(0, 105))
    return figure


@exhibit(explore={"threshold": THRESHOLDS})
def chosen(threshold: float = 0.5) -> float:
    """The threshold that the slider is at."""
    return threshold


@exhibit(explore={"threshold": THRESHOLDS})
def false_alarms(threshold: float = 0.5) -> int:
    """Healthy patients whose probability is at least the threshold."""
    return at(threshold)[1]


@exhibit(explore={"threshold": THRESHOLDS})
def misses(threshold: float = 0.5) -> int:
    """Ill patients whose probability is below the threshold."""
    return at(threshold)[2]


@exhibit(follows="the definition: a higher threshold calls fewer patients ill")
def errors_trade() -> bool:
    """From each threshold to the next of 0, 0.01, ..., 1, the false alarms never rise and the misses never fall; both
    change in the end.
    """
    _, fp, fn, _ = counts(at_all())
    return bool((np.diff(fp) <= 0).all() and (np.diff(fn) >= 0).all() and fp[0] > fp[-1] and fn[0] < fn[-1])


@cache
def chosen_on_half() -> np.ndarray:
    """A row for each of 100 splits of the patients: the share of errors on one half of the held-out patients, at one
    half and at the threshold with the fewest errors there, then on the other half, at the same two thresholds.
    """
    table = heart()
    table[DISGUISED] = table[DISGUISED].replace(0, np.nan)
    X, y_true = table.drop(columns=TARGET), table[TARGET]
    rows = []
    for seed in range(100):
        train, test, y_train, y_test = train_test_split(X, y_true, test_size=0.2, stratify=y_true, random_state=seed)
        model = make_pipeline(preparation(), LogisticRegression(max_iter=1000)).fit(train, y_train)
        y_test, p = y_test.to_numpy(), model.predict_proba(test)[:, 1]
        # The split has shuffled the patients: every other one is a random half.
        seen, new = (error_rate(confusion_at(y_test[i::2], p[i::2], GRID)) for i in (0, 1))
        best = seen.argmin()
        rows.append((seen[HALF], seen[best], new[HALF], new[best]))
    return np.array(rows)


@exhibit(over="100 splits of the patients")
def half_is_not_best() -> bool:
    """On at least 70 of the 100 samples of held-out patients, some threshold of 0, 0.01, ..., 1 makes fewer errors than
    one half.
    """
    at_half, best, *_ = chosen_on_half().T
    return bool((best < at_half).mean() >= 0.7)


@exhibit(digits=1, over="100 splits of the patients")
def gain_where_chosen() -> float:
    """By how much the threshold with the fewest errors lowers the error rate on the sample where it was found, in
    percentage points: the mean over the splits.
    """
    at_half, best, *_ = chosen_on_half().T
    return 100 * (at_half - best).mean()


@exhibit(digits=1, over="100 splits of the patients")
def loss_on_others() -> float:
    """By how much the same threshold raises the error rate on other patients, in percentage points: the mean over the
    splits.
    """
    *_, at_half, best = chosen_on_half().T
    return 100 * (best - at_half).mean()


@exhibit(over="100 splits of the patients")
def gain_is_not_kept() -> bool:
    """The threshold with the fewest errors on one half of the held-out patients makes no fewer on the other half than
    the threshold of one half, in the mean over the splits.
    """
    *_, at_half, best = chosen_on_half().T
    return bool(best.mean() >= at_half.mean())


@exhibit(follows="the logit, which rises with p")
def same_as_on_logits() -> bool:
    """At each threshold strictly between 0 and 1, comparing probabilities with it, or their logits with its logit,
    gives the same classes.
    """
    p = heart_scores()[1]
    return all(((p >= t) == (logit(p) >= logit(t))).all() for t in GRID[1:-1])


@exhibit(over="101 thresholds on the held-out patients")
def agrees() -> bool:
    """At every threshold of 0, 0.01, ..., 1, the matrices of dlref, PyTorch and scikit-learn on the heart data are the
    same.
    """
    import torch
    from sklearn.metrics import confusion_matrix

    y_true, p = heart_scores()
    for t, matrix in zip(GRID, at_all(), strict=True):
        y_pred = (torch.tensor(p) >= t).int().numpy()
        if (confusion_matrix(y_true, y_pred, labels=[0, 1]) != matrix).any() or (y_pred != (p >= t)).any():
            return False
    return True
