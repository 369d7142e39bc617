"""Exhibits of the page on errors of scikit-learn."""

import numpy as np
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from dlref.engine.exhibit import exhibit
from dlref.exhibits._heart import heart_model, heart_table

SPLITS = 20


def pairing(right: bool) -> float:
    """Held-out patients predicted right, in per cent, where targets belong to the rows or were cut to their number."""
    features, target = heart_table()
    measured = features["Cholesterol"].notna()
    # Shuffled first: the file is ordered by hospital, and neighbors are alike.
    found = []
    for seed in range(SPLITS):
        order = np.random.default_rng(seed).permutation(len(features))
        kept = order[measured.to_numpy()[order]]
        rows = features.iloc[kept]
        labels = target.iloc[kept] if right else target.iloc[order[: len(kept)]]
        model = heart_model(gaps=False).fit(rows[:500], labels[:500])
        found.append(np.mean(model.predict(rows[500:]) == target.iloc[kept[500:]]))
    return 100 * float(np.mean(found))


@exhibit(digits=0, over="20 random orders of the patients")
def paired() -> float:
    """Held-out patients predicted right by a model trained on their own targets, in per cent: the mean."""
    return pairing(True)


@exhibit(digits=0, over="20 random orders of the patients")
def shifted() -> float:
    """Held-out patients predicted right after training on targets cut to the rows' number, in per cent."""
    return pairing(False)


@exhibit(over="the breast cancer data of scikit-learn, 569 rows, raw and scaled")
def slower() -> bool:
    """On the raw columns lbfgs takes more than 20 times the steps that it takes on scaled ones."""
    x, y = load_breast_cancer(return_X_y=True)
    raw = LogisticRegression(max_iter=100_000).fit(x, y).n_iter_[0]
    scaled = make_pipeline(StandardScaler(), LogisticRegression()).fit(x, y)[-1].n_iter_[0]
    return bool(raw > 20 * scaled)
