"""Students drawn from a stated model."""

from typing import TYPE_CHECKING

import numpy as np

from dlref import _check

if TYPE_CHECKING:
    import pandas as pd

PASS_MARK = 50
# The lowest percentage for each grade, 5 to 1; below the first it is a 6.
_GRADES = (30, PASS_MARK, 60, 70, 85)


def students(size: int = 200, *, seed: int = 0) -> "pd.DataFrame":
    r"""Draw a class of any size, with a test at its end, from a model that is known.

    $$\begin{gathered}
      \text{Percentage} = 20 + 5\,\text{Hours} + 3\,(\text{Sleep} - 7) \\
      {} + 8\,[\text{method B}] + 5\,[\text{Math}] + \text{noise}
      \end{gathered}$$

    No student is real. What real data hide is known here, so that what a model finds can be held against it.

    - `Student`: a number from 1, the identifier
    - `Age`: years; 13 to 16, equally likely
    - `Learning method`: A or B, equally likely
    - `Class`: Math or Sport, equally likely
    - `Hours`: hours of learning, uniform from 0 to 10, to one decimal
    - `Sleep`: hours of sleep before the test, uniform from 5 to 9, to one decimal
    - `Percentage`: by the formula, with normal noise of standard deviation 8, to one decimal, kept within 0 and 100
    - `Passed`: 1 from 50 percent on, else 0
    - `Grade`: the German grade, 1 the best: 1 from 85 percent on, 2 from 70, 3 from 60, 4 from 50, 5 from 30, else 6

    Args:
        size: Number of students, at least 1.
        seed: Seed of the generator; the same seed and size give the same class.

    Returns:
        A new DataFrame, one row a student.

    Raises:
        TypeError: If `size` or `seed` is no integer.
        ValueError: If `size` is below 1 or `seed` below 0.

    Examples:
        >>> from dlref.datasets import students
        >>> table = students(1000)
        >>> print(table.shape, table["Passed"].sum(), table["Passed"].equals((table["Grade"] <= 4).astype(int)))
        (1000, 9) 519 True

        The method matters, in this model, by 8 points; in one class chance adds to that or takes from it.

        >>> from dlref.datasets import students
        >>> for seed in range(3):
        ...     points = students(100, seed=seed).groupby("Learning method")["Percentage"].mean()
        ...     print(f"{points['B'] - points['A']:.1f}")
        10.4
        6.1
        9.6

        >>> from dlref.datasets import students
        >>> try:
        ...     students(0)
        ... except ValueError as error:
        ...     print(error)
        students: size must be an integer >= 1; got 0.

    References:
        Made for these pages. On the page: [Student test prediction][ml-student-test].
    """
    import pandas as pd

    size, seed = _check.integer("size", size), _check.integer("seed", seed, low=0)

    generator = np.random.default_rng(seed)
    age = generator.integers(13, 17, size)
    method = generator.choice(["A", "B"], size)
    subject = generator.choice(["Math", "Sport"], size)
    hours = generator.uniform(0, 10, size).round(1)
    sleep = generator.uniform(5, 9, size).round(1)
    noise = generator.normal(0, 8, size)
    points = 20 + 5 * hours + 3 * (sleep - 7) + 8 * (method == "B") + 5 * (subject == "Math") + noise
    percentage = points.round(1).clip(0, 100)
    return pd.DataFrame(
        {
            "Student": np.arange(1, size + 1),
            "Age": age,
            "Learning method": method,
            "Class": subject,
            "Hours": hours,
            "Sleep": sleep,
            "Percentage": percentage,
            "Passed": (percentage >= PASS_MARK).astype(np.int64),
            "Grade": 6 - np.searchsorted(_GRADES, percentage, side="right"),
        }
    )
