"""Exhibits of the page on softmax."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.activations import sigmoid
from dlref.engine.exhibit import exhibit
from dlref.exhibits._agreement import agreement
from dlref.plots import activation
from dlref.softmax import log_softmax, softmax, softmax_gradient

SCORES = np.array([1, 4, 2, 3])
NAMES = [f"class {i}" for i in range(4)]
TEMPERATURES = [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0]


@exhibit(alt="Bars of four scores: 1, 4, 2 and 3.")
def scores() -> Figure:
    """Four scores, one a class: any real numbers."""
    return activation.bars(SCORES, NAMES, ylabel="score", ylim=(0, 4.6), digits=0)


@exhibit(
    alt=lambda temperature: (
        f"Bars of four probabilities at temperature {temperature:g}: "
        + ", ".join(f"{p:.2f}" for p in softmax(SCORES, temperature=temperature))
    ),
    explore={"temperature": TEMPERATURES},
)
def probabilities(temperature: float = 1.0) -> Figure:
    """Their softmax. A low temperature gives nearly everything to the largest score, a high one evens them out; the
    order never changes.
    """
    p = softmax(SCORES, temperature=temperature)
    return activation.bars(p, NAMES, ylabel="probability", ylim=(0, 1.15))


@exhibit(explore={"temperature": TEMPERATURES})
def chosen(temperature: float = 1.0) -> float:
    """The temperature that is chosen."""
    return temperature


@exhibit(explore={"temperature": TEMPERATURES}, digits=3)
def largest(temperature: float = 1.0) -> float:
    """Probability of the class with the largest score."""
    return float(softmax(SCORES, temperature=temperature).max())


@exhibit(follows="the formula, for these scores")
def anchor() -> bool:
    """The softmax of the scores 1, 4, 2, 3 is 0.03, 0.64, 0.09, 0.24 to two decimals, and sums to 1."""
    p = softmax(SCORES)
    return p.round(2).tolist() == [0.03, 0.64, 0.09, 0.24] and bool(np.isclose(p.sum(), 1, rtol=0, atol=1e-14))


@exhibit(follows="the exponential, which rises everywhere")
def order_is_kept() -> bool:
    """At each temperature offered, the probabilities rank the classes as the scores do."""
    ranks = [np.argsort(softmax(SCORES, temperature=t)).tolist() for t in TEMPERATURES]
    return all(rank == np.argsort(SCORES).tolist() for rank in ranks)


@exhibit(follows="the formula: the common factor cancels")
def shift_changes_nothing() -> bool:
    """Adding -500, -1, 7 or 500 to all four scores changes no probability by more than 1e-14."""
    shifted = [softmax(SCORES + c) for c in (-500, -1, 7, 500)]
    return bool(max(np.abs(p - softmax(SCORES)).max() for p in shifted) <= 1e-14)


@exhibit(follows="the two formulas")
def two_classes_are_a_sigmoid() -> bool:
    """For 1000 random pairs of scores, softmax gives the first class the sigmoid of their difference, to 1e-14."""
    z = np.random.default_rng(0).normal(0, 5, (1000, 2))
    return bool(np.abs(softmax(z)[:, 0] - sigmoid(z[:, 0] - z[:, 1])).max() < 1e-14)


@exhibit(digits=3)
def jacobian() -> DataFrame:
    """How each probability answers to each score $z_j$, at these four scores: raising one raises its own probability
    and lowers all others. Rows and columns sum to 0.
    """
    table = DataFrame(softmax_gradient(SCORES), index=NAMES, columns=[f"z{index}" for index in "₀₁₂₃"])
    return table.rename_axis("class")


@exhibit(follows="the formula of the derivative")
def rows_and_columns_sum_to_zero() -> bool:
    """The sums of rows and of columns are at most 1e-14 from 0, and only the diagonal is positive."""
    table = softmax_gradient(SCORES)
    sums = np.r_[table.sum(axis=0), table.sum(axis=1)]
    return bool(np.abs(sums).max() <= 1e-14 and ((table > 0) == np.eye(4, dtype=bool)).all())


@exhibit(digits=4)
def overflow() -> DataFrame:
    r"""The quotient as it is written, and with the largest score subtracted first, for scores that are further and
    further up. `float64` ends at $1.8 \cdot 10^{308}$, and the exponential of 710 is beyond it: a dash is infinity
    divided by infinity, which is no number.
    """
    rows = []
    for shift in (0, 300, 700, 710, 1000):
        z = SCORES + float(shift)
        with np.errstate(over="ignore", invalid="ignore"):
            naive = np.exp(z) / np.exp(z).sum()
        rows.append(
            {
                "scores": ", ".join(f"{v:g}" for v in z),
                "largest, as written": naive[1],
                "largest, stable": softmax(z)[1],
            }
        )
    return DataFrame(rows)


@exhibit()
def largest_difference() -> str:
    """Largest difference of `softmax`, `log_softmax` and `softmax_gradient` from PyTorch's, and of the first two from
    SciPy's, on 1000 rows of ten random scores with standard deviations from 0.1 to 100.
    """
    import torch
    from scipy import special

    z = np.random.default_rng(0).normal(size=(1000, 10)) * np.geomspace(0.1, 100, 1000)[:, None]
    logits = torch.tensor(z)
    jacobians = torch.func.vmap(torch.func.jacrev(lambda row: torch.softmax(row, dim=-1)))(logits)
    return agreement(
        [
            (softmax(z), torch.softmax(logits, dim=-1)),
            (softmax(z), special.softmax(z, axis=-1)),
            (log_softmax(z), torch.log_softmax(logits, dim=-1)),
            (log_softmax(z), special.log_softmax(z, axis=-1)),
            (softmax_gradient(z), jacobians),
        ]
    )
