"""Exhibits of the section on handwritten digits."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._digits import digit_accuracies, digit_probabilities, digits_split
from dlref.exhibits.deep_learning._recorded import OVER, outside, recorded, spread
from dlref.metrics import confusion_matrix
from dlref.plots import pictures

METHODS = ["always the commonest digit", "logistic regression", "nearest neighbor", "convolutional network"]


@exhibit(alt=lambda: f"Confusion matrix of ten digits, nearly all counts on the diagonal; {errors()} off it.")
def confusion() -> Figure:
    """Held-out digits of one split: what was written, and what one training of the network reads."""
    _, _, _, labels = digits_split()
    table = confusion_matrix(labels, digit_probabilities().argmax(axis=1), classes=10)
    return pictures.counts_table(table, [str(digit) for digit in range(10)])


def errors() -> int:
    """How many held-out digits the network reads wrongly."""
    return int((digit_probabilities().argmax(axis=1) != digits_split()[3]).sum())


@exhibit(
    alt=lambda: (
        "The five held-out digits that the network likes least, 8 by 8 pixels each: "
        + ", ".join(f"a {written} read as {read}" for _, written, read in least_likely(5))
        + "."
    )
)
def mistakes() -> Figure:
    """The five held-out digits to which that network gives the least probability: what was written → what it reads."""
    worst = least_likely(5)
    images = digits_split()[1]
    titles = [f"{written} → {read}" for _, written, read in worst]
    return pictures.grid([images[i] for i, _, _ in worst], 5, titles=titles)[0]


def least_likely(count: int) -> list[tuple[int, int, int]]:
    """The held-out digits with the smallest probability for what was written: index, written, read."""
    labels, probabilities = digits_split()[3], digit_probabilities()
    worst = np.argsort(probabilities[np.arange(len(labels)), labels], kind="stable")[:count]
    return [(int(i), int(labels[i]), int(probabilities[i].argmax())) for i in worst]


@exhibit(digits=3)
def results() -> DataFrame:
    """Held-out accuracy on digits, mean and range of the recorded splits: a simple method is as good here."""
    measures = [f"digits: {method}" for method in METHODS]
    means = [recorded(measure).mean() for measure in measures]
    return DataFrame({"method": METHODS, "accuracy": means, "range": [spread(measure, 3) for measure in measures]})


@exhibit(over=OVER)
def network_is_close_to_its_rivals() -> bool:
    """In every split, the network and the nearest neighbor read more than 95 % of the held-out digits, and differ by
    less than three percentage points.
    """
    network, neighbor = recorded("digits: convolutional network"), recorded("digits: nearest neighbor")
    return bool((np.minimum(network, neighbor) > 0.95).all() and (abs(network - neighbor) < 0.03).all())


@exhibit(over="one training while this site was built, beside the recorded ones")
def this_run_is_like_them() -> bool:
    """The accuracies on the split drawn here are like the recorded ones: within their range, made wider on each side by
    twice its width and a tenth of the mean.
    """
    return not outside({f"digits: {name}": value for name, value in digit_accuracies(0).items()})
