"""Exhibits of the section on handwritten digits."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits._digits import digit_probabilities, digits_split
from dlref.metrics import confusion_matrix
from dlref.plots import pictures


@exhibit(alt=lambda: f"Confusion matrix of ten digits, nearly all counts on the diagonal; {errors()} off it.")
def confusion() -> Figure:
    """Held-out digits: what was written, and what the network reads."""
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
    """The five held-out digits to which the network gives the least probability: what was written → what it reads."""
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
    """Held-out accuracy on digits: a simple method is as good here."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    train, test, y_train, y_test = digits_split()
    flat, flat_test = train.reshape(len(train), -1), test.reshape(len(test), -1)
    commonest = np.bincount(y_train).argmax()
    classical = {
        "logistic regression": LogisticRegression(max_iter=2000),
        "nearest neighbor": KNeighborsClassifier(1),
    }
    rows = [("always the commonest digit", np.mean(y_test == commonest))]
    rows += [(name, model.fit(flat, y_train).score(flat_test, y_test)) for name, model in classical.items()]
    rows += [("convolutional network", np.mean(digit_probabilities().argmax(axis=1) == y_test))]
    return DataFrame(rows, columns=["method", "accuracy"])


@exhibit()
def network_is_close_to_its_rivals() -> bool:
    """The network reads more than 0.96 of the held-out digits rightly, and so does the nearest neighbor; they differ by
    less than 0.03.
    """
    table = results().set_index("method")["accuracy"]
    network, neighbor = table["convolutional network"], table["nearest neighbor"]
    return bool(min(network, neighbor) > 0.96 and abs(network - neighbor) < 0.03)
