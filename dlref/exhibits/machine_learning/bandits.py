"""Exhibits of the page on bandits: choosing a learning method while learning which is better."""

from functools import cache, partial

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from pandas import DataFrame
from scipy.stats import beta, binom

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

RUNS, STUDENTS, TRIAL = 1000, 1000, 100
GAPS = [0.05, 0.1, 0.2, 0.3]
EPSILONS = [0.0, 0.02, 0.1, 0.3]
NAMES = ("epsilon-greedy", "UCB1", "Thompson sampling", "A/B test")
VERDICTS = [20, 50, 100, 200, 400, 1000]
LENGTHS = [10, 20, 50, 100, 200, 400]
# A difference of shares, or of means in standard errors, that chance leaves behind once in 30,000 comparisons.
CLEARLY = 4


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
        "UCB1": partial(ucb1, generator=generator),
        "Thompson sampling": partial(thompson_sampling, generator=generator),
        "A/B test": partial(ab_test, per_arm=TRIAL, generator=generator),
    }
    return play(rewards(gap), strategies[name])


def lost(name: str, gap: float, epsilon: float = 0.1) -> np.ndarray:
    """Cumulative regret of every run, after each student."""
    return regret(pass_rates(gap), chosen(name, gap, epsilon))


def worse(name: str, gap: float, epsilon: float = 0.1) -> np.ndarray:
    """How many of the 1,000 students of every run were assigned the worse method; the gap times that is the regret.

    Whole numbers, so that no sum is rounded: the digits shown are the same on every processor.
    """
    return np.sum(chosen(name, gap, epsilon) == 0, axis=1)


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
    a, b = np.meshgrid(np.arange(4), np.arange(3))
    chance = binom.pmf(a, 3, 0.4) * binom.pmf(b, 2, 0.6)
    return float(chance[2 * a >= 3 * b].sum())


def after(students: int) -> tuple[np.ndarray, np.ndarray]:
    """Assignments and passes of either method in the first run of Thompson sampling at a gap of 0.2."""
    arms = chosen("Thompson sampling", 0.2)[0, :students]
    passed = rewards(0.2)[0, np.arange(students), arms]
    return np.bincount(arms, minlength=2), np.bincount(arms, weights=passed, minlength=2)


@exhibit(
    alt="Two curves over the pass rate, one for each method: how plausible each rate is after {students} students. "
    "Two dotted lines mark the true rates.",
    explore={"students": [0, 10, 30, 100, 300, 1000]},
)
def posteriors(students: int = 30) -> Figure:
    """What Thompson sampling takes each pass rate to be, in one run. Before the first student all rates are equally
    plausible; a method that is assigned more often is known more closely. The dotted lines are the true rates.
    """
    figure, axes = style.figure(4.2, 2.6)
    rates = np.linspace(0, 1, 401)
    for i, (name, n, passes) in enumerate(zip("AB", *after(students), strict=True)):
        color = (style.MUTED, style.INK)[i]
        density = beta.pdf(rates, 1 + passes, 1 + n - passes)
        axes.plot(rates, density, color=color, linestyle=style.DASHES[i], label=f"{name}, assigned to {n}")
        axes.axvline(pass_rates(0.2)[i], color=color, linewidth=0.9, linestyle=":")
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=2)
    axes.set(xlim=(0, 1), ylim=(0, None), yticks=(), xlabel="pass rate", ylabel="plausibility")
    return figure


def key_above(axes: Axes) -> None:
    """The strategies' names over the picture, where no line can cross them."""
    axes.legend(loc="lower left", bbox_to_anchor=(-0.02, 1), ncols=2, columnspacing=1.2)


def regret_alt(gap: float, epsilon: float) -> str:
    """What the regret curves show, in words."""
    ends = ", ".join(f"{name} {gap * worse(name, gap, epsilon).mean():.0f}" for name in NAMES)
    return (
        f"Cumulative regret over {STUDENTS} students at a gap of {gap} and epsilon {epsilon}; mean at the end: {ends}."
    )


@exhibit(alt=regret_alt, explore={"gap": GAPS, "epsilon": EPSILONS})
def regret_curves(gap: float = 0.2, epsilon: float = 0.1) -> Figure:
    """Passes lost by not always assigning the better method: the mean of 1,000 runs. The bars at the right hold the
    middle four fifths of the runs; they may leave the picture.
    """
    figure, axes = style.figure(4.0, 3.6)
    shown = np.r_[0, np.arange(24, STUDENTS, 25)]
    for i, (name, color, dash) in enumerate(zip(NAMES, style.SERIES, style.DASHES, strict=True)):
        runs = lost(name, gap, epsilon)
        mean = runs.mean(axis=0)
        axes.plot(shown + 1, mean[shown], color=color, linestyle=dash, label=name)
        x = STUDENTS + 35 + 50 * i
        axes.plot((x, x), np.percentile(runs[:, -1], (10, 90)), color=color, linewidth=1.4)
        axes.plot(x, mean[-1], style.MARKERS[i], color=color, markersize=5)
    key_above(axes)
    axes.set(xlim=(0, STUDENTS + 210), ylim=(0, 80), xticks=range(0, STUDENTS + 1, 250))
    axes.set(xlabel="students", ylabel="regret, passes lost")
    return figure


@exhibit(
    explore={"gap": GAPS, "epsilon": EPSILONS},
    digits={"lost": 1, "±": 1, "10 %": 1, "90 %": 1, "better": 2},
    over="1,000 runs",
)
def summary(gap: float = 0.2, epsilon: float = 0.1) -> DataFrame:
    """After 1,000 students: passes lost, the mean of 1,000 runs and its standard error; what a tenth of the runs lose
    at most, and a tenth at least; and, as better, the share of the students who were assigned the better method.
    """
    rows = {}
    for name in NAMES:
        count = worse(name, gap, epsilon)
        low, high = np.percentile(count, (10, 90), method="nearest")
        error = count.std(ddof=1) / np.sqrt(RUNS)
        rows[name] = [*(gap * np.array([count.mean(), error, low, high])), 1 - count.mean() / STUDENTS]
    columns = ["lost", "±", "10 %", "90 %", "better"]
    return DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("strategy")


def mistaken(gap: float, per_arm: int) -> float:
    """Probability that an A/B test names the worse method: two binomials, and half of their ties."""
    passes = np.arange(per_arm + 1)
    worse, better = (binom(per_arm, rate) for rate in pass_rates(gap))
    return float(np.sum(worse.pmf(passes) * (better.cdf(passes) - better.pmf(passes) / 2)))


def expected_loss(gap: float, per_arm: int) -> tuple[float, float]:
    """Mean and standard deviation of the regret of an A/B test after 1,000 students, exactly."""
    wrong, rest = mistaken(gap, per_arm), (STUDENTS - 2 * per_arm) * gap
    return per_arm * gap + rest * wrong, rest * np.sqrt(wrong * (1 - wrong))


@exhibit()
def trial_lengths() -> DataFrame:
    """Passes lost over 1,000 students by A/B tests of other lengths, mean ± standard deviation, computed exactly from
    the binomial distribution; last, Thompson sampling in 1,000 runs. The best length depends on the gap, which nobody
    knows beforehand.
    """
    rows = {f"A/B, {length} each": [expected_loss(gap, length) for gap in GAPS] for length in LENGTHS}
    counts = [worse("Thompson sampling", gap) for gap in GAPS]
    rows["Thompson sampling"] = [(g * n.mean(), g * n.std(ddof=1)) for g, n in zip(GAPS, counts, strict=True)]
    table = {name: [f"{mean:.1f} ± {sd:.1f}" for mean, sd in row] for name, row in rows.items()}
    columns = [f"gap {gap:g}" for gap in GAPS]
    return DataFrame.from_dict(table, orient="index", columns=columns).rename_axis("strategy")


@exhibit(follows="the binomial distribution of the passes in the trial")
def no_length_fits_all() -> bool:
    """Over 1,000 students a trial of 20 each loses less than one of 100 each at a gap of 0.3, and more at 0.05."""
    short, long = ([expected_loss(gap, length)[0] for gap in (0.3, 0.05)] for length in (20, 100))
    return short[0] < long[0] and short[1] > long[1]


@cache
def right_verdict(name: str, gap: float, epsilon: float, count: int) -> float:
    """Share of runs in which the better method has the larger share of passes so far; a tie is half."""
    arms, reward = chosen(name, gap, epsilon)[:, :count], rewards(gap)[:, :count]
    totals = [np.sum((arms == arm) & reward[..., arm], axis=1) for arm in (0, 1)]
    tried = [np.maximum(np.sum(arms == arm, axis=1), 1) for arm in (0, 1)]
    a, b = (total / count for total, count in zip(totals, tried, strict=True))
    return float(np.mean(b > a) + np.mean(b == a) / 2)


def verdict_alt(gap: float, epsilon: float) -> str:
    """What the verdict curves show, in words."""
    shares = ", ".join(f"{name} {right_verdict(name, gap, epsilon, 400):.2f}" for name in NAMES)
    return (
        f"Share of runs in which the better method looks better, against students, gap {gap}, epsilon {epsilon}. After "
        f"400 students: {shares}; both methods equally often, to the end, {1 - mistaken(gap, 200):.2f}."
    )


@exhibit(alt=verdict_alt, explore={"gap": GAPS, "epsilon": EPSILONS})
def verdicts(gap: float = 0.2, epsilon: float = 0.1) -> Figure:
    """In what share of 1,000 runs the better method has the larger share of passes so far. The gray line assigns both
    equally often to the end; the A/B test does so during its trial and then keeps to its winner.
    """
    figure, axes = style.figure(4.0, 3.6)
    even = [1 - mistaken(gap, count // 2) for count in VERDICTS]
    axes.plot(VERDICTS, even, color=style.MUTED, linewidth=4, alpha=0.5, label="equally often")
    for i, (name, color, dash) in enumerate(zip(NAMES, style.SERIES, style.DASHES, strict=True)):
        shares = [right_verdict(name, gap, epsilon, count) for count in VERDICTS]
        axes.plot(VERDICTS, shares, color=color, linestyle=dash, marker=style.MARKERS[i], label=name)
    key_above(axes)
    axes.set(xscale="log", xticks=VERDICTS, xticklabels=VERDICTS, ylim=(0.5, 1.02))
    axes.set(xlabel="students seen", ylabel="share of runs right")
    axes.minorticks_off()
    return figure


@exhibit(over="1,000 runs at each of 4 gaps, after 20 to 1,000 students")
def no_faster_verdict() -> bool:
    """At no gap and after none of the numbers of students is a bandit's verdict right in clearly more runs than that of
    equal assignment, which is known exactly; UCB1's is not right in clearly fewer either.

    Clearly is by more than four standard errors of a share of 1,000 runs. Epsilon is 0.1.
    """
    error = CLEARLY * np.sqrt(0.25 / RUNS)
    ahead = {name: [ahead_of_even(name, gap, count) for gap in GAPS for count in VERDICTS] for name in NAMES[:3]}
    return bool(max(map(max, ahead.values())) < error and min(ahead["UCB1"]) > -error)


def ahead_of_even(name: str, gap: float, count: int) -> float:
    """By how much a strategy's verdict is right in more runs than that of equal assignment."""
    return right_verdict(name, gap, 0.1, count) - (1 - mistaken(gap, count // 2))


@exhibit(over="1,000 runs at each of 2 gaps")
def greedy_is_behind() -> bool:
    """At gaps of 0.1 and 0.2, after 50, 100 and 200 students, epsilon-greedy with epsilon 0.1 has the better method
    ahead in clearly fewer runs than equal assignment.
    """
    return all(ahead_of_even("epsilon-greedy", gap, count) < -0.02 for gap in (0.1, 0.2) for count in (50, 100, 200))


@exhibit(over="1,000 runs at a gap of 0.05")
def ab_stops_comparing() -> bool:
    """After 1,000 students UCB1's verdict is right in more runs than that of the A/B test, which ended before."""
    return right_verdict("UCB1", 0.05, 0.1, 1000) > right_verdict("A/B test", 0.05, 0.1, 1000) + 0.02


@exhibit(digits=2, over="1,000 runs")
def stuck() -> float:
    """Share of the runs at a gap of 0.2 in which epsilon-greedy with epsilon 0 assigns each of the last 500 students
    the worse method.
    """
    return float(np.mean((chosen("epsilon-greedy", 0.2, 0.0)[:, 500:] == 0).all(axis=1)))


@exhibit(digits=3, explore={"gap": GAPS})
def wrong_winner(gap: float = 0.2) -> float:
    """Probability that the A/B test of 100 students each ends with the worse method, from two binomials."""
    return mistaken(gap, TRIAL)


@exhibit(digits=2, over="1,000 runs")
def share_of_worse() -> float:
    """Share of passes of the worse method among the students assigned to it by Thompson sampling, at a gap of 0.2: the
    mean over all runs in which it was assigned at all.
    """
    return float(shares_of_worse().mean())


def shares_of_worse() -> np.ndarray:
    """The worse method's share of passes, in each run in which Thompson sampling assigned it."""
    tried = chosen("Thompson sampling", 0.2) == 0
    counts, passed = np.sum(tried, axis=1), np.sum(tried & rewards(0.2)[..., 0], axis=1)
    return passed[counts > 0] / counts[counts > 0]


@exhibit(over="1,000 runs")
def luck_has_no_time_to_turn() -> bool:
    """That mean lies below the method's pass rate by more than four of its standard errors."""
    shares = shares_of_worse()
    return bool(shares.mean() + CLEARLY * shares.std(ddof=1) / np.sqrt(len(shares)) < pass_rates(0.2)[0])


@exhibit(over="1,000 runs at each of 3 gaps and 4 values of epsilon")
def thompson_loses_least() -> bool:
    """At gaps from 0.1 on, Thompson sampling loses less on average over 1,000 students than epsilon-greedy with any of
    the epsilons, than UCB1, and than an A/B test of any of the lengths in the table.
    """
    for gap in GAPS[1:]:
        others = [gap * worse("epsilon-greedy", gap, epsilon).mean() for epsilon in EPSILONS]
        others += [gap * worse("UCB1", gap).mean(), *(expected_loss(gap, length)[0] for length in LENGTHS)]
        if gap * worse("Thompson sampling", gap).mean() >= min(others):
            return False
    return True


@exhibit(over="1,000 runs at each gap")
def ucb_is_overtaken() -> bool:
    """When the trial of the A/B test ends, UCB1 has lost less at every gap; after 1,000 students it has lost more at
    gaps of 0.05, 0.1 and 0.2.
    """

    def ahead(gap: float, students: int) -> float:
        return lost("A/B test", gap)[:, students - 1].mean() - lost("UCB1", gap)[:, students - 1].mean()

    return all(ahead(gap, 2 * TRIAL) > 0 for gap in GAPS) and all(ahead(gap, STUDENTS) < 0 for gap in GAPS[:3])


@exhibit(explore={"gap": GAPS}, over="1,000 runs, drawn again with replacement 200 times")
def crossing(gap: float = 0.2) -> str:
    """After how many students the mean regret of UCB1 is above that of the A/B test and stays there up to student
    1,000: the middle nine tenths of the numbers found when the runs are drawn again with replacement.
    """
    # Counts of the worse method: whole numbers, so that no sum is rounded.
    so_far = (np.cumsum(chosen(name, gap) == 0, axis=1, dtype=float) for name in ("UCB1", "A/B test"))
    weights = np.random.default_rng(2).multinomial(RUNS, np.full(RUNS, 1 / RUNS), size=200).astype(float)
    below = np.subtract(*(weights @ counts for counts in so_far)) <= 0
    last = STUDENTS - np.argmax(below[:, ::-1], axis=1)
    low, high = np.percentile(last, (5, 95), method="nearest")
    return f"after {low:.0f} to {high:.0f} students" if high < STUDENTS else f"not within {STUDENTS:,} students"


@exhibit(
    alt="Regret of UCB1 against students, at a gap of 0.2, from 10 to 1,000, with the bound far above it: both rise, "
    "the bound in a straight line over the logarithmic axis."
)
def bound() -> Figure:
    """UCB1, the mean of 1,000 runs at a gap of 0.2, stays far under its bound, which holds for any rewards between 0
    and 1, the worst included.
    """
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


@exhibit(over="1,000 runs at each of 4 gaps")
def under_the_bound() -> bool:
    """UCB1's mean regret is at most its bound after each of 1,000 students, at every gap."""
    rounds = np.arange(1, STUDENTS + 1)
    return all((lost("UCB1", gap).mean(axis=0) <= ucb1_regret_bound(pass_rates(gap), rounds)).all() for gap in GAPS)
