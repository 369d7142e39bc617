"""Exhibits of the page on bandits: choosing a learning method while learning which is better."""

from functools import cache, partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.bandits import (
    ab_test,
    bernoulli_rewards,
    epsilon_greedy,
    play,
    regret,
    thompson_sampling,
    ucb1,
    ucb1_regret_bound,
)
from dlref.engine.exhibit import exhibit
from dlref.plots import style
from dlref.plots.flow import Arrow, Box, flow

RUNS, STUDENTS, TRIAL = 300, 1000, 100
# Passes lost that the axis reaches to; epsilon-greedy without exploring loses more.
TOP = 65
GAPS = [0.05, 0.1, 0.2, 0.3]
EPSILONS = [0.0, 0.02, 0.1, 0.3]
NAMES = ("epsilon-greedy", "UCB1", "Thompson sampling", "A/B test")
VERDICTS = [20, 50, 100, 200, 400, 1000]


def pass_rates(gap: float) -> np.ndarray:
    """Share of students who pass with method A and with method B, which is the better one by the gap."""
    return np.array([0.5 - gap / 2, 0.5 + gap / 2])


@cache
def rewards(gap: float) -> np.ndarray:
    """What each method would give each student, in every run: the same for all strategies."""
    return bernoulli_rewards(pass_rates(gap), runs=RUNS, rounds=STUDENTS, generator=np.random.default_rng(0))


@cache
def chosen(name: str, gap: float, epsilon: float = 0.1) -> np.ndarray:
    """The method that a strategy assigns to each student, in every run."""
    generator = np.random.default_rng(1)
    strategies = {
        "epsilon-greedy": partial(epsilon_greedy, epsilon=epsilon, generator=generator),
        "UCB1": ucb1,
        "Thompson sampling": partial(thompson_sampling, generator=generator),
        "A/B test": partial(ab_test, per_arm=TRIAL),
    }
    return play(rewards(gap), strategies[name])


def lost(name: str, gap: float, epsilon: float = 0.1) -> np.ndarray:
    """Cumulative regret of every run, after each student."""
    return regret(pass_rates(gap), chosen(name, gap, epsilon))


@exhibit(
    alt="A loop: a student comes; choose A or B; the test is passed, 1, or failed, 0; counts and totals; and "
    "back to choose."
)
def loop() -> Figure:
    """What a bandit remembers: how often each method was assigned, and how many then passed."""
    boxes = {
        "student": Box("a student comes", 0, 0),
        "choose": Box("choose A or B", 1, 0, "work"),
        "test": Box("pass 1, fail 0", 2, 0),
        "memory": Box("counts, totals", 1, 1, "made"),
        "note": Box("add the reward", 2, 1, "work"),
    }
    arrows = [
        Arrow("student", "choose"),
        Arrow("choose", "test"),
        Arrow("test", "note"),
        Arrow("note", "memory"),
        Arrow("memory", "choose"),
    ]
    return flow(boxes, arrows, width=3.4)


@exhibit(digits=2)
def five_wrong() -> float:
    """Probability that method A passes at least as large a share of its three students as B of its two, when A passes
    0.4 of all students and B 0.6: summed over the outcomes in which it does.
    """
    from scipy.stats import binom

    a, b = np.meshgrid(np.arange(4), np.arange(3))
    chance = binom.pmf(a, 3, 0.4) * binom.pmf(b, 2, 0.6)
    return float(chance[2 * a >= 3 * b].sum())


def key_above(axes: Axes) -> None:
    """The strategies' names over the picture, where no line can cross them."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=2, columnspacing=1.2)


def regret_alt(gap: float, epsilon: float) -> str:
    """What the regret curves show, in words."""
    ends = ", ".join(f"{name} {lost(name, gap, epsilon)[:, -1].mean():.0f}" for name in NAMES)
    return (
        f"Cumulative regret over {STUDENTS} students at a gap of {gap} and epsilon {epsilon}; mean at the end: {ends}."
    )


@exhibit(alt=regret_alt, explore={"gap": GAPS, "epsilon": EPSILONS})
def regret_curves(gap: float = 0.2, epsilon: float = 0.1) -> Figure:
    """Passes lost by not always assigning the better method: the mean of 300 runs, all on the same draws. The bars at
    the right hold the middle four fifths of the runs. A line that leaves the picture says where it ends.
    """
    figure, axes = style.figure(4.0, 3.6)
    shown = np.r_[0, np.arange(24, STUDENTS, 25)]
    for i, (name, color, dash) in enumerate(zip(NAMES, style.SERIES, style.DASHES, strict=True)):
        runs = lost(name, gap, epsilon)
        mean = runs.mean(axis=0)
        if mean[-1] > TOP:
            axes.text(980, TOP - 1, f"to {mean[-1]:.0f}", color=color, ha="right", va="top")
        axes.plot(shown + 1, mean[shown], color=color, linestyle=dash, label=name)
        x = STUDENTS + 35 + 50 * i
        axes.plot((x, x), np.percentile(runs[:, -1], (10, 90)), color=color, linewidth=1.4)
        axes.plot(x, mean[-1], style.MARKERS[i], color=color, markersize=5)
    key_above(axes)
    axes.set(xlim=(0, STUDENTS + 210), ylim=(0, TOP), xticks=range(0, STUDENTS + 1, 250))
    axes.set(xlabel="students", ylabel="regret, passes lost")
    return figure


@exhibit(explore={"gap": GAPS, "epsilon": EPSILONS}, digits={"lost": 1, "10 %": 1, "90 %": 1, "better": 2})
def summary(gap: float = 0.2, epsilon: float = 0.1) -> DataFrame:
    """After 1,000 students: passes lost on average, in a tenth of the runs at most and in a tenth at least, and, as
    better, the share who were assigned the better method.
    """
    rows = {}
    for name in NAMES:
        end = lost(name, gap, epsilon)[:, -1]
        low, high = np.percentile(end, (10, 90))
        share = np.mean(chosen(name, gap, epsilon))
        rows[name] = {"lost": end.mean(), "10 %": low, "90 %": high, "better": share}
    return DataFrame.from_dict(rows, orient="index").rename_axis("strategy")


def right_verdict(name: str, gap: float, epsilon: float, count: int) -> float:
    """Share of runs in which the better method has the larger share of passes so far; a tie is half."""
    arms, reward = chosen(name, gap, epsilon)[:, :count], rewards(gap)[:, :count]
    totals = [np.sum((arms == arm) & reward[..., arm], axis=1) for arm in (0, 1)]
    tried = [np.maximum(np.sum(arms == arm, axis=1), 1) for arm in (0, 1)]
    a, b = (total / count for total, count in zip(totals, tried, strict=True))
    return float(np.mean(b > a) + np.mean(b == a) / 2)


@exhibit(
    alt=lambda gap, epsilon: (
        f"Share of runs in which the better method looks better, against students, gap {gap}, epsilon {epsilon}. After "
        "200 students: " + ", ".join(f"{name} {right_verdict(name, gap, epsilon, 200):.2f}" for name in NAMES) + "."
    ),
    explore={"gap": GAPS, "epsilon": EPSILONS},
)
def verdicts(gap: float = 0.2, epsilon: float = 0.1) -> Figure:
    """How soon the better method looks better, by its share of passes so far. Up to student 200 the A/B test assigns
    both methods equally often, which is hard to beat for telling them apart.
    """
    figure, axes = style.figure(4.0, 3.6)
    for i, (name, color, dash) in enumerate(zip(NAMES, style.SERIES, style.DASHES, strict=True)):
        shares = [right_verdict(name, gap, epsilon, count) for count in VERDICTS]
        axes.plot(VERDICTS, shares, color=color, linestyle=dash, marker=style.MARKERS[i], label=name)
    key_above(axes)
    axes.set(xscale="log", xticks=VERDICTS, xticklabels=VERDICTS, ylim=(0.35, 1.02))
    axes.set(xlabel="students seen", ylabel="share of runs right")
    axes.minorticks_off()
    return figure


@exhibit()
def no_faster_verdict() -> bool:
    """After 200 students, at every gap, no bandit's verdict is right in clearly more runs than the A/B test's.

    Clearly is by more than three standard errors of a share of 300 runs; epsilon-greedy's is right in clearly fewer
    runs at gaps of 0.1 and 0.2.
    """
    margins = {
        (name, gap): right_verdict(name, gap, 0.1, 200) - right_verdict("A/B test", gap, 0.1, 200)
        for name in NAMES[:3]
        for gap in GAPS
    }
    error = 3 * np.sqrt(0.25 / RUNS)
    return max(margins.values()) < error and all(margins["epsilon-greedy", gap] < -0.04 for gap in (0.1, 0.2))


@exhibit(digits=2)
def stuck() -> float:
    """Share of the runs at a gap of 0.2 in which epsilon-greedy with epsilon 0 assigns each of the last 500 students
    the worse method.
    """
    return float(np.mean((chosen("epsilon-greedy", 0.2, 0.0)[:, 500:] == 0).all(axis=1)))


@exhibit(digits=2)
def wrong_winner() -> float:
    """Share of the runs at a gap of 0.05 in which the A/B test ends with the worse method."""
    return float(np.mean(chosen("A/B test", 0.05)[:, -1] == 0))


@exhibit(digits=2)
def share_of_worse() -> float:
    """Share of passes of the worse method among the students assigned to it by Thompson sampling, at a gap of 0.2: the
    mean over all runs in which it was assigned at all.
    """
    tried = chosen("Thompson sampling", 0.2) == 0
    counts, passed = np.sum(tried, axis=1), np.sum(tried & rewards(0.2)[..., 0], axis=1)
    return float(np.mean(passed[counts > 0] / counts[counts > 0]))


@exhibit()
def thompson_loses_least() -> bool:
    """Thompson sampling loses less on average than the A/B test and the other two, at every gap and every epsilon."""
    ends = {
        (name, gap, epsilon): lost(name, gap, epsilon)[:, -1].mean()
        for name in NAMES
        for gap in GAPS
        for epsilon in EPSILONS
    }
    return all(ends["Thompson sampling", *at] < loss for (name, *at), loss in ends.items() if name != NAMES[2])


@exhibit()
def ucb_can_lose_more() -> bool:
    """At gaps of 0.1 and 0.2, UCB1 loses more on average over 1,000 students than the A/B test."""
    return all(lost("UCB1", gap)[:, -1].mean() > lost("A/B test", gap)[:, -1].mean() for gap in (0.1, 0.2))


@exhibit(
    alt="Regret of UCB1 against students, at a gap of 0.2, from 10 to 1,000, with the bound far above it: both rise, "
    "the bound in a straight line over the logarithmic axis."
)
def bound() -> Figure:
    """UCB1 stays far under its bound, which holds for any rewards between 0 and 1, the worst included."""
    figure, axes = style.figure(4.4, 3.0)
    rounds = np.unique(np.logspace(1, 3, 40).astype(int))
    axes.plot(rounds, ucb1_regret_bound(pass_rates(0.2), rounds), color=style.MUTED, linestyle=style.DASHES[1])
    axes.plot(rounds, lost("UCB1", 0.2).mean(axis=0)[rounds - 1], color=style.ORANGE)
    axes.text(30, 185, "bound", color=style.MUTED)
    axes.text(200, 30, "UCB1", color=style.ORANGE)
    ticks = (10, 100, 1000)
    axes.set(xscale="log", xticks=ticks, xticklabels=ticks, ylim=(0, 300))
    axes.set(xlabel="students", ylabel="regret, passes lost")
    return figure


@exhibit()
def under_the_bound() -> bool:
    """UCB1's mean regret is at most its bound after each of 1,000 students, at every gap."""
    rounds = np.arange(1, STUDENTS + 1)
    return all((lost("UCB1", gap).mean(axis=0) <= ucb1_regret_bound(pass_rates(gap), rounds)).all() for gap in GAPS)
