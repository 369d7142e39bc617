"""Exhibits of the page on errors about types, labels and files."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from dlref.engine.exhibit import exhibit
from dlref.exhibits._digits import digits_split

SPLITS = 10


def nines(largest: int) -> float:
    """Held-out nines that are called nine where labels were clamped to `largest`, in per cent: the mean."""
    found = []
    for seed in range(SPLITS):
        train, test, y_train, y_test = digits_split(seed)
        model = LogisticRegression(max_iter=2000).fit(train.reshape(len(train), -1), y_train.clip(max=largest))
        found.append(np.mean(model.predict(test[y_test == 9].reshape(-1, 64)) == 9))
    return 100 * float(np.mean(found))


@exhibit(digits=0, over="10 random splits of the digits")
def nines_right() -> float:
    """Held-out nines that are called nine by a model whose labels were clamped to 8, in per cent: the mean."""
    return nines(8)


@exhibit(digits=0, over="10 random splits of the digits")
def nines_right_all() -> float:
    """Held-out nines that are called nine by a model of all ten digits, in per cent: the mean."""
    return nines(9)
