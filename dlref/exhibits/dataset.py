"""Exhibits of the page on data sets."""

from pandas import DataFrame

from dlref.datasets import mtcars
from dlref.exhibit import exhibit
from dlref.training import TableDataset


@exhibit(digits={"weight": 3, "horsepower": 0, "miles per gallon": 1})
def items() -> DataFrame:
    """The first five items of a data set of cars: two features and a target each."""
    table = mtcars()
    dataset = TableDataset(table[["wt", "hp"]], table[["mpg"]])
    rows = [(f"`dataset[{i}]`", table.index[i], *dataset[i][0].tolist(), *dataset[i][1].tolist()) for i in range(5)]
    return DataFrame(rows, columns=["item", "car", "weight", "horsepower", "miles per gallon"])
