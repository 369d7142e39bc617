"""Exhibits of the page on generative adversarial networks."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._gan import (
    BALANCED,
    DIGIT_STEPS,
    HASTY,
    LATE,
    MADE,
    MODES,
    STEPS,
    centers,
    covered,
    digit_measures,
    made_digits,
    ring,
    samples,
)
from dlref.exhibits.deep_learning._recorded import OVER, outside, recorded, spread, within
from dlref.plots import pictures, style
from dlref.plots.flow import Arrow, Box, flow


@exhibit(
    alt="Noise goes into the generator, which gives made examples. Made and real examples go into the discriminator, "
    "which answers: real or made?"
)
def rivals() -> Figure:
    """The discriminator sees both kinds of examples; the generator sees only what the discriminator answers."""
    boxes = {
        "noise": Box("noise z", 0, 0),
        "generator": Box("generator G", 1, 0, kind="work"),
        "made": Box("made G(z)", 2, 0, kind="made"),
        "real": Box("real x", 2, 1),
        "discriminator": Box("discriminator D", 3, 0.5, kind="work", wide=1.2),
        "answer": Box("real or made?", 4, 0.5, kind="made", wide=1.2),
    }
    pairs = [("noise", "generator"), ("generator", "made"), ("made", "discriminator"), ("real", "discriminator")]
    return flow(boxes, [Arrow(*pair) for pair in [*pairs, ("discriminator", "answer")]], width=3.6)


def scatter(points: np.ndarray) -> Figure:
    """Made points, and circles around the groups that the real ones come from."""
    figure, axes = style.figure(3.6, 3.6)
    axes.plot(*centers().numpy().T, "o", markersize=17, markerfacecolor="none", markeredgecolor=style.ORANGE)
    axes.plot(*points[:300].T, ".", markersize=3, color=style.BLUE)
    axes.set(xlim=(-1.6, 1.6), ylim=(-1.6, 1.6), aspect="equal", xticks=(-1, 0, 1), yticks=(-1, 0, 1))
    return figure


def ring_alt(steps: int, late: str) -> str:
    """What a scatter shows, in words: as far as every training shows it."""
    if steps == 0:
        return "Made points in a small heap before training, and eight circles on a ring where the real ones lie."
    return (
        f"Made points after {steps} steps of both networks, and eight circles on a ring where the real ones lie. {late}"
    )


@exhibit(
    alt=lambda steps: ring_alt(steps, "In the course of training they spread over the whole ring."),
    explore={"steps": STEPS},
    one_run=True,
)
def balanced(steps: int = STEPS[-1]) -> Figure:
    """Three steps of the discriminator for each of the generator: the made points (blue) spread over the groups
    (circles).
    """
    return scatter(samples(BALANCED, steps))


@exhibit(
    alt=lambda steps: ring_alt(steps, "They crowd in one place or two, not in all circles."),
    explore={"steps": STEPS},
    one_run=True,
)
def hasty(steps: int = STEPS[-1]) -> Figure:
    """Ten steps of the generator for each of the discriminator: the points crowd where the discriminator was fooled
    last, and move on together when it learns.
    """
    return scatter(samples(HASTY, steps))


@exhibit(
    alt="Both losses against rounds. The discriminator's lies mostly below 2 ln 2, the generator's above ln 2; both "
    "waver, and neither falls steadily.",
    one_run=True,
)
def losses() -> Figure:
    """Neither loss falls steadily, though the samples become better: each is measured against a rival that learns too.
    Means of 20 rounds.
    """
    curve = np.array(ring(*BALANCED, 0)["losses"])[:1100].reshape(-1, 20, 2).mean(axis=1)
    rounds = 20 * np.arange(len(curve)) + 10
    figure, axes = style.figure(4.6, 3.2)
    for i, (name, color, dash, blind) in enumerate(
        (("discriminator", style.BLUE, "-", 2 * np.log(2)), ("generator", style.ORANGE, (0, (5, 2)), np.log(2)))
    ):
        axes.plot(rounds, curve[:, i], color=color, linestyle=dash)
        axes.axhline(blind, color=style.MUTED, linewidth=0.8, linestyle=(0, (2, 2)))
        axes.annotate(name, (1090, curve[-12:, i].mean()), (0, 10 if i == 0 else -22),
                      textcoords="offset points", color=color, ha="right")  # fmt: skip
    axes.text(180, 2 * np.log(2) + 0.02, "2 ln 2: cannot tell", fontsize=9)
    axes.text(180, np.log(2) - 0.025, "ln 2: cannot tell", fontsize=9, va="top")
    axes.set(xlabel="rounds", ylabel="loss", xlim=(0, 1100), ylim=(0.5, 1.6))
    return figure


WAYS = {"3 to 1": "GAN, 3 steps to 1", "1 to 1": "GAN, 1 step to 1", "1 to 10": "GAN, 1 step to 10"}


@exhibit(digits={"groups": 1})
def coverage() -> DataFrame:
    """2000 points of each kind: how many of the eight groups hold more than 2 % of them, and the share of points in any
    group. Steps are the discriminator's to the generator's. A GAN is looked at five times near the end of each recorded
    training: means, and the range of all looks.
    """
    generator = np.random.default_rng(0)
    groups = centers().numpy()
    real = groups[generator.integers(MODES, size=2000)] + 0.05 * generator.normal(size=(2000, 2))
    cloud = generator.multivariate_normal(real.mean(axis=0), np.cov(real.T), 2000)
    rows = [(name, *covered(points), "") for name, points in
            (("real points", real), ("one normal distribution, fitted", cloud))]  # fmt: skip
    for way, name in WAYS.items():
        low, high = recorded(f"ring: least share, {way}").min(), recorded(f"ring: largest share, {way}").max()
        means = (recorded(f"ring: {what}, {way}").mean() for what in ("groups", "share"))
        rows.append((name, *means, within(low, high)))
    return DataFrame(rows, columns=["points", "groups", "share in a group", "range"])


@exhibit(over=OVER)
def balanced_finds_all() -> bool:
    """Of all trainings with three steps to one, at least nine in ten cover more than seven groups on average near the
    end, and in all of them more than half of the points lie in a group.
    """
    groups, share = recorded("ring: groups, 3 to 1"), recorded("ring: share, 3 to 1")
    return bool(np.mean(groups > 7) >= 0.9 and (share > 0.5).all())


@exhibit(over=OVER)
def even_fails_at_times() -> bool:
    """Of the trainings with one step to one, some cover seven groups or more on average near the end, and some fewer
    than four.
    """
    groups = recorded("ring: groups, 1 to 1")
    return bool(0 < np.sum(groups >= 7) < len(groups) and (groups < 4).any())


@exhibit(over=OVER)
def even_failures() -> str:
    """How many of the trainings with one step to one cover fewer than four groups on average near the end."""
    groups = recorded("ring: groups, 1 to 1")
    return f"{np.sum(groups < 4)} of {len(groups)}"


@exhibit(over=OVER)
def hasty_collapses() -> bool:
    """In no training with one step to ten does any look near the end find more than two of the eight groups covered."""
    return bool((recorded("ring: most groups, 1 to 10") <= 2).all())


@exhibit(over="one training while this site was built, beside the recorded ones")
def this_run_is_like_them() -> bool:
    """The two trainings drawn above end as the recorded ones: with three steps to one more than five groups are
    covered, with one step to ten at no look near the end more than three.
    """
    balanced_covers = np.mean([covered(samples(BALANCED, step))[0] for step in LATE])
    return balanced_covers > 5 and max(covered(samples(HASTY, step))[0] for step in LATE) <= 3


def digits_alt(steps_of_each: int) -> str:
    """What the made digits look like, in words."""
    look = (
        "gray noise"
        if steps_of_each == 0
        else "most of them readable"
        if steps_of_each >= 1000
        else "few of them readable"
    )
    return f"Forty made digits of 8 by 8 pixels after {steps_of_each} steps: {look}."


@exhibit(alt=digits_alt, explore={"steps_of_each": DIGIT_STEPS}, one_run=True)
def digits(steps_of_each: int = 2000) -> Figure:
    """Digits that nobody has written, from the same forty draws of noise at each step."""
    figure, axes = style.figure(4.8, 2.1)
    pictures.show(
        axes,
        np.block(
            [[np.pad(made_digits(steps_of_each)[10 * row + column], 1) for column in range(10)] for row in range(4)]
        ),
    )
    return figure


@exhibit()
def made_count() -> int:
    """How many made digits are put among as many held-out real ones."""
    return MADE


@exhibit()
def forgeries() -> DataFrame:
    """Digits of each kind among as many held-out real ones: of the real and of the made ones, the share whose nearest
    neighbor is of its own kind, one half for a perfect forgery; and the share that a [network trained on real
    digits][dl-vision] reads with near certainty. Means of the recorded trainings, and the range of the last.
    """
    kinds = {
        "real digits": "real digits, from the training data",
        "pixels drawn one by one": "every pixel drawn by itself",
    }
    kinds |= {f"GAN after {steps} steps": f"GAN after {steps} steps" for steps in DIGIT_STEPS[1:]}
    rows = []
    for kind, shown in kinds.items():
        means = (recorded(f"made digits: {what}, {kind}").mean() for what in ("real alike", "made alike", "readable"))
        rows.append((shown, *means, spread(f"made digits: readable, {kind}")))
    return DataFrame(rows, columns=["digits", "real find real", "made find made", "readable", "range"])


@exhibit(over=OVER)
def digits_become_better() -> bool:
    """In every training, more of the last step's digits are readable than of pixels drawn by themselves, by twenty
    percentage points or more; and made digits have a made one for nearest neighbor more often than real training digits
    have one another, by twenty points or more.
    """
    last = f"GAN after {DIGIT_STEPS[-1]} steps"
    gained = recorded(f"made digits: readable, {last}") - recorded("made digits: readable, pixels drawn one by one")
    alike = recorded(f"made digits: made alike, {last}") - recorded("made digits: made alike, real digits")
    return bool((gained > 0.2).all() and (alike > 0.2).all())


@exhibit(over="one training while this site was built, beside the recorded ones")
def these_digits_are_like_them() -> bool:
    """What is measured of the digits drawn above is like the recorded: within its range, made wider on each side by
    twice its width and a tenth of the mean.
    """
    return not outside({f"made digits: {name}": value for name, value in digit_measures(0).items()})
