"""Exhibits of the page on generative adversarial networks."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._digits import digits_split
from dlref.exhibits.deep_learning._gan import (
    BALANCED,
    DIGIT_STEPS,
    HASTY,
    MODES,
    ROUNDS,
    centers,
    covered,
    made_digits,
    readable,
    ring,
    samples,
    told_apart,
)
from dlref.plots import pictures, style


def scatter(points: np.ndarray) -> Figure:
    """Made points, and circles around the groups that the real ones come from."""
    figure, axes = style.figure(3.6, 3.6)
    axes.plot(*centers().numpy().T, "o", markersize=17, markerfacecolor="none", markeredgecolor=style.ORANGE)
    axes.plot(*points[:300].T, ".", markersize=3, color=style.BLUE)
    axes.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    return figure


def ring_alt(way: tuple[int, int], round_: int) -> str:
    """What a scatter shows, in words."""
    groups, share = covered(samples(way, round_))
    return (
        f"Made points after {round_} rounds, and eight circles on a ring where the real ones lie. {share:.0%} of the "
        f"points are in a circle; {groups} of the {MODES} circles hold more than 2 % of them."
    )


@exhibit(alt=lambda rounds: ring_alt(BALANCED, rounds), explore={"rounds": ROUNDS[BALANCED]})
def balanced(rounds: int = 1200) -> Figure:
    """Three steps of the discriminator for each of the generator: the made points (blue) find all groups (circles)."""
    return scatter(samples(BALANCED, rounds))


@exhibit(alt=lambda hasty_rounds: ring_alt(HASTY, hasty_rounds), explore={"hasty_rounds": ROUNDS[HASTY]})
def hasty(hasty_rounds: int = 300) -> Figure:
    """Ten steps of the generator for each of the discriminator: all points crowd where the discriminator was fooled
    last, and move on together when it learns.
    """
    return scatter(samples(HASTY, hasty_rounds))


@exhibit(
    alt="Both losses against rounds. But for a peak at the start the discriminator's stays below 2 ln 2, the "
    "generator's above ln 2; both waver and neither falls steadily."
)
def losses() -> Figure:
    """Neither loss falls steadily, though the samples become better: each is measured against a rival that learns too.
    Means of 20 rounds.
    """
    curve = np.array(ring(*BALANCED)["losses"])[:1200].reshape(-1, 20, 2).mean(axis=1)
    rounds = 20 * np.arange(len(curve)) + 10
    figure, axes = style.figure(4.6, 3.2)
    for i, (name, color, dash, blind) in enumerate(
        (("discriminator", style.BLUE, "-", 2 * np.log(2)), ("generator", style.ORANGE, (0, (5, 2)), np.log(2)))
    ):
        axes.plot(rounds, curve[:, i], color=color, linestyle=dash)
        axes.axhline(blind, color=style.MUTED, linewidth=0.8, linestyle=(0, (2, 2)))
        axes.annotate(name, (1190, curve[-12:, i].mean()), (0, 10 if i == 0 else -22),
                      textcoords="offset points", color=color, ha="right")  # fmt: skip
    axes.text(180, 2 * np.log(2) + 0.02, "2 ln 2: cannot tell", fontsize=9)
    axes.text(180, np.log(2) - 0.025, "ln 2: cannot tell", fontsize=9, va="top")
    axes.set(xlabel="rounds", ylabel="loss", xlim=(0, 1200), ylim=(0.5, 1.6))
    return figure


@exhibit()
def coverage() -> DataFrame:
    """2000 points of each kind: how many of the eight groups hold more than 2 % of them, and the share of points in any
    group.
    """
    generator = np.random.default_rng(0)
    groups = centers().numpy()
    real = groups[generator.integers(MODES, size=2000)] + 0.05 * generator.normal(size=(2000, 2))
    cloud = generator.multivariate_normal(real.mean(axis=0), np.cov(real.T), 2000)
    rows = {
        "real points": real,
        "one normal distribution, fitted": cloud,
        "GAN, 3 steps to 1": samples(BALANCED, ROUNDS[BALANCED][-1]),
        "GAN, 1 step to 10": samples(HASTY, ROUNDS[HASTY][-1]),
    }
    found = [covered(points) for points in rows.values()]
    return DataFrame({"points": list(rows), "groups": [n for n, _ in found], "share in a group": [s for _, s in found]})


@exhibit()
def balanced_finds_all() -> bool:
    """After the last round with three steps to one, all eight groups are covered, and more than half of the points lie
    in one: more than twice the share of the fitted normal distribution.
    """
    (_, cloud), (groups, share) = coverage()[["groups", "share in a group"]].to_numpy()[[1, 2]]
    return bool(groups == MODES and share > 0.5 and share > 2 * cloud)


@exhibit()
def hasty_collapses() -> bool:
    """With one step to ten, no round shown but the first covers more than two of the eight groups."""
    return all(covered(samples(HASTY, rounds))[0] <= 2 for rounds in ROUNDS[HASTY][1:])


def digits_alt(steps: int) -> str:
    """What the made digits look like, in words."""
    look = "gray noise" if steps == 0 else "most of them readable" if steps >= 1000 else "few of them readable"
    return f"Forty made digits of 8 by 8 pixels after {steps} steps: {look}."


@exhibit(alt=digits_alt, explore={"steps": DIGIT_STEPS})
def digits(steps: int = 2000) -> Figure:
    """Digits that nobody has written, from the same forty draws of noise at each step."""
    figure, axes = style.figure(4.8, 2.1)
    pictures.show(
        axes, np.block([[np.pad(made_digits(steps)[10 * row + column], 1) for column in range(10)] for row in range(4)])
    )
    return figure


@exhibit()
def forgeries() -> DataFrame:
    """How well the nearest neighbor tells 500 made digits from 500 held-out real ones, where one half is a perfect
    forgery, and the share that a [network trained on real digits][dl-vision] reads with near certainty.
    """
    train = digits_split()[0]
    shuffled = np.random.default_rng(0).permuted(train, axis=0)[:500]
    rows = {"real digits, from the training data": train[:500], "every pixel drawn by itself": shuffled}
    rows |= {f"GAN after {steps} steps": made_digits(steps) for steps in DIGIT_STEPS[1:]}
    measures = [(told_apart(made), readable(made)) for made in rows.values()]
    return DataFrame(measures, columns=["told apart", "readable"]).assign(digits=list(rows))[
        ["digits", "told apart", "readable"]
    ]


@exhibit()
def digits_become_better() -> bool:
    """More of the last step's digits are readable than of the pixels drawn by themselves, by 0.2 or more, and the
    nearest neighbor tells them from real ones more often than real from real, by 0.2 or more.
    """
    table = forgeries()
    (real, _), (_, pixels), (last, made) = table[["told apart", "readable"]].to_numpy()[[0, 1, -1]]
    return bool(made > pixels + 0.2 and last > real + 0.2)
