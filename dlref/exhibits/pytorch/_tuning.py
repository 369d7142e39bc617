"""The searches that the page on hyperparameter tuning shows, each done once."""

from functools import cache

import numpy as np
import torch
from scipy.stats import loguniform
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, RandomizedSearchCV, StratifiedKFold
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from dlref.engine.trained import trained
from dlref.exhibits._heart import heart_split, preparation
from dlref.pytorch.networks import MLP

RATES = [0.0003, 0.001, 0.003, 0.01, 0.03]
NODES = [2, 8, 32, 128]
RATE, COUNT = "network__lr", "network__module__nodes"


@cache
def columns() -> int:
    """How many columns the features of the heart data become."""
    return preparation().fit_transform(heart_split()[0]).shape[1]


def network(nodes: int) -> MLP:
    """A network with one hidden layer for the heart data."""
    return MLP([columns(), nodes, 1])


def as_float32(table):
    """What PyTorch computes with."""
    return table.astype(np.float32)


def estimator():
    """Preparation and network as one estimator of scikit-learn, by skorch: each fold is prepared by its own training
    part. Ten epochs of Adam."""
    from skorch import NeuralNetBinaryClassifier

    classifier = NeuralNetBinaryClassifier(
        network,
        module__nodes=8,
        optimizer=torch.optim.Adam,
        max_epochs=10,
        batch_size=64,
        iterator_train__shuffle=True,
        train_split=None,
        verbose=0,
    )
    steps = {"prepare": preparation(), "float32": FunctionTransformer(as_float32), "network": classifier}
    return Pipeline(list(steps.items()))


@trained
def searched(search: str) -> dict:
    """A search over learning rate and nodes on the 734 training patients, three-fold cross-validated: for each setting
    the mean score and its spread over the folds; and the score of the best on the held-out patients."""
    x, x_test, y, y_test = heart_split()
    folds = {"cv": StratifiedKFold(3, shuffle=True, random_state=0), "scoring": "roc_auc"}
    torch.manual_seed(0)
    if search == "grid":
        found = GridSearchCV(estimator(), {RATE: RATES, COUNT: NODES}, **folds)
    else:
        # Uniform on a logarithmic scale; whole numbers of nodes.
        drawn = {RATE: loguniform(0.0003, 0.03), COUNT: np.unique(np.geomspace(2, 128, 40).astype(int))}
        found = RandomizedSearchCV(estimator(), drawn, n_iter=len(RATES) * len(NODES), random_state=0, **folds)
    results = found.fit(x, y.to_numpy(dtype=np.float32)).cv_results_
    return {
        "rates": [float(rate) for rate in results[f"param_{RATE}"]],
        "nodes": [int(count) for count in results[f"param_{COUNT}"]],
        "scores": results["mean_test_score"].tolist(),
        "spreads": results["std_test_score"].tolist(),
        "held out": float(roc_auc_score(y_test, found.predict_proba(x_test)[:, 1])),
    }
