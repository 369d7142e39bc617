"""Exhibits on sparse features and on the falling rate of Adagrad."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.optimizers import adagrad, adam, descend_batches, gradient_descent, mini_batches, momentum, rmsprop
from dlref.plots import descent, style

OPTIMIZERS = {
    "gradient descent": gradient_descent,
    "momentum": momentum,
    "Adagrad": adagrad,
    "RMSprop": rmsprop,
    "Adam": adam,
}


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


@exhibit()
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
def weight_errors(optimizer: str, seed: int) -> tuple[float, np.ndarray]:
    """Of six rates the best for one pass through the data, and how far each weight then is from the true one."""
    x, y, weights = examples(seed)
    batches = mini_batches(len(x), batch_size=8, rng=np.random.default_rng(seed))

    def gradient(w, batch):
        return 2 * x[batch].T @ (x[batch] @ w - y[batch]) / len(batch)

    found = []
    for rate in (0.01, 0.03, 0.1, 0.3, 0.5, 1.0):
        rule = OPTIMIZERS[optimizer](learning_rate=rate)
        with np.errstate(over="ignore", invalid="ignore"):
            end = descend_batches(gradient, np.zeros(20), rule, batches=batches)[-1]
            found.append((float(np.mean((end - weights) ** 2)), rate, np.abs(end - weights)))
    _, rate, errors = min((entry for entry in found if np.isfinite(entry[0])), key=lambda entry: entry[0])
    return rate, errors


@exhibit(digits={"rate": 2, "frequent": 3, "rare": 3, "all": 3})
def table() -> DataFrame:
    """Mean error of the weights of the five most frequent features, the five rarest and all, after one pass, over six
    data sets; each optimizer at the best of six rates.
    """
    rows = []
    for name in OPTIMIZERS:
        found = [weight_errors(name, seed) for seed in range(6)]
        errors = np.mean([errors for _, errors in found], axis=0)
        row = {"optimizer": name, "rate": float(np.median([rate for rate, _ in found]))}
        rows.append(row | {"frequent": errors[:5].mean(), "rare": errors[-5:].mean()})
        rows[-1]["all"] = errors.mean()
    return DataFrame(rows)


@exhibit()
def adagrad_wins() -> bool:
    """Over all six data sets together, Adagrad's weights have the least mean squared error of the five optimizers.

    They are nearer than those of gradient descent on each of the six.
    """
    errors = {name: np.array([np.mean(weight_errors(name, seed)[1] ** 2) for seed in range(6)]) for name in OPTIMIZERS}
    least = min(OPTIMIZERS, key=lambda name: errors[name].mean())
    return least == "Adagrad" and bool((errors["Adagrad"] < errors["gradient descent"]).all())


@exhibit()
def adam_is_close() -> bool:
    """Over all weights and data sets, Adam's mean error is at most a fifth above that of Adagrad, and each of the
    two is at most two thirds of that of gradient descent.
    """
    error = table().set_index("optimizer")["all"]
    pair = error[["Adagrad", "Adam"]]
    return bool(error["Adam"] <= 1.2 * error["Adagrad"] and (pair <= 2 / 3 * error["gradient descent"]).all())


@exhibit(
    alt="Error of each weight after one pass against how often its feature is on, from one example in two to one in "
    "six hundred. Adagrad's errors are lower for the rarest and for the most frequent features, and similar between."
)
def by_frequency() -> Figure:
    """How far each weight is from the true one after one pass: Adagrad is nearer at both ends, most for the rarest."""
    errors = {
        name: np.mean([weight_errors(name, seed)[1] for seed in range(6)], axis=0)
        for name in ("gradient descent", "Adagrad")
    }
    figure, axes = style.figure(4.0, 3.1)
    for (name, error), color, marker in zip(errors.items(), style.SERIES, style.MARKERS, strict=False):
        axes.plot(frequencies(), error, color=color, marker=marker, markersize=4, linewidth=1, label=name)
    axes.set(xscale="log", xlabel="share of examples with the feature", ylabel="error of its weight", ylim=(0, None))
    axes.legend()
    return figure
