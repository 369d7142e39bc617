"""Exhibits of the page on errors about shapes."""

from functools import cache

import numpy as np
from sklearn.linear_model import LogisticRegression

from dlref.engine.exhibit import exhibit
from dlref.exhibits._digits import digits_split

SPLITS = 10


def mixed(images: np.ndarray) -> np.ndarray:
    """What a view makes of pictures of shape (line, picture, 8): rows that belong to several pictures."""
    return images.transpose(1, 0, 2).reshape(len(images), -1)


def accuracy(seed: int, mix: bool) -> float:
    """Share of held-out digits that logistic regression reads right, trained on whole or on mixed pictures."""
    train, test, y_train, y_test = digits_split(seed)
    x, x_test = (mixed(part) if mix else part.reshape(len(part), -1) for part in (train, test))
    return LogisticRegression(max_iter=2000).fit(x, y_train).score(x_test, y_test)


def line_accuracy(seed: int) -> float:
    """Of a model of single lines, whose scores are averaged over the eight lines of a picture."""
    train, test, y_train, y_test = digits_split(seed)
    model = LogisticRegression(max_iter=2000).fit(train.reshape(-1, 8), np.repeat(y_train, 8))
    scores = model.decision_function(test.reshape(-1, 8)).reshape(len(test), 8, -1).mean(axis=1)
    return np.mean(scores.argmax(axis=1) == y_test)


@cache
def mean_per_cent(kind: str) -> float:
    """The mean over the splits, in per cent."""
    measured = {"lines": line_accuracy, "pictures": lambda s: accuracy(s, False), "mixed": lambda s: accuracy(s, True)}
    return 100 * float(np.mean([measured[kind](seed) for seed in range(SPLITS)]))


@exhibit(digits=0, over="10 random splits of the digits")
def by_pictures() -> float:
    """Held-out digits read right by logistic regression on whole pictures, in per cent: the mean."""
    return mean_per_cent("pictures")


@exhibit(digits=0, over="10 random splits of the digits")
def by_lines() -> float:
    """Held-out digits read right by a model of single lines, its scores averaged over a picture, in per cent."""
    return mean_per_cent("lines")


@exhibit(digits=0, over="10 random splits of the digits")
def scrambled() -> float:
    """Held-out digits read right where a view has mixed the lines of several pictures, in per cent: the mean."""
    return mean_per_cent("mixed")
