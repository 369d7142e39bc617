"""Exhibits on sparse features and on the falling rate of Adagrad."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.optimizers import adagrad, adam, gradient_descent, momentum, rmsprop
from dlref.plots import descent, style

OPTIMIZERS = {
    "gradient descent": gradient_descent,
    "momentum": momentum,
    "Adagrad": adagrad,
    "RMSprop": rmsprop,
    "Adam": adam,
}

# Eight rates a decade, the same for all.
SETS, RATES = 12, 10 ** np.linspace(-3, 0.75, 31)
OVER = f"{SETS} data sets, at the best of {len(RATES)} rates on {SETS} others"


@cache
def rates_over_time(steps: int = 10_000) -> dict[str, np.ndarray]:
    """The rate that one weight has in each step, on gradients that are drawn from a normal distribution all along."""
    gradients = np.random.default_rng(0).normal(size=(steps, 1))
    rates = {}
    for name, (init, step), rate_of in (
        ("Adagrad", adagrad(learning_rate=0.1), lambda total: 0.1 / (np.sqrt(total) + 1e-10)),
        ("RMSprop", rmsprop(learning_rate=0.1), lambda mean: 0.1 / (np.sqrt(mean) + 1e-8)),
    ):
        x, state, kept = np.zeros(1), init(np.zeros(1)), []
        for gradient in gradients:
            x, state = step(x, gradient, state)
            kept.append(rate_of(state)[0])
        rates[name] = np.array(kept)
    return rates


@exhibit(
    alt="Rate of one weight over ten thousand steps, both scales logarithmic. Adagrad's falls along a straight line to "
    "a hundredth; that of RMSprop starts higher, falls within some hundred steps to 0.1 and stays there."
)
def adagrad_falls() -> Figure:
    """Slopes drawn at random, equally large all along: Adagrad's rate falls with the root of the steps, that of RMSprop
    settles.
    """
    shown = np.unique(np.logspace(0, 4, 120).astype(int)) - 1
    rates = {name: rate[shown] for name, rate in rates_over_time().items()}
    return descent.curves(
        shown + 1,
        rates,
        labels={"Adagrad": (300, 0.0025), "RMSprop": (1500, 0.17)},
        xscale="log",
        yscale="log",
        xlabel="step",
        ylabel="rate of a weight",
    )


@exhibit(over="one row of 10 000 normal draws")
def falls_with_the_root() -> bool:
    """After 100 and 10 000 steps Adagrad's rate is 0.1/√steps, to within a tenth; that of RMSprop stays near 0.1."""
    adagrad_rate, rmsprop_rate = rates_over_time().values()
    ratios = [adagrad_rate[n - 1] * np.sqrt(n) / 0.1 for n in (100, 10_000)]
    return bool(np.allclose(ratios, 1, atol=0.1) and 0.08 < rmsprop_rate[-1] < 0.125)


def examples(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """4000 examples of 20 features that are 0 or 1, from one that is on in half of them to one that hardly ever is.

    The targets are sums of true weights of -1 and 1, with a little noise.
    """
    rng = np.random.default_rng(seed)
    x = (rng.random((4000, 20)) < frequencies()).astype(float)
    weights = rng.choice([-1.0, 1.0], 20)
    return x, x @ weights + rng.normal(0, 0.1, 4000), weights


def frequencies() -> np.ndarray:
    """In what share of the examples each feature is on."""
    return 0.5 * np.logspace(0, -2.5, 20)


@cache
def errors(optimizer: str, first: int) -> np.ndarray:
    """How far each weight is from the true one after one pass in batches of 8, for each rate and for the twelve data
    sets from the first on: (rates, sets, features).
    """
    x, y, weights = map(np.stack, zip(*map(examples, range(first, first + SETS)), strict=True))
    w, (init, step) = np.zeros((len(RATES), *weights.shape)), OPTIMIZERS[optimizer](learning_rate=1.0)
    state = init(w)
    with np.errstate(all="ignore"):
        for start in range(0, x.shape[1], 8):
            rows, targets = x[:, start : start + 8], y[:, start : start + 8]
            off = np.einsum("sbf,rsf->rsb", rows, w) - targets
            # For all of these rules a step is proportional to its rate: go that share of a step at rate 1.
            whole, state = step(w, np.einsum("rsb,sbf->rsf", off, rows) / 4, state)
            w = w + RATES[:, None, None] * (whole - w)
    return np.abs(w - weights)


def chosen(optimizer: str) -> int:
    """The place of the rate with the least mean squared error over twelve data sets; not the first or last rate."""
    with np.errstate(all="ignore"):
        squared = (errors(optimizer, 0) ** 2).mean(axis=(1, 2))
    place = int(np.argmin(np.where(np.isfinite(squared), squared, np.inf)))
    if place in (0, len(RATES) - 1):
        raise ValueError(f"chosen: the best rate of {optimizer} must lie inside the grid.")
    return place


def fresh_errors(optimizer: str) -> np.ndarray:
    """The errors at that rate on twelve other data sets, (sets, features)."""
    return errors(optimizer, SETS)[chosen(optimizer)]


@exhibit(digits={"rate": 2, "frequent": 3, "rare": 3, "all": 3, "sd": 3}, over=OVER)
def table() -> DataFrame:
    """Mean error of the weights of the five most frequent features, the five rarest and all, after one pass; sd: the
    standard deviation of the last over the data sets.
    """
    rows = []
    for name in OPTIMIZERS:
        found = fresh_errors(name)
        row = {"optimizer": name, "rate": RATES[chosen(name)], "frequent": found[:, :5].mean()}
        each = found.mean(axis=1)
        rows.append(row | {"rare": found[:, -5:].mean(), "all": each.mean(), "sd": each.std(ddof=1)})
    return DataFrame(rows)


def mean_errors() -> dict[str, float]:
    """The mean error over all weights and data sets, by optimizer."""
    return {name: fresh_errors(name).mean() for name in OPTIMIZERS}


@exhibit(over=OVER)
def both_are_nearer() -> bool:
    """The mean errors of Adagrad and of Adam are at most 0.85 times that of plain steps, and lower than it on at least
    ten of the twelve data sets.
    """
    each = {name: fresh_errors(name).mean(axis=1) for name in OPTIMIZERS}
    plain = each["gradient descent"]
    pair = [each["Adagrad"], each["Adam"]]
    return all(bool(found.mean() <= 0.85 * plain.mean() and (found < plain).sum() >= 10) for found in pair)


@exhibit(over=OVER)
def a_tie() -> bool:
    """Of the mean errors of Adagrad and Adam the larger is less than 1.4 times the smaller, and at most 0.85 times that
    of plain steps.
    """
    pair = [mean_errors()[name] for name in ("Adagrad", "Adam")]
    return bool(max(pair) < 1.4 * min(pair) and max(pair) <= 0.85 * mean_errors()["gradient descent"])


@exhibit(
    alt="Error of each weight after one pass against how often its feature is on, from one example in two to one in "
    "six hundred, for gradient descent, Adagrad and Adam. All errors rise for the rarest features, that of gradient "
    "descent most.",
    over=OVER,
)
def by_frequency() -> Figure:
    """How far each weight is from the true one after one pass, mean of twelve data sets, by how often its feature is
    on.
    """
    figure, axes = style.figure(4.0, 3.1)
    names = ("gradient descent", "Adagrad", "Adam")
    for name, color, marker in zip(names, style.SERIES, style.MARKERS, strict=False):
        error = fresh_errors(name).mean(axis=0)
        axes.plot(frequencies(), error, color=color, marker=marker, markersize=4, linewidth=1, label=name)
    axes.set(xscale="log", xlabel="share of examples with the feature", ylabel="error of its weight", ylim=(0, None))
    axes.legend()
    return figure
