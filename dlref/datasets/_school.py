"""The workshop's school class."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def school_class() -> "pd.DataFrame":
    """Five students, one a row: the workshop's example for all three types of learning.

    The columns: `Name`; `Age` in years; `Learning method`, A or B; `Class`, the subject; `Grade`, the German grade,
    where 1 is the best and 6 the worst.

    Returns:
        A new DataFrame of 5 rows and 5 columns.

    Examples:
        >>> from dlref.datasets import school_class
        >>> students = school_class()
        >>> print(students.shape, students["Age"].mean())
        (5, 5) 14.6
        >>> print(students.groupby("Learning method")["Grade"].mean().round(2).to_dict())
        {'A': 2.33, 'B': 1.5}

    References:
        The table on the workshop's slides. On the page: [The school class][ml-school-class].
    """
    import pandas as pd

    return pd.DataFrame(
        {
            "Name": ["Anton", "Bert", "Clare", "Dave", "Emilia"],
            "Age": [14, 15, 13, 16, 15],
            "Learning method": ["A", "B", "A", "B", "A"],
            "Class": ["Sport", "Sport", "Sport", "Math", "Math"],
            "Grade": [2, 2, 3, 1, 2],
        }
    )
