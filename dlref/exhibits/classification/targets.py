"""Exhibits of the page on binary, multi-class and multi-label targets."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.datasets import PICTURE_CLASSES, pictures
from dlref.encoding import from_multi_hot, from_one_hot, multi_hot, one_hot
from dlref.engine.exhibit import exhibit
from dlref.plots.gallery import gallery, verdicts

TREE, HOUSE, ROAD = 0, 1, 2
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
    alt="Six pictures with one to three of tree, house and road, each with its set of labels and its multi-hot code."
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


@exhibit()
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


def train(images: np.ndarray, targets: np.ndarray, loss_function):
    """A small convolutional network with three outputs, trained on pictures for 80 steps."""
    import torch
    from torch import nn

    torch.manual_seed(0)
    network = nn.Sequential(
        nn.Conv2d(3, 8, 5, stride=2),
        nn.ReLU(),
        nn.Conv2d(8, 12, 3, stride=2),
        nn.ReLU(),
        nn.Flatten(),
        nn.LazyLinear(3),
    )
    x, y = torch.tensor(np.moveaxis(images, -1, 1)), torch.tensor(targets)
    network(x)  # the first call tells the last layer how many inputs it has
    optimizer = torch.optim.Adam(network.parameters(), lr=0.01)
    for _ in range(80):
        optimizer.zero_grad()
        loss_function(network(x), y).backward()
        optimizer.step()
    return network


@cache
def networks() -> tuple:
    """One network for a single label, by softmax, and one for sets of labels, by a sigmoid each."""
    from torch import nn

    generator = np.random.default_rng(10)
    labels = generator.integers(0, 3, 150)
    codes = generator.integers(0, 2, (150, 3))
    single = pictures(one_hot(labels, classes=3), generator=generator, size=SIDE)
    several = pictures(codes, generator=generator, size=SIDE)
    return (
        train(single, labels, nn.CrossEntropyLoss()),
        train(several, codes.astype(np.float32), nn.BCEWithLogitsLoss()),
    )


def answers(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of the classes for each picture: from the softmax, and from the three sigmoids."""
    import torch

    by_softmax, by_sigmoids = networks()
    x = torch.tensor(np.moveaxis(images, -1, 1))
    with torch.no_grad():
        return torch.softmax(by_softmax(x), dim=1).numpy(), torch.sigmoid(by_sigmoids(x)).numpy()


@exhibit(
    alt=lambda picture: f"A picture of {picture}, and two sets of bars. Softmax: {{}}. Sigmoids: {{}}.".format(
        *map(said, asked(picture))
    ),
    explore={"picture": list(CONTENTS)},
)
def outputs(picture: str = "tree and house") -> Figure:
    """Two trained networks look at a new picture. The softmax must share out a probability of 1; the sigmoids answer
    one question a class. Dashed is one half; what is in the picture is in bold.
    """
    softmax, sigmoids = asked(picture)
    image = drawn([CONTENTS[picture]], seed=5)[0]
    truth = multi_hot([CONTENTS[picture]], classes=3)[0]
    return verdicts(image, PICTURE_CLASSES, {"softmax": softmax, "sigmoids": sigmoids}, truth)


@cache
def asked(picture: str) -> tuple[np.ndarray, np.ndarray]:
    """Both networks' answers for one new picture."""
    softmax, sigmoids = answers(drawn([CONTENTS[picture]], seed=5, size=SIDE))
    return softmax[0], sigmoids[0]


def said(p: np.ndarray) -> str:
    """Three probabilities in words."""
    return ", ".join(f"{name} {value:.2f}" for name, value in zip(PICTURE_CLASSES, p, strict=True))


@cache
def new_pictures() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For 300 new pictures, the true codes and both networks' probabilities."""
    generator = np.random.default_rng(20)
    codes = generator.integers(0, 2, (300, 3))
    return codes, *answers(pictures(codes, generator=generator, size=SIDE))


@exhibit()
def sigmoids_read_all() -> bool:
    """On 300 new pictures with none to three things, the sigmoids, cut at one half, give exactly the right set in more
    than nine of ten.
    """
    codes, _, sigmoids = new_pictures()
    return bool(((sigmoids >= 0.5) == codes).all(axis=1).mean() > 0.9)


@exhibit()
def softmax_finds_one() -> bool:
    """On 300 new pictures the softmax's three probabilities add up to 1, at most one of them exceeds one half, and it
    gives the right label to more than nine in ten of those with a single thing.
    """
    codes, softmax, _ = new_pictures()
    single = codes.sum(axis=1) == 1
    return bool(
        np.allclose(softmax.sum(axis=1), 1, atol=1e-5)
        and ((softmax > 0.5).sum(axis=1) <= 1).all()
        and (softmax[single].argmax(axis=1) == codes[single].argmax(axis=1)).mean() > 0.9
    )


@exhibit()
def agrees() -> bool:
    """For 200 random batches, one_hot equals PyTorch's and scikit-learn's, and multi_hot equals scikit-learn's, both
    ways.
    """
    import torch
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
