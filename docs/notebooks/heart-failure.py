# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Heart failure: from file to classifier
#
# Which patients have heart disease? This notebook goes from the raw table to two evaluated classifiers: logistic
# regression and a small network in PyTorch. Both are compared by cross-validation, and tested once at the end.
#
# It runs as it is, wherever `dlref` is installed with `torch`.

# %%
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import torch
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    roc_auc_score,
    roc_curve,
)
from sklearn.model_selection import StratifiedKFold, train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from torch import nn
from torch.utils.data import DataLoader

from dlref.activations import sigmoid
from dlref.datasets import heart
from dlref.plots import style
from dlref.pytorch.networks import MLP, parameter_count
from dlref.pytorch.training import TableDataset, fit, predict

style.use()

# %% [markdown]
# ## Import
#
# 918 patients, eleven features, and the target `HeartDisease`.

# %% caption="The first five patients."
patients = heart()
print(patients.shape, "with disease:", patients["HeartDisease"].sum())
patients.head()

# %% [markdown]
# ## Missing values
#
# No cell is empty. But nobody has a blood pressure or a cholesterol of 0: those zeros stand for values that were not
# measured.

# %%
DISGUISED = ["RestingBP", "Cholesterol"]
print("empty cells:", patients.isna().sum().sum())
print("zeros:", (patients[DISGUISED] == 0).sum().to_dict())
patients[DISGUISED] = patients[DISGUISED].replace(0, np.nan)

# %% [markdown]
# ## Splitting
#
# One fifth of the patients is put aside before anything is learned from the data, with the same share of ill as the
# rest. It is looked at once, at the very end.

# %%
X, y = (
    patients.drop(columns="HeartDisease"),
    patients["HeartDisease"].to_numpy(),
)
X_train, X_test, y_train, y_test = train_test_split(
    X, y, test_size=0.2, stratify=y, random_state=0
)
print("to train on:", len(X_train), "share ill:", y_train.mean().round(3))
print("to test on:", len(X_test), "share ill:", y_test.mean().round(3))

# %% [markdown]
# Is a missing cholesterol a matter of chance? Among the patients to train on who have none, far more are ill. So the gap
# itself carries information, and it is kept as a column of its own.

# %% caption="Patients to train on with and without a measured cholesterol, and the share of them who are ill."
missing = X_train["Cholesterol"].isna()
shares = (
    pd.Series(y_train, X_train.index)
    .groupby(missing.map({True: "missing", False: "measured"}))
    .agg(["size", "mean"])
)
shares.rename_axis("cholesterol").rename(
    columns={"size": "patients", "mean": "share ill"}
)

# %% [markdown]
# ## Preparation
#
# Gaps are filled with the median, numbers are scaled to mean 0 and standard deviation 1, categories become columns of
# 0 and 1. All of this is *learned* from training data, so it must happen inside each fold of a cross-validation. A
# function makes a new, unfitted preparation each time.

# %%
CATEGORIES = [
    "Sex",
    "ChestPainType",
    "RestingECG",
    "ExerciseAngina",
    "ST_Slope",
]


def preparation():
    return make_column_transformer(
        (OneHotEncoder(drop="first", sparse_output=False), CATEGORIES),
        remainder=make_pipeline(
            SimpleImputer(strategy="median", add_indicator=True),
            StandardScaler(),
        ),
    )


columns = preparation().fit_transform(X_train).shape[1]
print(X_train.shape[1], "features become", columns, "columns")

# %% [markdown]
# ## Two models
#
# Both get a prepared table and labels, and give back a function from tables to probabilities.


# %%
def logistic(x, labels):
    model = LogisticRegression(max_iter=1000).fit(x, labels)
    return lambda table: model.predict_proba(table)[:, 1]


def network(x, labels, epochs=30):
    torch.manual_seed(0)
    model = MLP([x.shape[1], 16, 1], dropout=0.2)
    loader = DataLoader(
        TableDataset(x, labels[:, None].astype(float)),
        batch_size=32,
        shuffle=True,
    )
    optimizer = torch.optim.Adam(
        model.parameters(), lr=0.003, weight_decay=1e-3
    )
    fit(model, loader, nn.BCEWithLogitsLoss(), optimizer, epochs=epochs)
    return lambda table: sigmoid(predict(model, table))[:, 0]


MODELS = {"logistic regression": logistic, "network": network}
print("parameters of the network:", parameter_count(MLP([columns, 16, 1])))

# %% [markdown]
# ## Cross-validation
#
# Five folds. In each, preparation and model learn from four fifths of the training patients and are scored on the fifth
# fifth, by the area under the ROC curve.

# %% caption="Area under the ROC curve on the fold left out, both models on the same folds."
folds = StratifiedKFold(5, shuffle=True, random_state=0)
scores = {name: [] for name in MODELS}
for train, validation in folds.split(X_train, y_train):
    prepare = preparation().fit(X_train.iloc[train])
    x, x_validation = (
        prepare.transform(X_train.iloc[train]),
        prepare.transform(X_train.iloc[validation]),
    )
    for name, build in MODELS.items():
        probability = build(x, y_train[train])
        scores[name].append(
            roc_auc_score(y_train[validation], probability(x_validation))
        )

table = pd.DataFrame(scores, index=pd.Index(range(1, 6), name="fold"))
table

# %% [markdown]
# The mean difference of the two, with its standard deviation over the folds:

# %%
difference = table["network"] - table["logistic regression"]
print("means:", table.mean().round(3).to_dict())
print(f"difference: {difference.mean():+.3f} ± {difference.std():.3f}")

# %% [markdown]
# On a table of this size the network has no lead: the difference is no larger than its own spread. The simpler model,
# whose coefficients can be read, is a good choice here.
#
# ## Test
#
# Now, once, the patients that no step has seen. Both models learn from all training patients.

# %% caption="Both models on the test patients, at a threshold of 0.5."
prepare = preparation().fit(X_train)
x_train, x_test = prepare.transform(X_train), prepare.transform(X_test)
probabilities = {
    name: build(x_train, y_train)(x_test) for name, build in MODELS.items()
}
rows = []
for name, p in probabilities.items():
    answers = p >= 0.5
    counts = confusion_matrix(y_test, answers).ravel().tolist()
    scores = accuracy_score(y_test, answers), roc_auc_score(y_test, p)
    rows.append((name, *counts, *scores))
names = ["model", "TN", "FP", "FN", "TP", "accuracy", "AUC"]
pd.DataFrame(rows, columns=names)

# %% alt="ROC curves of logistic regression and of the network on the test patients: both rise steeply, far above the diagonal, and cross each other several times." caption="ROC curves on the test patients."
fig, ax = plt.subplots(figsize=(4.2, 3.6))
ax.plot(
    (0, 1), (0, 1), color=style.MUTED, linewidth=0.9, linestyle=(0, (4, 3))
)
for (name, p), color, dash in zip(
    probabilities.items(), style.SERIES, style.DASHES, strict=False
):
    fpr, tpr, _ = roc_curve(y_test, p, drop_intermediate=False)
    ax.plot(fpr, tpr, color=color, linestyle=dash, label=name)
ax.set(xlabel="false positive rate", ylabel="true positive rate")
ax.set_aspect("equal")
_ = ax.legend(loc="lower right")

# %% [markdown]
# Always answering *ill* would be right on the share of ill patients; that is the baseline to read the accuracies
# against. Where a miss is worse than a false alarm, lower the threshold:
# [the ROC curve][clf-roc] shows what each choice costs.

# %%
print(f"baseline accuracy: {max(y_test.mean(), 1 - y_test.mean()):.3f}")
