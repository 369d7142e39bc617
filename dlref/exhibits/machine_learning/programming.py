"""Exhibits of the page on classical programming and machine learning."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame
from sklearn.datasets import load_digits
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split

from dlref.datasets import students
from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import heart_scores, heart_split
from dlref.plots import style
from dlref.plots.flow import join

SIZES = (2, 4, 8, 16, 32, 64, 128)
SPLITS, DRAWS = 20, 200


@cache
def pictured(*wanted: int) -> tuple[np.ndarray, np.ndarray]:
    """All images of these digits, and the digit that each shows."""
    images, shown = load_digits(return_X_y=True)
    chosen = np.isin(shown, wanted)
    return images[chosen], shown[chosen]


def halves(split: int, *wanted: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Images to learn from and images to be judged on, half and half, and the digit that each shows."""
    images, shown = pictured(*wanted)
    return train_test_split(images, shown, test_size=0.5, stratify=shown, random_state=split)


def rule(images: np.ndarray) -> np.ndarray:
    """Written by hand: the middle of a 0 is empty, that of a 1 is not."""
    middle = images.reshape(-1, 8, 8)[:, 3:5, 3:5].mean(axis=(1, 2))
    return np.where(middle > 8, 1, 0)


def learned(images: np.ndarray, shown: np.ndarray) -> LogisticRegression:
    """Learned from examples: a weight for each of the 64 pixels."""
    # To the minimum, so that no rounding decides an image.
    return LogisticRegression(max_iter=5000, tol=1e-6).fit(images / 16, shown)


def share_right(predicted: np.ndarray, shown: np.ndarray) -> float:
    """Share of the images that are classified correctly."""
    return float(np.mean(predicted == shown))


@exhibit(alt="Two boxes, data and rules, lead into a box, a program runs, and from there to a third, answers.")
def programming_flow() -> Figure:
    """Programming: a person writes the rules."""
    return join("data", "rules", "a program runs", "answers")


@exhibit(alt="Two boxes, data and answers, lead into a box, an algorithm learns, and from there to a third, rules.")
def learning_flow() -> Figure:
    """Machine learning: the rules are what comes out."""
    return join("data", "answers", "an algorithm learns", "rules")


def first_four() -> tuple[np.ndarray, np.ndarray]:
    """The first four zeros and the first four ones of the data."""
    images, shown = pictured(0, 1)
    four = np.concatenate([np.flatnonzero(shown == digit)[:4] for digit in (0, 1)])
    return images[four], shown[four]


@exhibit(
    alt="Eight small gray images of handwriting: four zeros, four ones. A square marks the middle four pixels; they "
    "are nearly empty in the zeros and inked in the ones."
)
def handwriting() -> Figure:
    """The middle four pixels, framed, are empty in a 0 and inked in a 1: a rule that a person can see."""
    images, _ = first_four()
    figure, axes = style.figure(4.4, 2.3, nrows=2, ncols=4)
    for image, place in zip(images, axes.ravel(), strict=True):
        place.pcolormesh(image.reshape(8, 8), cmap=style.ramp(style.INK, 17, low=0), vmin=0, vmax=16)
        place.plot((3, 5, 5, 3, 3), (3, 3, 5, 5, 3), color=style.ORANGE, linewidth=1.6)
        place.set(aspect="equal", ylim=(8, 0))
        place.set_axis_off()
    return figure


@exhibit(over="360 images, all there are of 0 and 1")
def ink_in_the_middle() -> bool:
    """The rule, with a cutoff of 8, is right for more than 19 in 20 of all zeros and ones, and not for all."""
    images, shown = pictured(0, 1)
    return 0.95 < share_right(rule(images), shown) < 1


@exhibit(over="20 random halves")
def scores() -> DataFrame:
    """Share of held-out images classified correctly, mean ± standard deviation over 20 random halves: one half to
    learn from, the other to judge. For all ten digits nobody wrote a rule; the learning code stays the same.
    """
    rows = {}
    for task, wanted in {"0 or 1": (0, 1), "all ten digits": tuple(range(10))}.items():
        by_hand, by_learning = [], []
        for split in range(SPLITS):
            images, new_images, shown, new_shown = halves(split, *wanted)
            by_hand.append(share_right(rule(new_images), new_shown))
            by_learning.append(share_right(learned(images, shown).predict(new_images / 16), new_shown))
        written = mean_and_spread(by_hand) if len(wanted) == 2 else "none written"
        rows[task] = {"examples": len(images), "by hand": written, "learned": mean_and_spread(by_learning)}
    return DataFrame.from_dict(rows, orient="index").rename_axis("task")


def mean_and_spread(shares: list[float]) -> str:
    """Mean ± standard deviation."""
    return f"{np.mean(shares):.3f} ± {np.std(shares, ddof=1):.3f}"


@cache
def by_size() -> tuple[np.ndarray, np.ndarray]:
    """Share right, in each of many random halves, of the rule by hand, and of rules learned from ever more examples."""
    by_hand, found = np.empty(DRAWS), np.empty((len(SIZES), DRAWS))
    for j in range(DRAWS):
        images, new_images, shown, new_shown = halves(j, 0, 1)
        by_hand[j] = share_right(rule(new_images), new_shown)
        zeros, ones = (np.flatnonzero(shown == digit) for digit in (0, 1))
        for i, size in enumerate(SIZES):
            some = np.concatenate([zeros[: size // 2], ones[: size // 2]])
            found[i, j] = share_right(learned(images[some], shown[some]).predict(new_images / 16), new_shown)
    return by_hand, found


@exhibit(
    alt=lambda: (
        "Share of held-out images classified correctly against the number of examples. The learned rule rises from "
        f"{by_size()[1][0].mean():.2f} with {SIZES[0]} examples to {by_size()[1][-1].mean():.2f} with {SIZES[-1]}, its "
        f"spread narrowing, and crosses the rule by hand, a level line at {by_size()[0].mean():.2f}."
    )
)
def examples_needed() -> Figure:
    """With two examples the written rule is ahead; the learned one gets better as examples come in. Means of 200 random
    halves of the images; the bands hold the middle four fifths.
    """
    by_hand, found = by_size()
    figure, axes = style.figure(4.4, 3.0)
    low, high = np.percentile(found, (10, 90), axis=1)
    axes.fill_between(SIZES, low, high, color=style.tint(style.BLUE, 0.2), linewidth=0)
    axes.axhspan(*np.percentile(by_hand, (10, 90)), color=style.tint(style.ORANGE, 0.2), linewidth=0)
    axes.plot(SIZES, found.mean(axis=1), "o-", color=style.BLUE)
    axes.axhline(by_hand.mean(), color=style.ORANGE, linestyle=style.DASHES[1])
    axes.annotate("rule learned", (6, 0.915), color=style.BLUE)
    axes.annotate("rule by hand", (128, 0.945), color=style.ORANGE, ha="right", va="top")
    axes.set(xscale="log", xticks=SIZES, xticklabels=SIZES, ylim=(0.75, 1.01), yticks=(0.75, 0.8, 0.85, 0.9, 0.95, 1))
    axes.set(xlabel="examples learned from", ylabel="share of held-out images right")
    axes.minorticks_off()
    return figure


@exhibit(over="200 random halves of the images")
def lead_changes() -> bool:
    """A rule learned from 2 examples is behind the rule by hand in at least 60 % of the halves, one learned from 32, 64
    or 128 is ahead in at least 90 %; with 4 the means differ by less than 0.02.
    """
    by_hand, found = by_size()
    gap = dict(zip(SIZES, found - by_hand, strict=True))
    ahead = min(np.mean(gap[size] > 0) for size in (32, 64, 128))
    return bool(np.mean(gap[2] < 0) >= 0.6 and ahead >= 0.9 and abs(gap[4].mean()) < 0.02)


@exhibit(
    alt="Eight by eight squares, one for each pixel. Those in and around the framed middle are blue, which speaks for "
    "a 1; to the left and right of them most are gray, which speaks for a 0."
)
def weights() -> Figure:
    """What was learned: 64 numbers, one for each pixel, the mean over 20 random halves. Ink where it is blue speaks
    for a 1, where it is gray for a 0, the darker the more.
    """
    found = np.mean([learned(*halves(split, 0, 1)[::2]).coef_[0] for split in range(SPLITS)], axis=0)
    largest = np.abs(found).max()
    figure, axes = style.figure(2.4, 2.2)
    axes.pcolormesh(found.reshape(8, 8), cmap=style.diverging(style.INK, style.BLUE), vmin=-largest, vmax=largest)
    axes.plot((3, 5, 5, 3, 3), (3, 3, 5, 5, 3), color=style.ORANGE, linewidth=1.6)
    axes.set(aspect="equal", ylim=(8, 0))
    axes.set_axis_off()
    return figure


@exhibit(digits=2)
def transformation() -> DataFrame:
    """Seven patients who were not learned from: measurements go in, two of them shown, and a prediction comes out. The
    last column is what turned out to be true; the model never saw it.
    """
    _, patients, _, _ = heart_split()
    truth, probability = (values[:7] for values in heart_scores())
    names = np.array(["healthy", "ill"])
    predicted = names[(probability >= 0.5).astype(int)]
    some = patients[["Age", "MaxHR"]].head(7).reset_index(drop=True)
    return some.assign(probability=probability, prediction=predicted, truth=names[truth])


@exhibit(
    alt="Percentage in a test against hours of learning for 60 students, rising. Many gray lines of other slopes cross "
    "the cloud; one blue line runs through its middle."
)
def candidates() -> Figure:
    """Every line is a possible map from hours to a percentage. Learning picks the one that lies closest to the known
    answers.
    """
    table = students(60)
    hours = np.array([0, 10])
    slope, intercept = np.polyfit(table["Hours"], table["Percentage"], 1)
    generator = np.random.default_rng(1)
    figure, axes = style.figure(4.2, 3.1)
    for other, start in zip(generator.uniform(-3, 10, 24), generator.uniform(0, 80, 24), strict=True):
        axes.plot(hours, start + other * hours, color=style.tint(style.MUTED, 0.35), linewidth=0.8)
    axes.plot(table["Hours"], table["Percentage"], "o", color=style.MUTED)
    axes.plot(hours, intercept + slope * hours, color=style.BLUE, linewidth=2.4)
    axes.set(xlim=(0, 10), ylim=(0, 100), xlabel="hours of learning", ylabel="percentage in the test")
    return figure
