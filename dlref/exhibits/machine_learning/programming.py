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
REPEATS = 50


@cache
def digits(*wanted: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Images to learn from and images to be judged on, half and half, and the digit that each shows."""
    images, shown = load_digits(return_X_y=True)
    chosen = np.isin(shown, wanted)
    return train_test_split(images[chosen], shown[chosen], test_size=0.5, stratify=shown[chosen], random_state=0)


def rule(images: np.ndarray) -> np.ndarray:
    """Written by hand: the middle of a 0 is empty, that of a 1 is not."""
    middle = images.reshape(-1, 8, 8)[:, 3:5, 3:5].mean(axis=(1, 2))
    return np.where(middle > 4, 1, 0)


def learned(images: np.ndarray, shown: np.ndarray) -> LogisticRegression:
    """Learned from examples: a weight for each of the 64 pixels."""
    return LogisticRegression(max_iter=5000).fit(images / 16, shown)


def share_right(predicted: np.ndarray, shown: np.ndarray) -> float:
    """Share of the images whose digit was told."""
    return float(np.mean(predicted == shown))


@exhibit(alt="Two boxes, data and rules, lead into a box, a program runs, and from there to a third, answers.")
def programming_flow() -> Figure:
    """Programming: a person writes the rules."""
    return join("data", "rules", "a program runs", "answers")


@exhibit(alt="Two boxes, data and answers, lead into a box, an algorithm learns, and from there to a third, rules.")
def learning_flow() -> Figure:
    """Machine learning: the rules are what comes out."""
    return join("data", "answers", "an algorithm learns", "rules")


@exhibit(
    alt="Eight small gray images of handwriting: four zeros, four ones. A square marks the middle four pixels; they "
    "are mostly empty in the zeros, but for the third, and inked in the ones, but for the second."
)
def handwriting() -> Figure:
    """The middle four pixels, framed, are mostly empty in a 0 and inked in a 1: a rule that a person can see, and that
    the third 0 and the second 1 break.
    """
    images, _, shown, _ = digits(0, 1)
    figure, axes = style.figure(4.4, 2.3, nrows=2, ncols=4)
    for digit, row in enumerate(axes):
        for image, place in zip(images[shown == digit], row, strict=False):
            place.pcolormesh(image.reshape(8, 8), cmap=style.ramp(style.INK, 17, low=0), vmin=0, vmax=16)
            place.plot((3, 5, 5, 3, 3), (3, 3, 5, 5, 3), color=style.ORANGE, linewidth=1.6)
            place.set(aspect="equal", ylim=(8, 0))
            place.set_axis_off()
    return figure


@exhibit(digits=3)
def scores() -> DataFrame:
    """Share of new images told rightly, of about as many as there are examples. For all ten digits nobody wrote a rule;
    the learning code stays the same.
    """
    rows = {}
    for task, wanted in {"0 or 1": (0, 1), "all ten digits": tuple(range(10))}.items():
        images, new_images, shown, new_shown = digits(*wanted)
        model = learned(images, shown)
        rows[task] = {
            "examples": len(images),
            "by hand": share_right(rule(new_images), new_shown) if len(wanted) == 2 else "none written",
            "learned": share_right(model.predict(new_images / 16), new_shown),
        }
    return DataFrame.from_dict(rows, orient="index").rename_axis("task")


@cache
def by_size() -> tuple[float, np.ndarray]:
    """Share right of the rule by hand, and of rules learned from ever more examples, each size drawn many times."""
    images, new_images, shown, new_shown = digits(0, 1)
    generator = np.random.default_rng(0)
    found = np.empty((len(SIZES), REPEATS))
    for i, size in enumerate(SIZES):
        for j in range(REPEATS):
            halves = [generator.choice(np.flatnonzero(shown == digit), size // 2, replace=False) for digit in (0, 1)]
            some = np.concatenate(halves)
            found[i, j] = share_right(learned(images[some], shown[some]).predict(new_images / 16), new_shown)
    return share_right(rule(new_images), new_shown), found


@exhibit(
    alt=lambda: (
        "Share of new images told rightly against the number of examples. The learned rule rises from "
        f"{by_size()[1][0].mean():.2f} with {SIZES[0]} examples to {by_size()[1][-1].mean():.2f} with {SIZES[-1]}, its "
        f"spread narrowing, and crosses the rule by hand, a level line at {by_size()[0]:.2f}."
    )
)
def examples_needed() -> Figure:
    """With a handful of examples the written rule is ahead; the learned one gets better as examples come in. The band
    holds the middle four fifths of 50 draws.
    """
    by_hand, found = by_size()
    figure, axes = style.figure(4.4, 3.0)
    low, high = np.percentile(found, (10, 90), axis=1)
    axes.fill_between(SIZES, low, high, color=style.tint(style.BLUE, 0.2), linewidth=0)
    axes.plot(SIZES, found.mean(axis=1), "o-", color=style.BLUE)
    axes.axhline(by_hand, color=style.ORANGE, linestyle=style.DASHES[1])
    axes.annotate("rule learned", (5, 0.93), color=style.BLUE)
    axes.annotate("rule by hand", (128, by_hand - 0.005), color=style.ORANGE, ha="right", va="top")
    axes.set(xscale="log", xticks=SIZES, xticklabels=SIZES, ylim=(0.8, 1.01), yticks=(0.8, 0.85, 0.9, 0.95, 1))
    axes.set(xlabel="examples learned from", ylabel="share of new images right")
    axes.minorticks_off()
    return figure


@exhibit()
def lead_changes() -> bool:
    """On average over 50 draws, rules learned from 4 examples are behind the rule by hand, from 32 on ahead."""
    by_hand, found = by_size()
    average = dict(zip(SIZES, found.mean(axis=1), strict=True))
    return average[4] < by_hand < min(average[32], average[64], average[128])


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
