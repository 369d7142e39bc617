"""Exhibits of the page on deep learning and data size."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._data_size import (
    DRAWN_SEEDS,
    DRAWN_SIZES,
    HEART_SEEDS,
    HEART_SIZES,
    METHODS,
    drawn_curves,
    heart_curves,
)
from dlref.plots import style

# Year, name, training examples. Y. LeCun and others 1998; A. Krizhevsky 2009; O. Russakovsky and others 2015; C. Sun
# and others 2017, abstract; C. Schuhmann and others 2022, abstract.
DATA_SETS = [
    (1998, "MNIST, digits", 60_000),
    (2009, "CIFAR-10, small pictures", 50_000),
    (2012, "ImageNet challenge, photographs", 1_281_167),
    (2017, "JFT-300M, photographs", 300_000_000),
    (2022, "LAION-5B, pictures with text", 5_850_000_000),
]
# Year, chip, transistors. Intel's: Wikipedia, "Transistor count". Nvidia's are graphics processors: R. Smith, "NVIDIA's
# GeForce GTX 580", AnandTech, 9 November 2010; Nvidia's announcement of 14 May 2020.
CHIPS = [
    (1971, "Intel 4004", 2_300),
    (1978, "Intel 8086", 29_000),
    (1993, "Intel Pentium", 3_100_000),
    (2010, "Nvidia GF110 (GTX 580)", 3_000_000_000),
    (2020, "Nvidia GA100 (A100)", 54_000_000_000),
]
# Year, entry of the ImageNet challenge, error in percent. Both of 2012: A. Krizhevsky and others 2012, abstract; C.
# Szegedy and others 2015, section 7; K. He and others 2016, abstract.
TOP_FIVE = [
    (2012, "second place, hand-made features", 26.2),
    (2012, "AlexNet, 8 layers", 15.3),
    (2014, "GoogLeNet, 22 layers", 6.67),
    (2015, "ResNet, up to 152 layers", 3.57),
]


def curves(accuracy: np.ndarray, sizes: tuple[int, ...], ylim: tuple[float, float]) -> Figure:
    """Mean accuracy of each method against the number of training rows, with the range over the seeds."""
    figure, axes = style.figure(4.8, 3.5)
    for i, (name, color, dash, marker) in enumerate(
        zip(METHODS, style.SERIES, style.DASHES, style.MARKERS, strict=True)
    ):
        # Side by side, so that ranges do not hide each other.
        x = np.array(sizes) * (0.94 + 0.04 * i)
        low, mean, high = accuracy[:, :, i].min(1), accuracy[:, :, i].mean(1), accuracy[:, :, i].max(1)
        axes.vlines(x, low, high, color=color, linewidth=1)
        axes.plot(x, mean, color=color, linestyle=dash, marker=marker, label=name)
    axes.set(xscale="log", xlabel="rows to learn from", ylabel="held-out accuracy", ylim=ylim)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.legend(loc="lower right")
    return figure


@exhibit(
    alt=lambda: (
        f"Accuracy against {DRAWN_SIZES[0]} to {DRAWN_SIZES[-1]:,} rows on a log scale. Logistic regression leads on "
        "few rows and stays level; both networks start lower, cross it and end on top, the larger one highest."
    )
)
def made_table() -> Figure:
    """On the made table, networks overtake: logistic regression leads on few rows and cannot use more. Bars: range over
    the seeds.
    """
    return curves(drawn_curves(), DRAWN_SIZES, (0.5, 0.9))


@exhibit(
    alt=lambda: (
        f"Accuracy against {HEART_SIZES[0]} to {HEART_SIZES[-1]} patients on a log scale. Logistic regression and "
        "random forest lie on top or level all the way; the networks come up to them and do not pass; the ranges over "
        "seeds are wide."
    )
)
def heart_table() -> Figure:
    """On the heart data, they do not: with all patients at hand, the networks are no more than level. Bars: range over
    the seeds.
    """
    return curves(heart_curves(), HEART_SIZES, (0.6, 0.95))


@exhibit()
def networks_overtake() -> bool:
    """On the made table, by mean accuracy over the seeds: with few rows, logistic regression is above both networks;
    with the most, the large network is above the other three, and clearly above logistic regression.
    """
    by_size = dict(zip(DRAWN_SIZES, drawn_curves().mean(axis=1), strict=True))
    few, many = by_size[300], by_size[10000]
    return bool(few[0] > few[2:].max() and many[3] > many[:3].max() and many[3] > many[0] + 0.02)


@exhibit()
def networks_do_not_overtake() -> bool:
    """On the heart data, at no size is a network's mean accuracy over the seeds more than 0.01 above that of the better
    classical method.
    """
    table = heart_curves().mean(axis=1)
    return bool((table[:, 2:].max(axis=1) <= table[:, :2].max(axis=1) + 0.01).all())


@exhibit()
def drawn_seeds() -> int:
    """Number of seeds on the made table."""
    return DRAWN_SEEDS


@exhibit()
def heart_seeds() -> int:
    """Number of seeds on the heart data."""
    return HEART_SEEDS


@exhibit()
def data_sets() -> DataFrame:
    """More data: training examples of well-known data sets. The sources stand at the end of the page."""
    rows = [(str(year), name, count) for year, name, count in DATA_SETS]
    return DataFrame(rows, columns=["year", "data set", "examples"])


@exhibit()
def data_growth() -> float:
    """Factor from the first to the last data set of the table, in thousands."""
    return round(DATA_SETS[-1][2] / DATA_SETS[0][2] / 1000)


@exhibit(
    alt=lambda: (
        "Transistors a chip against the year, on a log scale: five points from 2300 in 1971 to 54 billion in 2020, "
        f"close to a straight line that doubles every {doubling_years():.1f} years."
    )
)
def moores_law() -> Figure:
    """More compute: transistors on a chip, and a straight line fitted to their logarithms."""
    years, _, counts = zip(*CHIPS, strict=True)
    slope, start = np.polyfit(years, np.log2(counts), 1)
    figure, axes = style.figure(4.6, 3.2)
    span = np.array([1969, 2022])
    axes.plot(span, 2 ** (start + slope * span), color=style.MUTED, linewidth=1, linestyle=(0, (4, 3)))
    axes.plot(years, counts, "o", color=style.BLUE, markersize=6)
    for year, name, count in CHIPS:
        late = year > 2000
        axes.annotate(name, (year, count), (-9, 2) if late else (9, -6), textcoords="offset points",
                      ha="right" if late else "left")  # fmt: skip
    axes.set(yscale="log", ylabel="transistors", xlim=(1967, 2024), ylim=(1e3, 3e11))
    axes.set_yticks([1e3, 1e6, 1e9], ["thousand", "million", "billion"])
    axes.minorticks_off()
    return figure


def doubling_years() -> float:
    """In how many years the fitted line doubles."""
    years, _, counts = zip(*CHIPS, strict=True)
    return float(1 / np.polyfit(years, np.log2(counts), 1)[0])


@exhibit(digits=1)
def doubling() -> float:
    """Years in which a straight line, fitted to the binary logarithms of these counts, rises by one."""
    return doubling_years()


@exhibit(digits=1)
def better_algorithms() -> DataFrame:
    """Better algorithms: share of the ImageNet challenge's test photographs whose class is not among the first five
    answers, in percent. The three winners are ensembles of networks.
    """
    rows = [(str(year), entry, error) for year, entry, error in TOP_FIVE]
    return DataFrame(rows, columns=["year", "entry", "error, %"])


@exhibit()
def open_source() -> DataFrame:
    """Open source: what trains the networks of this site may be used, read and changed by anybody. As built here."""
    from importlib import metadata

    packages = [metadata.metadata(name) for name in ("numpy", "scikit-learn", "torch")]
    return DataFrame(
        {
            "package": [package["Name"] for package in packages],
            "licenses": [package["License-Expression"].replace(" AND ", ", ") for package in packages],
        }
    )
