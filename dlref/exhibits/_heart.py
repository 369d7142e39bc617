"""The heart model that several pages look at: one split, one fit, the same scores everywhere."""

from functools import cache

import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer, make_column_selector, make_column_transformer
from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from dlref.datasets import heart

TARGET = "HeartDisease"
CATEGORIES = ["Sex", "ChestPainType", "RestingECG", "ExerciseAngina", "ST_Slope"]
NUMBERS = ["Age", "RestingBP", "Cholesterol", "FastingBS", "MaxHR", "Oldpeak"]
# 0 stands for a value that was not measured.
DISGUISED = ["RestingBP", "Cholesterol"]


def heart_table() -> tuple[pd.DataFrame, pd.Series]:
    """Features and target of all patients, with the zeros that stand for missing values marked as missing."""
    patients = heart()
    patients[DISGUISED] = patients[DISGUISED].replace(0, np.nan)
    return patients.drop(columns=TARGET), patients[TARGET]


def heart_split() -> tuple[pd.DataFrame, pd.DataFrame, pd.Series, pd.Series]:
    """Features and target of the patients: four fifths to train on, one fifth held out, with the same share ill."""
    features, target = heart_table()
    return train_test_split(features, target, test_size=0.2, stratify=target, random_state=0)


def preparation(*, gaps: bool = False, without: tuple[str, ...] = ()) -> ColumnTransformer:
    """Fill gaps with the median, scale numbers, turn categories into columns; all of it learned from training data.

    With `gaps`, a column of its own says where no cholesterol was measured. Categories named in `without` are left out.
    """
    numbers = make_column_selector(dtype_include="number")
    categories = [name for name in CATEGORIES if name not in without]
    return make_column_transformer(
        (OneHotEncoder(drop="first", handle_unknown="ignore", sparse_output=False), categories),
        (make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), numbers),
        *([(MissingIndicator(features="all"), ["Cholesterol"])] if gaps else []),
    )


def heart_model(*, gaps: bool = True, without: tuple[str, ...] = ()) -> Pipeline:
    """The heart model, not yet fitted: the preparation, then logistic regression with a penalty of C = 1."""
    return make_pipeline(preparation(gaps=gaps, without=without), LogisticRegression(tol=1e-8, max_iter=1000))


@cache
def heart_scores() -> tuple[np.ndarray, np.ndarray]:
    """For each held-out patient, whether ill (1) or not (0), and the probability that logistic regression gives."""
    train, test, y_train, y_test = heart_split()
    return y_test.to_numpy(), heart_model().fit(train, y_train).predict_proba(test)[:, 1]
