"""The road tests of 32 cars."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def mtcars() -> "pd.DataFrame":
    """32 cars of 1973 and 1974: fuel economy and ten measures of design and performance.

    - `mpg`: miles per US gallon
    - `cyl`: number of cylinders
    - `disp`: displacement, cubic inches
    - `hp`: gross horsepower
    - `drat`: rear axle ratio
    - `wt`: weight, thousand pounds
    - `qsec`: seconds for a quarter of a mile from standstill
    - `vs`: engine: 0 V-shaped, 1 straight
    - `am`: transmission: 0 automatic, 1 manual
    - `gear`: number of forward gears
    - `carb`: number of carburetors

    Returns:
        A new DataFrame, one row a car, the names of the cars as its index.

    Examples:
        >>> from dlref.datasets import mtcars
        >>> cars = mtcars()
        >>> print(cars.shape)
        (32, 11)
        >>> print(cars[["mpg", "wt"]].mean().round(6).to_dict())
        {'mpg': 20.090625, 'wt': 3.21725}

        Heavier cars go less far on a gallon.

        >>> from dlref.datasets import mtcars
        >>> print(mtcars()["wt"].corr(mtcars()["mpg"]).round(4))
        -0.8677

    References:
        *Motor Trend*, 1974, as published by H. Henderson and P. Velleman, "Building multiple regression models
        interactively", Biometrics 37, 1981, pages 391–411. Equals R's `datasets::mtcars`, including what its help
        page calls noncrucial: the Mazdas' rotary engine stands as a straight six, the Porsche's flat engine as a V.
        On the page: [Training loop][pt-training-loop].
    """
    import pandas as pd

    return pd.read_csv(Path(__file__).with_name("mtcars.csv"), index_col="car")
