"""Exhibits of the page on deep learning and data size."""

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._data_size import TASKS, size_measures
from dlref.exhibits.deep_learning._recorded import OVER, outside, recorded
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


# Color, dash and marker of each method, alike in all figures.
LOOKS = {
    "logistic regression": 0,
    "gradient boosting": 1,
    "network": 2,
    "convolutional network": 2,
    "support vectors": 3,
}


def accuracies(task: str) -> np.ndarray:
    """Recorded held-out accuracies by size, method and run."""
    _, sizes, methods = TASKS[task]
    return np.array([[recorded(f"sizes: {task}, {size}, {method}") for method in methods] for size in sizes])


def curves(task: str, ylim: tuple[float, float], unit: str, place: str) -> Figure:
    """Mean accuracy of each method against the number of training rows, with the range over the draws."""
    figure, axes = style.figure(4.8, 3.5)
    _, sizes, methods = TASKS[task]
    for i, method in enumerate(methods):
        look = LOOKS[method]
        # Side by side, so that ranges do not hide each other.
        x = np.array(sizes) * (0.95 + 0.05 * i)
        rows, color = accuracies(task)[:, i], style.SERIES[look]
        axes.vlines(x, rows.min(axis=1), rows.max(axis=1), color=color, linewidth=1)
        axes.plot(
            x, rows.mean(axis=1), color=color, linestyle=style.DASHES[look], marker=style.MARKERS[look], label=method
        )
    axes.set(xscale="log", xlabel=f"{unit} to learn from", ylabel="held-out accuracy", ylim=ylim)
    axes.set_xticks(sizes, [f"{size:,}" for size in sizes])
    axes.minorticks_off()
    axes.legend(loc=place)
    return figure


@exhibit(
    alt="Accuracy against rows on a log scale. Logistic regression leads on few rows and stays level from the middle "
    "on; gradient boosting starts lowest, crosses it and ends on top; the network crosses it later and stays a "
    "little below boosting."
)
def made_table() -> Figure:
    """On the made table, logistic regression leads on few rows and cannot use more; boosting passes it first, the
    network follows. Points: means of the recorded draws; bars: their range. The axis starts at one half, a guess.
    """
    return curves("made table", (0.5, 0.9), "rows", "lower right")


@exhibit(
    alt="Accuracy against patients on a log scale: three lines that run together from one or two hundred patients on; "
    "the ranges over the draws are wide."
)
def heart_table() -> Figure:
    """On the heart data, the three methods are level from one or two hundred patients on. Points: means of the recorded
    draws; bars: their range. The axis starts at one half, a guess.
    """
    return curves("heart", (0.5, 0.95), "patients", "lower right")


@exhibit(
    alt="Accuracy against sheets on a log scale. With the fewest, both methods are near guessing; then the "
    "convolutional network rises steeply and the support vectors follow far below."
)
def sheets() -> Figure:
    """On sheets with a digit somewhere, the convolutional network leads as soon as anything can be learned. Points:
    means of the recorded draws; bars: their range.
    """
    return curves("sheets", (0, 1), "sheets", "upper left")


def led_by(task: str, method: str) -> np.ndarray:
    """By how much a method's mean accuracy is above the best of the others, by size."""
    means, methods = accuracies(task).mean(axis=2), TASKS[task][2]
    one = methods.index(method)
    return means[:, one] - np.delete(means, one, axis=1).max(axis=1)


@exhibit(over=OVER)
def boosting_overtakes() -> bool:
    """On the made table, by mean accuracy over the draws: with up to 300 rows, logistic regression is at least level
    with both others, within a percentage point; from 1000 rows on gradient boosting leads. In every draw with 3000 rows
    or more, boosting and the network are above logistic regression.
    """
    sizes = np.array(TASKS["made table"][1])
    few = led_by("made table", "logistic regression")[sizes <= 300]
    many = led_by("made table", "gradient boosting")[sizes >= 1000]
    logistic, boosting, network = accuracies("made table")[sizes >= 3000].transpose(1, 0, 2)
    return bool((few > -0.01).all() and (many > 0).all() and (np.minimum(boosting, network) > logistic).all())


@exhibit(over=OVER)
def networks_do_not_lead() -> bool:
    """On both tables, at no size is the network's mean accuracy over the draws more than a percentage point above that
    of the better of the two other methods.
    """
    return all((led_by(task, "network") <= 0.01).all() for task in ("made table", "heart"))


@exhibit(over=OVER)
def level_on_the_heart_data() -> bool:
    """On the heart data, from 200 patients on, the mean accuracies of the three methods lie within three percentage
    points.
    """
    means = accuracies("heart").mean(axis=2)[np.array(TASKS["heart"][1]) >= 200]
    return bool((np.ptp(means, axis=1) < 0.03).all())


@exhibit(over=OVER)
def networks_lead_on_pictures() -> bool:
    """In every draw with 1000 sheets or more, the convolutional network is above the support vectors by five percentage
    points or more.
    """
    vectors, network = accuracies("sheets")[np.array(TASKS["sheets"][1]) >= 1000].transpose(1, 0, 2)
    return bool((network > vectors + 0.05).all())


@exhibit(over="one training of each method while this site was built, beside the recorded ones")
def this_run_is_like_them() -> bool:
    """The accuracies with 1000 rows of the made table and with 200 patients are like the recorded ones: within their
    range, made wider on each side by twice its width and a tenth of the mean.
    """
    found = size_measures(0, {"made table": (1000,), "heart": (200,)})
    return not outside({f"sizes: {name}": value for name, value in found.items()})


@exhibit()
def data_sets() -> DataFrame:
    """More data: training examples of well-known data sets. The sources stand at the end of the page."""
    rows = [(str(year), name, count) for year, name, count in DATA_SETS]
    return DataFrame(rows, columns=["year", "data set", "examples"])


@exhibit()
def growth_to_imagenet() -> int:
    """Factor from the first data set of the table to the one of 2012."""
    return round(DATA_SETS[2][2] / DATA_SETS[0][2])


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
