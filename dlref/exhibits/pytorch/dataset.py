"""Exhibits of the page on data sets."""

from pandas import DataFrame

from dlref.datasets import mtcars
from dlref.engine.exhibit import exhibit
from dlref.pytorch.training import TableDataset


@exhibit(digits={"wt": 3, "hp": 0, "mpg": 1})
def items() -> DataFrame:
    """The first five items of a data set of cars: weight in thousand pounds and horsepower, the features, and miles per
    gallon, the target."""
    table = mtcars()
    dataset = TableDataset(table[["wt", "hp"]], table[["mpg"]])
    rows = [(f"`dataset[{i}]`", table.index[i], *dataset[i][0].tolist(), *dataset[i][1].tolist()) for i in range(5)]
    return DataFrame(rows, columns=["item", "car", "wt", "hp", "mpg"])
