"""Exhibits of the page on the tsunami example."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.activations import logit, sigmoid
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.metrics import confusion_at, cost_threshold, counts, expected_cost
from dlref.plots import outcomes, style

RATIOS = [1, 2, 5, 10, 20, 50, 100]
THRESHOLDS = np.geomspace(0.001, 1, 601)
QUAKES, SHARE, SHIFT, DRAWS = 5000, 0.1, 2.0, 100


@cache
def gauge(draw: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Simulated quakes: whether a tsunami follows, and its probability given what a gauge reads.

    One quake in ten raises a tsunami. The gauge reads a standard normal number, shifted by 2 where there is a tsunami;
    Bayes' rule then gives the probability exactly.
    """
    generator = np.random.default_rng(draw)
    y_true = (generator.uniform(size=QUAKES) < SHARE).astype(int)
    reading = generator.normal(size=QUAKES) + SHIFT * y_true
    return y_true, sigmoid(logit(SHARE) + SHIFT * reading - SHIFT**2 / 2)


@cache
def matrices(draw: int = 0) -> np.ndarray:
    """The confusion matrix at each threshold."""
    return confusion_at(*gauge(draw), THRESHOLDS)


def costs(ratio: int, draw: int = 0) -> np.ndarray:
    """Mean cost of a quake at each threshold, in false alarms."""
    return expected_cost(matrices(draw), cost_fp=1, cost_fn=ratio)


def cheapest(ratio: int, draw: int = 0) -> float:
    """The threshold of lowest cost; of several, the highest."""
    return float(THRESHOLDS[::-1][costs(ratio, draw)[::-1].argmin()])


def at_theory(ratio: int, draw: int) -> float:
    """Mean cost of a quake at the threshold of theory, in false alarms."""
    threshold = cost_threshold(cost_fp=1, cost_fn=ratio)
    return expected_cost(confusion_at(*gauge(draw), threshold), cost_fp=1, cost_fn=ratio)


def at_cheapest(ratio: int) -> np.ndarray:
    """The confusion matrix at the threshold of lowest cost."""
    return confusion_at(*gauge(), cheapest(ratio))


@exhibit()
def outcomes_table() -> DataFrame:
    """Only the errors cost something here, and not the same."""
    rows = [
        ("TP", "comes", "given", "people leave in time"),
        ("FN", "comes", "not given", "people are on the beach"),
        ("FP", "stays away", "given", "a day is lost, trust wanes"),
        ("TN", "stays away", "not given", "nothing happens"),
    ]
    return DataFrame(rows, columns=["outcome", "tsunami", "warning", "what follows"]).set_index("outcome")


@exhibit(
    alt=lambda cost_ratio: (
        f"Confusion matrix of simulated quakes at the cheapest threshold, with a miss {cost_ratio} times as dear as a "
        "false alarm: {} correct rejections, {} false alarms, {} misses, {} hits. The errors are shaded by their share "
        "of the cost.".format(*counts(at_cheapest(cost_ratio)))
    ),
    explore={"cost_ratio": RATIOS},
)
def cost_matrix(cost_ratio: int = 10) -> Figure:
    """Errors are shaded by their share of the whole cost. The dearer a miss, the more false alarms are worth it."""
    tn, fp, fn, tp = counts(at_cheapest(cost_ratio))
    total = fp + cost_ratio * fn
    texts = [
        [(f"{tn}", "TN · no cost"), (f"{fp}", f"FP · {fp} × 1")],
        [(f"{fn}", f"FN · {fn} × {cost_ratio}"), (f"{tp}", "TP · no cost")],
    ]
    shade = [0.05 + 0.5 * cost / total for cost in (fp, cost_ratio * fn)]
    alarm, miss = ({**outcomes.wrong(style.VIOLET), "facecolor": style.tint(style.VIOLET, share)} for share in shade)
    looks = [[outcomes.plain(), alarm], [miss, outcomes.plain()]]
    return outcomes.table(
        texts, looks, rows=("no tsunami", "tsunami"), columns=("no warning", "warning"), across="", down=""
    )


@exhibit(
    alt=lambda cost_ratio: (
        "Mean cost of a quake over the threshold: it falls from the left to a lowest point, marked, at a threshold of "
        f"{cheapest(cost_ratio):.3f}, and rises beyond it. A dashed line marks the threshold of theory, "
        f"{cost_threshold(cost_fp=1, cost_fn=cost_ratio):.3f}."
    ),
    explore={"cost_ratio": RATIOS},
)
def cost_curve(cost_ratio: int = 10) -> Figure:
    """The cheapest threshold, marked by the point, is near the threshold of theory, the dashed line. Far to the right
    nothing is warned of, and each tsunami is missed. Both axes are logarithmic.
    """
    figure, axes = style.figure()
    axes.plot(THRESHOLDS, costs(cost_ratio), color=style.VIOLET)
    theory = cost_threshold(cost_fp=1, cost_fn=cost_ratio)
    axes.axvline(theory, color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(cheapest(cost_ratio), costs(cost_ratio).min(), "o", markersize=7, color=style.INK)
    axes.set(xscale="log", yscale="log", yticks=(0.1, 1, 10), yticklabels=("0.1", "1", "10"))
    axes.set(xlabel="threshold", ylabel="mean cost, in false alarms", xlim=(0.001, 1), ylim=(0.04, 14))
    axes.set(xticks=(0.001, 0.01, 0.1, 1), xticklabels=("0.001", "0.01", "0.1", "1"))
    axes.minorticks_off()
    return figure


@exhibit(explore={"cost_ratio": RATIOS})
def ratio(cost_ratio: int = 10) -> int:
    """The cost of a miss in false alarms that the slider is at."""
    return cost_ratio


@exhibit(explore={"cost_ratio": RATIOS}, digits=3)
def theory(cost_ratio: int = 10) -> float:
    """Threshold of theory at the chosen cost of a miss: 1 / (1 + cost)."""
    return cost_threshold(cost_fp=1, cost_fn=cost_ratio)


@exhibit(explore={"cost_ratio": RATIOS}, digits=3)
def found(cost_ratio: int = 10) -> float:
    """Threshold of lowest mean cost on the simulated quakes."""
    return cheapest(cost_ratio)


@exhibit(explore={"cost_ratio": RATIOS}, digits=3)
def lowest_cost(cost_ratio: int = 10) -> float:
    """Lowest mean cost of a quake, in false alarms."""
    return float(costs(cost_ratio).min())


@exhibit(explore={"cost_ratio": RATIOS}, digits=3)
def cost_at_half(cost_ratio: int = 10) -> float:
    """Mean cost of a quake at threshold one half, in false alarms."""
    return expected_cost(confusion_at(*gauge(), 0.5), cost_fp=1, cost_fn=cost_ratio)


@exhibit()
def quakes() -> int:
    """Number of simulated quakes."""
    return QUAKES


@exhibit(over="100 draws of 5000 quakes")
def dearer_misses_lower_it() -> bool:
    """From each cost of a miss to the next higher one, 1 to 100, the cheapest threshold falls, in the mean of the
    draws.
    """
    found = np.mean([[cheapest(ratio, draw) for ratio in RATIOS] for draw in range(DRAWS)], axis=0)
    return bool((np.diff(found) < 0).all())


@exhibit(over="100 draws of 5000 quakes")
def theory_is_close() -> bool:
    """At every cost of a miss from 1 to 100, the cost at the threshold of theory is less than 10 % above the lowest one
    that a threshold has on the same quakes, in the mean of the draws.
    """
    draws = range(DRAWS)
    above = [np.mean([at_theory(r, d) / costs(r, d).min() for d in draws]) for r in RATIOS]
    return bool(max(above) < 1.1)


@exhibit(over="100 draws of 5000 quakes")
def shifted_is_dearer() -> bool:
    """With a cost ratio of 10 and probabilities whose logits were raised by 2, the cost at the threshold of theory is
    more than half as much again, in the mean of the draws.
    """
    threshold, above = cost_threshold(cost_fp=1, cost_fn=10), []
    for y_true, p in map(gauge, range(DRAWS)):
        wrong = expected_cost(confusion_at(y_true, sigmoid(logit(p) + 2), threshold), cost_fn=10)
        above.append(wrong / expected_cost(confusion_at(y_true, p, threshold), cost_fn=10))
    return bool(np.mean(above) > 1.5)


@exhibit()
def largest_difference() -> str:
    """Largest difference of the mean cost from the one by scikit-learn's confusion matrix, at 31 thresholds of the
    curve and every cost of a miss.
    """
    from sklearn.metrics import confusion_matrix

    y_true, p = gauge()
    pairs = []
    for threshold in THRESHOLDS[::20]:
        (_, fp), (fn, _) = confusion_matrix(y_true, p >= threshold, labels=[0, 1])
        ours = confusion_at(y_true, p, threshold)
        pairs += [(expected_cost(ours, cost_fn=ratio), (fp + ratio * fn) / len(y_true)) for ratio in RATIOS]
    return agreement(pairs)
