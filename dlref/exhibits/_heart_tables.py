"""The heart data as a network takes them: prepared features and labels in columns."""

from functools import cache

import numpy as np

from dlref.exhibits._heart import heart_split, preparation


@cache
def heart_tables() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Features and labels of 734 patients to train on, then of 184 held out: float32, labels of shape (patients, 1)."""
    train, test, y_train, y_test = heart_split()
    prepared = preparation().fit(train)
    tables = (
        prepared.transform(train),
        y_train.to_numpy()[:, None],
        prepared.transform(test),
        y_test.to_numpy()[:, None],
    )
    return tuple(np.asarray(table, dtype=np.float32) for table in tables)
