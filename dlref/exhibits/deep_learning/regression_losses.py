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

OUTLIERS = [0, 40, 80, 120, 160, 200, 240]
GRADIENTS = {"MSE": squared_error_gradient, "MAE": absolute_error_gradient, "MBE": bias_error_gradient}


@exhibit(
    alt="Loss against error from -3 to 3: the squared error a parabola, the absolute error a V, both 0 at no error; "
    "the bias error a straight line that falls below 0 for predictions that are too high."
)
def by_error() -> Figure:
    """Squared and absolute error have their minimum at no error. The bias error has none: it goes on falling."""
    error = np.linspace(-3, 3, 121)
    zero = np.zeros_like(error)
    heights = {"squared": squared_error(zero, error), "absolute": absolute_error(zero, error)}
    return descent.curves(
        error,
        heights | {"bias": bias_error(zero, error)},
        labels={"squared": (-1.45, 4.6), "absolute": (2.3, 1.5), "bias": (1.2, -2.1)},
        xlabel="error ŷ − y",
        ylabel="loss of one example",
        ylim=(-3.2, 6),
    )


@exhibit(
    alt="Slope against error: a rising line for the squared error, a step from -1 to 1 for the absolute error, and -1 "
    "everywhere for the bias error."
)
def slopes() -> Figure:
    """What a descent follows: the squared error pulls harder the larger the error, the absolute error always alike."""
    error = np.linspace(-3, 3, 1201)
    zero = np.zeros_like(error)
    return descent.curves(
        error,
        {
            "squared": squared_error_gradient(zero, error),
            "absolute": absolute_error_gradient(zero, error),
            "bias": bias_error_gradient(zero, error),
        },
        labels={"squared": (1.4, 4.3), "absolute": (2.3, 1.6), "bias": (1.4, -1.6)},
        xlabel="error ŷ − y",
        ylabel="slope of one example",
        ylim=(-6, 6),
    )


@cache
def measured(outlier: int) -> tuple[np.ndarray, np.ndarray]:
    """Age and maximum heart rate of 15 patients; one rate is recorded too high by so many beats."""
    sample = heart().sample(15, random_state=2).sort_values("Age")
    rates = sample["MaxHR"].to_numpy(dtype=float)
    rates[-2] += outlier
    return sample["Age"].to_numpy(dtype=float), rates


@cache
def fit(loss: str, outlier: int) -> np.ndarray:
    """Offset and slope of the line with the least mean loss."""
    from sklearn.linear_model import LinearRegression, QuantileRegressor

    age, rate = measured(outlier)
    # The line through the medians is the one with the least mean absolute error.
    model = LinearRegression() if loss == "MSE" else QuantileRegressor(quantile=0.5, alpha=0)
    model.fit(age[:, None], rate)
    return np.array([model.intercept_, model.coef_[0]])


@exhibit(
    alt=lambda outlier: (
        f"Age against heart rate of 15 patients, one of them recorded {outlier} beats too high. The line of least "
        f"squares has a slope of {fit('MSE', outlier)[1]:.1f} beats a year, that of least absolute errors "
        f"{fit('MAE', outlier)[1]:.1f}."
    ),
    explore={"outlier": OUTLIERS},
)
def outlier_fit(outlier: int = 200) -> Figure:
    """One heart rate recorded too high tilts the line of least squares; that of least absolute errors stays."""
    age, rate = measured(outlier)
    figure, axes = style.figure()
    axes.scatter(age, rate, s=14, color=style.MUTED)
    axes.scatter(age[-2], rate[-2], s=34, marker="D", color=style.INK)
    ends = np.array([36.0, 72.0])
    for loss, color, dash in (("MSE", style.BLUE, "-"), ("MAE", style.ORANGE, (0, (5, 2)))):
        offset, slope = fit(loss, outlier)
        axes.plot(ends, offset + slope * ends, color=color, linestyle=dash, label=f"least {loss}")
    axes.legend(loc="upper left")
    axes.set(xlim=ends, ylim=(60, 420), xlabel="age in years", ylabel="maximum heart rate per minute")
    return figure


@exhibit(
    alt=lambda outlier: (
        f"Mean loss of one constant prediction for 15 heart rates, one recorded {outlier} beats too high. The root of "
        f"the MSE is least at the mean, {measured(outlier)[1].mean():.0f}; the MAE at the median, "
        f"{np.median(measured(outlier)[1]):.0f}; the MBE falls all the way."
    ),
    explore={"outlier": OUTLIERS},
)
def constant(outlier: int = 200) -> Figure:
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
        row = {name: loss(rate, offset + slope * age).mean() for name, loss in losses.items()}
        rows.append({"beats too high": outlier} | row)
    return DataFrame(rows)


@exhibit(digits=1)
def slope_change() -> DataFrame:
    """Slope of the fitted line in beats a year, without the error and with one rate 240 beats too high."""
    return DataFrame(
        [
            {"fitted by": f"least {loss}", "without": fit(loss, 0)[1], "with": fit(loss, OUTLIERS[-1])[1]}
            for loss in ("MSE", "MAE")
        ]
    )


@exhibit()
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


@exhibit()
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
        # A table of one row has one value a column.
        pairs.append((ours(y_true, y_pred), score(y_true[None], y_pred[None], multioutput="raw_values")))
    return agreement(pairs)
