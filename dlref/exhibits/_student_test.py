"""The forty students that two pages look at, with a best-fit line and a boundary between pass and fail."""

from functools import cache

import numpy as np
from pandas import DataFrame
from sklearn.linear_model import LinearRegression, LogisticRegression

from dlref.datasets import students

PREDICTORS = ["Hours", "Sleep"]


@cache
def known() -> DataFrame:
    """The students that are learned from."""
    return students(40)


@cache
def new() -> DataFrame:
    """Students who were not learned from."""
    return students(1000, seed=1)


@cache
def line() -> LinearRegression:
    """The best-fit line: percentage from hours."""
    return LinearRegression().fit(known()[["Hours"]].to_numpy(), known()["Percentage"])


@cache
def boundary() -> LogisticRegression:
    """Pass or fail from hours and sleep."""
    return LogisticRegression(max_iter=1000).fit(known()[PREDICTORS].to_numpy(), known()["Passed"])


def predicted(table: DataFrame) -> np.ndarray:
    """Percentages that the line predicts."""
    return line().predict(table[["Hours"]].to_numpy())


def classified(table: DataFrame) -> np.ndarray:
    """Pass (1) or fail (0), as the boundary predicts."""
    return boundary().predict(table[PREDICTORS].to_numpy())
