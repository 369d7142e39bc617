"""Exhibits of the page on regression losses."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.datasets import heart
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement, by_autograd
from dlref.exhibits._line import START, line_loss, patients
from dlref.losses import (
    absolute_error,
    absolute_error_gradient,
    bias_error,
    bias_error_gradient,
    squared_error,
    squared_error_gradient,
)
from dlref.optimizers import descend, gradient_descent
from dlref.plots import descent, style

OUTLIERS = [0, 30, 60, 90, 120, 150, 180]
GRADIENTS = {"MSE": squared_error_gradient, "MAE": absolute_error_gradient, "MBE": bias_error_gradient}


def huber(error: np.ndarray) -> np.ndarray:
    """The Huber loss with delta 1: half the square up to an error of 1, then a straight line."""
    size = np.abs(error)
    return np.where(size <= 1, error**2 / 2, size - 0.5)


@exhibit(
    alt="Loss against error from -3 to 3: the squared error a parabola, the absolute error a V, Huber's a V with a "
    "round tip, all 0 at no error; the bias error a straight line that falls below 0 for predictions that are too high."
)
def by_error() -> Figure:
    """Squared, absolute and Huber loss have their minimum at no error. The bias error has none: it goes on falling."""
    error = np.linspace(-3, 3, 121)
    zero = np.zeros_like(error)
    return descent.curves(
        error,
        {
            "squared": squared_error(zero, error),
            "absolute": absolute_error(zero, error),
            "bias": bias_error(zero, error),
            "Huber": huber(error),
        },
        labels={"squared": (-1.45, 4.6), "absolute": (1.75, 2.6), "bias": (1.2, -2.1), "Huber": (2.5, 1.3)},
        xlabel="error ŷ − y",
        ylabel="loss of one example",
        ylim=(-3.2, 6),
    )


@exhibit(
    alt="Slope against error: a rising line for the squared error, a step from -1 to 1 for the absolute error, a ramp "
    "between -1 and 1 for Huber's, and -1 everywhere for the bias error."
)
def slopes() -> Figure:
    """What a descent follows: the squared error pulls harder the larger the error, the absolute error always alike, and
    Huber's loss like the one up to 1 and like the other beyond.
    """
    error = np.linspace(-3, 3, 1201)
    zero = np.zeros_like(error)
    return descent.curves(
        error,
        {
            "squared": squared_error_gradient(zero, error),
            "absolute": absolute_error_gradient(zero, error),
            "bias": bias_error_gradient(zero, error),
            "Huber": error.clip(-1, 1),
        },
        labels={"squared": (1.4, 4.3), "absolute": (-0.95, 1.1), "bias": (1.4, -1.7), "Huber": (1.9, 1.7)},
        xlabel="error ŷ − y",
        ylabel="slope of one example",
        ylim=(-6, 6),
    )


@cache
def measured(outlier: int, seed: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Age and maximum heart rate of 15 patients; one rate is recorded too high by so many beats."""
    sample = heart().sample(15, random_state=seed).sort_values("Age", kind="stable")
    rates = sample["MaxHR"].to_numpy(dtype=float)
    rates[-2] += outlier
    return sample["Age"].to_numpy(dtype=float), rates


def least_squares(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Offset and slope of the line with the least mean squared error."""
    return np.polynomial.Polynomial.fit(x, y, 1).convert().coef


def least_absolute(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Offset and slope of the line with the least mean absolute error. One such line passes through two of the points:
    all pairs are tried.
    """
    i, j = np.triu_indices(len(x), 1)
    i, j = i[x[i] != x[j]], j[x[i] != x[j]]
    slope = (y[j] - y[i]) / (x[j] - x[i])
    offset = y[i] - slope * x[i]
    totals = np.abs(y - offset[:, None] - slope[:, None] * x).sum(axis=1)
    # The first of those that are equal but for rounding.
    best = np.flatnonzero(totals <= totals.min() + 1e-9)[0]
    return np.array([offset[best], slope[best]])


FITS = {"MSE": least_squares, "MAE": least_absolute}


@cache
def fit(loss: str, outlier: int) -> np.ndarray:
    """Offset and slope of the line with the least mean loss."""
    return FITS[loss](*measured(outlier))


@exhibit(
    alt=lambda outlier: (
        f"Age against heart rate of 15 patients, one of them recorded {outlier} beats too high. The line of least "
        f"squares has a slope of {fit('MSE', outlier)[1]:.1f} beats a year, that of least absolute errors "
        f"{fit('MAE', outlier)[1]:.1f}."
    ),
    explore={"outlier": OUTLIERS},
)
def outlier_fit(outlier: int = 90) -> Figure:
    """The more too high the rate at the diamond is recorded, the more it tilts the line of least squares. The line of
    least absolute errors moves at most until the diamond lies above it, and then no more.
    """
    age, rate = measured(outlier)
    figure, axes = style.figure()
    axes.scatter(age, rate, s=14, color=style.MUTED)
    axes.scatter(age[-2], rate[-2], s=34, marker="D", color=style.INK)
    ends = np.array([25.0, 80.0])
    for loss, color, dash in (("MSE", style.BLUE, "-"), ("MAE", style.ORANGE, (0, (5, 2)))):
        offset, slope = fit(loss, outlier)
        axes.plot(ends, offset + slope * ends, color=color, linestyle=dash, label=f"least {loss}")
    axes.legend(loc="upper left")
    axes.set(xlim=(34, 74), ylim=(60, 380), xlabel="age in years", ylabel="maximum heart rate per minute")
    return figure


@exhibit(
    alt=lambda outlier: (
        f"Mean loss of one constant prediction for 15 heart rates, one recorded {outlier} beats too high. The root of "
        f"the MSE is least at the mean, {measured(outlier)[1].mean():.0f}; the MAE at the median, "
        f"{np.median(measured(outlier)[1]):.0f}; the MBE falls all the way."
    ),
    explore={"outlier": OUTLIERS},
)
def constant(outlier: int = 90) -> Figure:
    """One and the same prediction for all 15: the MSE is least at the mean, the MAE at the median, the MBE nowhere."""
    _, rate = measured(outlier)
    guesses = np.linspace(90, 190, 101)
    observed, predicted = np.broadcast_arrays(rate, guesses[:, None])
    heights = {
        "√MSE": np.sqrt(squared_error(observed, predicted).mean(axis=1)),
        "MAE": absolute_error(observed, predicted).mean(axis=1),
        "MBE": bias_error(observed, predicted).mean(axis=1),
    }
    figure = descent.curves(
        guesses,
        heights,
        size=(4.0, 3.35),
        xlabel="constant prediction, beats per minute",
        ylabel="mean loss, beats per minute",
        xlim=(90, 190),
        ylim=(-70, 90),
    )
    axes = figure.axes[0]
    axes.legend(loc="lower left")
    for name, best in (("√MSE", rate.mean()), ("MAE", np.median(rate))):
        color = style.BLUE if name == "√MSE" else style.ORANGE
        axes.plot(best, np.interp(best, guesses, heights[name]), marker="o", markersize=6, color=color)
    return figure


@exhibit(digits=1)
def outlier_effect() -> DataFrame:
    """The same predictions, those of the line fitted without the error, scored as one recorded rate goes wrong."""
    offset, slope = fit("MSE", 0)
    rows = []
    for outlier in OUTLIERS[::2]:
        age, rate = measured(outlier)
        losses = {"MSE": squared_error, "MAE": absolute_error, "MBE": bias_error}
        # Rounded, so that a bias of nothing is 0 and not -0.
        row = {name: loss(rate, offset + slope * age).mean().round(6) + 0.0 for name, loss in losses.items()}
        rows.append({"beats too high": outlier} | row)
    return DataFrame(rows)


@cache
def slopes_over_samples() -> np.ndarray:
    """Slopes of the fitted lines, an array (sample, slip, loss): as recorded, with one rate too high by the largest of
    the outliers, with a zero too many at one age, for 100 samples of 15 patients.
    """
    table = np.empty((100, 3, 2))
    for seed in range(len(table)):
        age, rate = measured(0, seed)
        age_slip = age.copy()
        age_slip[-2] *= 10
        for slip, points in enumerate([(age, rate), measured(OUTLIERS[-1], seed), (age_slip, rate)]):
            table[seed, slip] = [line(*points)[1] for line in FITS.values()]
    return table


@exhibit()
def slope_change() -> DataFrame:
    """Slope of the fitted line in beats a year: medians over 100 samples of 15 patients, and between which values the
    middle half of the samples lies.
    """
    names = ["nothing", f"a rate, by {OUTLIERS[-1]} beats", "an age, tenfold"]
    low, middle, high = np.quantile(slopes_over_samples(), [0.25, 0.5, 0.75], axis=0).round(2) + 0.0
    cells = [
        [f"{m:.2f} ({a:.2f} to {b:.2f})".replace("-", "−") for a, m, b in zip(*row, strict=True)]
        for row in zip(low, middle, high, strict=True)
    ]
    return DataFrame(cells, index=names, columns=["least MSE", "least MAE"]).rename_axis("recorded wrong")


@exhibit(over="100 samples of 15 patients")
def absolute_error_resists() -> bool:
    """One rate recorded too high moves the slope of least squares more than that of least absolute errors: in at least
    80 of the 100 samples, and in the median at least three times as much.
    """
    moves = np.abs(slopes_over_samples()[:, 1] - slopes_over_samples()[:, 0])
    squared, absolute = np.median(moves, axis=0)
    return bool((moves[:, 0] > moves[:, 1]).mean() >= 0.8 and squared > 3 * absolute)


@exhibit(over="100 samples of 15 patients")
def wrong_age_flattens_both() -> bool:
    """With one age ten times too large, both lines have a slope between -0.2 and 0.2 in at least 90 of the
    100 samples.
    """
    return bool((np.abs(slopes_over_samples()[:, 2]) < 0.2).mean(axis=0).min() >= 0.9)


@exhibit(follows="the slopes of the mean losses, which change sign at the mean and at the median")
def means_and_medians() -> bool:
    """Of all constant predictions on a fine grid, the mean has the least MSE and the median the least MAE."""
    _, rate = measured(120)
    guesses = np.sort(np.r_[np.linspace(60, 300, 24_001), rate.mean(), np.median(rate)])
    observed, predicted = np.broadcast_arrays(rate, guesses[:, None])
    best_mse = guesses[squared_error(observed, predicted).mean(axis=1).argmin()]
    best_mae = guesses[absolute_error(observed, predicted).mean(axis=1).argmin()]
    return bool(abs(best_mse - rate.mean()) < 1e-9 and abs(best_mae - np.median(rate)) < 1e-9)


@cache
def trained(loss: str, steps: int = 300) -> np.ndarray:
    """Offset and slope of the line through 60 patients while it descends on one of the three losses."""
    x, y = patients()

    def gradient(weights):
        slopes = GRADIENTS[loss](y, weights[0] + weights[1] * x)
        return np.array([slopes.mean(), (slopes * x).mean()])

    return descend(gradient, START, gradient_descent(learning_rate=0.1), steps=steps)


@exhibit(
    alt="Mean squared error of the line over 300 steps, logarithmic. Descending on MSE or MAE it falls "
    "within some steps and stays; descending on MBE it rises from the first steps on, without end."
)
def mbe_descent() -> Figure:
    """The line through 60 patients, trained on each of the three and judged by its MSE: on MBE it leaves the data.
    Heart rates in steps of 20 beats.
    """
    steps = np.arange(301)
    errors = {f"trained on {loss}": line_loss(trained(loss)) for loss in GRADIENTS}
    return descent.curves(
        steps,
        errors,
        labels={"trained on MSE": (210, 0.85), "trained on MAE": (210, 2.6), "trained on MBE": (230, 700)},
        xlabel="step",
        ylabel="MSE",
        yscale="log",
        ylim=(0.5, 2e4),
    )


@exhibit(digits=2)
def mbe_table() -> DataFrame:
    """A descent on MBE: it falls by the same amount for ever, while the predictions rise. Heart rates in steps of 20
    beats.
    """
    x, y = patients()
    rows = []
    for step in (0, 10, 100, 300):
        offset, slope = trained("MBE")[step]
        predicted = offset + slope * x
        rows.append({"step": step, "MBE": bias_error(y, predicted).mean(), "MSE": squared_error(y, predicted).mean()})
    return DataFrame(rows)


@exhibit(follows="the slope of the bias error, which is the same everywhere")
def mbe_has_no_minimum() -> bool:
    """In each of 300 steps down the MBE falls, by as much in the last as in the first; the MSE ends above 1000."""
    x, y = patients()
    path = trained("MBE")
    bias = np.array([bias_error(y, offset + slope * x).mean() for offset, slope in path])
    falls = -np.diff(bias)
    return bool((falls > 0).all() and np.isclose(falls[0], falls[-1]) and line_loss(path[-1]) > 1000)


@exhibit()
def largest_difference() -> str:
    """Largest difference of the squared and the absolute error from PyTorch's and scikit-learn's, and of their
    gradients from PyTorch's, on 1000 random pairs.
    """
    from functools import partial

    import torch
    from sklearn import metrics
    from torch.nn import functional

    y_true, y_pred = np.random.default_rng(0).normal(0, 10, (2, 1000))
    pairs = []
    for ours, gradient, loss, score in (
        (squared_error, squared_error_gradient, functional.mse_loss, metrics.mean_squared_error),
        (absolute_error, absolute_error_gradient, functional.l1_loss, metrics.mean_absolute_error),
    ):
        theirs = by_autograd(partial(loss, target=torch.tensor(y_true), reduction="none"), [y_pred])
        pairs += zip([ours(y_true, y_pred), gradient(y_true, y_pred)], theirs, strict=True)
        # A table of one row has one value per column.
        pairs.append((ours(y_true, y_pred), score(y_true[None], y_pred[None], multioutput="raw_values")))
    return agreement(pairs)
