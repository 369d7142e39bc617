"""The heart model that several pages look at: one split, one fit, the same scores everywhere."""

from functools import cache

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from dlref.datasets import heart

TARGET = "HeartDisease"
CATEGORIES = ["Sex", "ChestPainType", "RestingECG", "ExerciseAngina", "ST_Slope"]
# 0 stands for a value that was not measured.
DISGUISED = ["RestingBP", "Cholesterol"]


def heart_split() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.Series]:
    """Features and target of the patients: four fifths to train on, one fifth held out, with the same share ill."""
    patients = heart()
    patients[DISGUISED] = patients[DISGUISED].replace(0, np.nan)
    features, target = patients.drop(columns=TARGET), patients[TARGET]
    return train_test_split(features, target, test_size=0.2, stratify=target, random_state=0)


def preparation():
    """Fill gaps with the median, scale numbers, turn categories into columns; all of it learned from training data."""
    return make_column_transformer(
        (OneHotEncoder(drop="first", sparse_output=False), CATEGORIES),
        remainder=make_pipeline(SimpleImputer(strategy="median"), StandardScaler()),
    )


@cache
def heart_scores() -> tuple[np.ndarray, np.ndarray]:
    """For each held-out patient, whether ill (1) or not (0), and the probability that logistic regression gives."""
    train, test, y_train, y_test = heart_split()
    model = make_pipeline(preparation(), LogisticRegression(max_iter=1000)).fit(train, y_train)
    return y_test.to_numpy(), model.predict_proba(test)[:, 1]
