"""Exhibits of the page on binary, multi-class and multi-label targets."""

from collections.abc import Callable

import numpy as np
import torch
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.datasets import PICTURE_CLASSES, pictures
from dlref.encoding import from_multi_hot, from_one_hot, multi_hot, one_hot
from dlref.engine.exhibit import exhibit
from dlref.engine.trained import trained
from dlref.plots.gallery import gallery, verdicts

TREE, HOUSE, ROAD = 0, 1, 2
STARTS = 8
SIDE = 32  # pixels of the pictures that the networks see
CONTENTS = {
    "tree": [TREE],
    "house": [HOUSE],
    "road": [ROAD],
    "tree and house": [TREE, HOUSE],
    "tree and road": [TREE, ROAD],
    "house and road": [HOUSE, ROAD],
    "all three": [TREE, HOUSE, ROAD],
    "nothing": [],
}


def drawn(label_sets: list[list[int]], seed: int, size: int = 64) -> np.ndarray:
    """Pictures of what each set of labels names."""
    return pictures(multi_hot(label_sets, classes=3), generator=np.random.default_rng(seed), size=size)


def row(values: np.ndarray) -> str:
    """An encoded row as it is written: [1, 0, 1]."""
    return str(values.tolist())


@exhibit(alt="Three pictures, of a tree, a house and a tree, with the labels 0, 1 and 0 beneath them.")
def binary() -> Figure:
    """One label a picture, two classes: 0 = tree, 1 = house."""
    labels = [TREE, HOUSE, TREE]
    return gallery(drawn([[label] for label in labels], seed=1), [f"y = {label}" for label in labels], columns=3)


@exhibit(
    alt="Three pictures, of a house, a tree and a road, each with its label beneath and the same label one-hot encoded."
)
def multiclass() -> Figure:
    """One label a picture, more than two classes: 0 = tree, 1 = house, 2 = road. Beneath it the same label, one-hot."""
    labels = [HOUSE, TREE, ROAD]
    captions = [f"y = {label}\n{row(code)}" for label, code in zip(labels, one_hot(labels, classes=3), strict=True)]
    return gallery(drawn([[label] for label in labels], seed=2), captions, columns=3)


@exhibit(
    alt="Six pictures, of none to three of tree, house and road, each with its set of labels and its multi-hot code."
)
def multilabel() -> Figure:
    """A set of labels a picture; beneath it the same set, multi-hot: a 1 for each class that is in the picture."""
    sets = [[TREE], [TREE, HOUSE], [TREE, ROAD], [HOUSE, ROAD], [TREE, HOUSE, ROAD], []]
    codes = multi_hot(sets, classes=3)
    captions = [f"{set(s) if s else '{ }'}\n{row(code)}" for s, code in zip(sets, codes, strict=True)]
    return gallery(drawn(sets, seed=3), captions, columns=3)


@exhibit()
def encodings() -> DataFrame:
    """What is in the picture, its labels, and the code that a network is trained on."""
    codes = multi_hot(list(CONTENTS.values()), classes=3)
    rows = {
        "labels": [", ".join(map(str, labels)) or "none" for labels in CONTENTS.values()],
        "multi-hot": [row(code) for code in codes],
        "one-hot": [
            row(one_hot(labels, classes=3)[0]) if len(labels) == 1 else "impossible" for labels in CONTENTS.values()
        ],
    }
    return DataFrame(rows, index=list(CONTENTS)).rename_axis("picture")


@exhibit(follows="the definition of the codes, which have a place for each class")
def encodings_come_back() -> bool:
    """For 1000 random sets of labels, decoding the multi-hot code gives the sets again; for 1000 random labels,
    decoding the one-hot code gives the labels.
    """
    generator = np.random.default_rng(0)
    codes = generator.integers(0, 2, (1000, 3))
    labels = generator.integers(0, 3, 1000)
    return bool(
        (multi_hot(from_multi_hot(codes), classes=3) == codes).all()
        and (from_one_hot(one_hot(labels, classes=3)) == labels).all()
    )


@exhibit()
def kinds() -> DataFrame:
    """Three kinds of target, with the outputs, the activation and PyTorch's loss that suit them."""
    rows = {
        "binary": ("0 or 1", "1", "sigmoid", "`BCEWithLogitsLoss`"),
        "multi-class": ("one of C", "C", "softmax", "`CrossEntropyLoss`"),
        "multi-label": ("any of C", "C", "sigmoid each", "`BCEWithLogitsLoss`"),
    }
    columns = ["label", "outputs", "activation", "loss"]
    return DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("target")


def train(images: np.ndarray, targets: np.ndarray, loss_function: Callable, seed: int) -> torch.nn.Module:
    """A small convolutional network with three outputs, trained on pictures for 80 steps."""
    torch.manual_seed(seed)
    network = torch.nn.Sequential(
        torch.nn.Conv2d(3, 8, 4, stride=4),
        torch.nn.ReLU(),
        torch.nn.Conv2d(8, 12, 3),
        torch.nn.ReLU(),
        torch.nn.Flatten(),
        torch.nn.Linear(12 * 6 * 6, 3),
    ).double()
    x, y = channels_first(images), torch.tensor(targets)
    optimizer = torch.optim.Adam(network.parameters(), lr=0.003)
    for _ in range(80):
        optimizer.zero_grad()
        loss_function(network(x), y).backward()
        optimizer.step()
    return network


def channels_first(images: np.ndarray) -> torch.Tensor:
    """Pictures as the networks take them, in double precision, so that digits hold on every processor."""
    return torch.tensor(np.moveaxis(images, -1, 1), dtype=torch.float64)


@trained
def answers() -> dict:
    """For each of several starts two networks are trained on 150 pictures each, one for a single label, by softmax, and
    one for sets of labels, by a sigmoid each. Their probabilities for 300 new pictures, with the true codes, and for
    the eight pictures of the figure.
    """
    generator = np.random.default_rng(20)
    codes = generator.integers(0, 2, (300, 3))
    new = channels_first(pictures(codes, generator=generator, size=SIDE))
    shown = channels_first(np.concatenate([drawn([labels], seed=5, size=SIDE) for labels in CONTENTS.values()]))
    found = []
    for start in range(STARTS):
        generator = np.random.default_rng(1000 + start)
        labels, sets = generator.integers(0, 3, 150), generator.integers(0, 2, (150, 3))
        single = pictures(one_hot(labels, classes=3), generator=generator, size=SIDE)
        several = pictures(sets, generator=generator, size=SIDE)
        by_softmax = train(single, labels, torch.nn.CrossEntropyLoss(), start)
        by_sigmoids = train(several, sets.astype(float), torch.nn.BCEWithLogitsLoss(), start)
        with torch.no_grad():
            both = [(by_softmax(x).softmax(dim=1), by_sigmoids(x).sigmoid()) for x in (shown, new)]
        found.append([torch.stack(pair) for pair in both])
    return {name: torch.stack(each) for name, each in zip(("shown", "new"), zip(*found, strict=True), strict=True)} | {
        "codes": torch.tensor(codes)
    }


@exhibit(
    alt=lambda picture: f"A picture of {picture}, and two sets of bars. Softmax: {{}}. Sigmoids: {{}}.".format(
        *map(said, asked(picture))
    ),
    explore={"picture": list(CONTENTS)},
)
def outputs(picture: str = "tree and house") -> Figure:
    """Two trained networks look at a new picture, after one training each. The softmax must share out a probability of
    1; the sigmoids answer one question a class. Dashed is one half; what is in the picture is in bold.
    """
    softmax, sigmoids = asked(picture)
    image = drawn([CONTENTS[picture]], seed=5)[0]
    truth = multi_hot([CONTENTS[picture]], classes=3)[0]
    return verdicts(image, PICTURE_CLASSES, {"softmax": softmax, "sigmoids": sigmoids}, truth)


def asked(picture: str) -> np.ndarray:
    """Both networks' answers for one new picture, from the first start."""
    return answers()["shown"][0, :, list(CONTENTS).index(picture)].numpy()


def said(p: np.ndarray) -> str:
    """Three probabilities in words."""
    return ", ".join(f"{name} {value:.2f}" for name, value in zip(PICTURE_CLASSES, p, strict=True))


def new_pictures() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The codes of 300 new pictures, an array (picture, class), and both networks' probabilities, of every start."""
    softmax, sigmoids = answers()["new"].numpy().swapaxes(0, 1)
    return answers()["codes"].numpy(), softmax, sigmoids


def top(things: int) -> np.ndarray:
    """The softmax's largest probability for each new picture with so many things: an array (start, picture)."""
    codes, softmax, _ = new_pictures()
    return softmax[:, codes.sum(axis=1) == things].max(axis=2)


MEASURED = "8 trainings of each network, 300 new pictures"


@exhibit(over=MEASURED)
def sigmoids_read_all() -> bool:
    """On the new pictures, with none to three things, the sigmoids, cut at one half, give exactly the right set in more
    than nine of ten, in the mean over the trainings.
    """
    codes, _, sigmoids = new_pictures()
    return bool(((sigmoids >= 0.5) == codes).all(axis=2).mean() > 0.9)


@exhibit(over=MEASURED)
def softmax_reads_single() -> bool:
    """On the new pictures with a single thing, the softmax gives the right label at least as often as the sigmoids the
    right set, less one in fifty, in the mean over the trainings.
    """
    codes, softmax, sigmoids = new_pictures()
    single = codes.sum(axis=1) == 1
    by_softmax = softmax[:, single].argmax(axis=2) == codes[single].argmax(axis=1)
    by_sigmoids = ((sigmoids[:, single] >= 0.5) == codes[single]).all(axis=2)
    return bool(by_softmax.mean() >= by_sigmoids.mean() - 0.02)


@exhibit(follows="the softmax, whose probabilities add up to 1")
def softmax_finds_one() -> bool:
    """For every new picture the softmax's three probabilities add up to 1, and at most one of them exceeds one half."""
    softmax = new_pictures()[1]
    return bool(np.allclose(softmax.sum(axis=2), 1, atol=1e-9) and ((softmax > 0.5).sum(axis=2) <= 1).all())


@exhibit(over=MEASURED)
def sure_of_one() -> str:
    """Share of the new pictures with two things in which the softmax gives one of them more than nine tenths."""
    return f"{100 * (top(2) > 0.9).mean():.0f} %"


@exhibit(over=MEASURED)
def sure_of_nothing() -> bool:
    """On the new pictures that show nothing, the softmax gives one class more than one half, in at least six of ten."""
    return bool((top(0) > 0.5).mean() >= 0.6)


@exhibit(over="200 random batches")
def agrees() -> bool:
    """For 200 random batches, one_hot equals PyTorch's and scikit-learn's, and multi_hot equals scikit-learn's, both
    ways.
    """
    from sklearn.preprocessing import MultiLabelBinarizer, OneHotEncoder

    generator = np.random.default_rng(0)
    for _ in range(200):
        labels, codes = generator.integers(0, 3, 10), generator.integers(0, 2, (10, 3))
        ours = one_hot(labels, classes=3)
        encoder = OneHotEncoder(categories=[range(3)], sparse_output=False)
        binarizer = MultiLabelBinarizer(classes=range(3))
        if not (
            (ours == torch.nn.functional.one_hot(torch.tensor(labels), 3).numpy()).all()
            and (ours == encoder.fit_transform(labels[:, None])).all()
            and (binarizer.fit_transform(from_multi_hot(codes)) == codes).all()
            and [list(s) for s in binarizer.inverse_transform(codes)] == from_multi_hot(codes)
        ):
            return False
    return True
