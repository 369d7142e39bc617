"""Exhibits of the page on the heart data, its first half: the table, its gaps, its categories, its split."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.datasets import heart, heart_hospitals
from dlref.encoding import one_hot, ordinal
from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import DISGUISED, TARGET, heart_split
from dlref.plots import style

UNITS = {"Age": "years", "RestingBP": "mm Hg", "Cholesterol": "mg/dl", "MaxHR": "beats/min", "Oldpeak": "mm"}


@exhibit()
def patients() -> int:
    """Rows of the data."""
    return len(heart())


@exhibit()
def columns() -> int:
    """Columns of the data, the target included."""
    return heart().shape[1]


@exhibit()
def ill() -> int:
    """Patients with heart disease."""
    return int(heart()[TARGET].sum())


@exhibit()
def overview() -> DataFrame:
    """The columns and what they hold. Numbers: lowest to highest. Categories: how many patients have each."""
    table = heart()

    def held(name: str) -> str:
        if name in UNITS:
            return f"{table[name].min():g} to {table[name].max():g} {UNITS[name]}".replace("-", "−")
        return ", ".join(f"{value}: {count}" for value, count in table[name].value_counts().items())

    return DataFrame({"column": list(table), "holds": [held(name) for name in table]}).set_index("column")


@exhibit()
def zeros() -> DataFrame:
    """Nothing is empty, and yet values are missing: nobody has a blood pressure or a cholesterol of 0."""
    table = heart()[DISGUISED]
    rows = {
        "empty": table.isna().sum(),
        "zero": (table == 0).sum(),
        "lowest > 0": table[table > 0].min().astype(int),
    }
    return DataFrame(rows).rename_axis("column")


@exhibit(digits=2)
def by_hospital() -> DataFrame:
    """The four hospitals, in the order of the file: patients, the share who are ill, and how many have a cholesterol of
    0.
    """
    table = heart().groupby(heart_hospitals(), sort=False)
    columns = {
        "patients": table.size(),
        "share ill": table[TARGET].mean(),
        "cholesterol 0": table["Cholesterol"].agg(lambda values: int((values == 0).sum())),
    }
    return DataFrame(columns).rename_axis("hospital")


@exhibit(over="all 918 patients")
def gaps_follow_hospital() -> bool:
    """In Switzerland every cholesterol is 0, in Long Beach some are, in Hungary and Cleveland none is."""
    share = heart()["Cholesterol"].eq(0).groupby(heart_hospitals()).mean()
    return share["Switzerland"] == 1 and 0 < share["Long Beach"] < 0.5 and share["Hungary"] == share["Cleveland"] == 0


@exhibit(over="all 918 patients")
def nothing_is_empty() -> bool:
    """No cell of the 918 rows and 12 columns is empty."""
    table = heart()
    return table.shape == (918, 12) and not table.isna().any(axis=None)


@exhibit(
    alt="Histogram of cholesterol: a hill that trails off to the right, and far to its left a lone hatched bar at 0, "
    "higher than the hill."
)
def cholesterol() -> Figure:
    """The bar at 0 stands apart from the hill: these are missing values in disguise."""
    values = heart()["Cholesterol"]
    figure, axes = style.figure()
    edges = np.arange(-10, 621, 20)
    axes.hist(values[values > 0], bins=edges, color=style.tint(style.BLUE, 0.6))
    axes.bar(0, (values == 0).sum(), width=20, facecolor="none", edgecolor=style.ORANGE, hatch="////")
    axes.annotate(
        "not measured", (0, (values == 0).sum()), (14, -6), textcoords="offset points", va="top", color=style.ORANGE
    )
    axes.set(xlabel="cholesterol, mg/dl", ylabel="patients", xlim=(-20, 620))
    return figure


@cache
def ill_by_zero() -> tuple[float, float]:
    """Share of the ill among the patients whose cholesterol is 0, and among the others."""
    table = heart()
    zero = table["Cholesterol"] == 0
    return float(table.loc[zero, TARGET].mean()), float(table.loc[~zero, TARGET].mean())


@exhibit()
def ill_if_zero() -> float:
    """Share of the ill among patients whose cholesterol is 0."""
    return ill_by_zero()[0]


@exhibit()
def ill_if_measured() -> float:
    """Share of the ill among patients whose cholesterol was measured."""
    return ill_by_zero()[1]


@exhibit(over="all 918 patients")
def not_at_random() -> bool:
    """Patients without a cholesterol value are ill more often, by more than four standard errors of a difference of
    shares.
    """
    table = heart()
    zero = table["Cholesterol"] == 0
    (a, m), (b, n) = ((table.loc[group, TARGET].mean(), group.sum()) for group in (zero, ~zero))
    return a - b > 4 * np.sqrt(a * (1 - a) / m + b * (1 - b) / n)


@exhibit(over="all 918 patients")
def dropping_loses() -> bool:
    """Between 15 and 20 % of the patients have a 0 for cholesterol or blood pressure, and more than half of them are
    ill.
    """
    table = heart()
    gap = (table[DISGUISED] == 0).any(axis=1)
    return bool(0.15 < gap.mean() < 0.2 and table.loc[gap, TARGET].mean() > 0.5)


@exhibit(digits=1)
def treatment() -> DataFrame:
    """Before and after, on the training data: the gaps take the median of the values that were measured."""
    before = heart().loc[heart_split()[0].index, DISGUISED]
    medians = before[before > 0].median()
    after = before.mask(before == 0, medians, axis=1)
    rows = {
        "zeros before": (before == 0).sum().to_list(),
        "zeros after": (after == 0).sum().to_list(),
        "median filled in": medians.to_list(),
        "mean before": before.mean().to_list(),
        "mean after": after.mean().to_list(),
    }
    # As objects, so that counts stay whole numbers beside means.
    return DataFrame(rows, index=DISGUISED, dtype=object).T.rename_axis("training data")


@exhibit()
def encoded() -> DataFrame:
    """One column of categories becomes a column of 0 and 1 for each category but the first, ASY, which is the one with
    three zeros.
    """
    kinds = ["ASY", "ATA", "NAP", "TA"]
    codes = one_hot(ordinal(kinds, categories=kinds), classes=4)[:, 1:]
    return DataFrame(codes, columns=[f"is {kind}" for kind in kinds[1:]], index=kinds).rename_axis("ChestPainType")


@exhibit(digits=3)
def split() -> DataFrame:
    """Four fifths train the model, one fifth judges it; both have nearly the same share of ill patients."""
    _, _, y_train, y_test = heart_split()
    parts = {"training": y_train, "held out": y_test}
    rows = [(len(y), int((y == 0).sum()), int(y.sum()), y.mean()) for y in parts.values()]
    return DataFrame(rows, columns=["patients", "healthy", "ill", "share ill"], index=list(parts)).rename_axis("part")
