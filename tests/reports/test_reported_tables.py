"""Tables, arrays and tensors as people have them: what others reported of their libraries, asked of this one."""

import numpy as np
import pandas as pd
import pytest
import torch

from dlref.datasets import heart
from dlref.logistic import fit, logistic_loss, predict_proba
from dlref.losses import squared_error
from dlref.metrics import accuracy, mean_squared_error, roc_auc_score

X = pd.DataFrame({"age": [40, 50, 60], "smoker": [True, False, True], "st": [0.5, 1.0, 2.0]})
W = [0.1, -1.0, 0.5]


def test_indicators_beside_numbers():
    """A frame of pd.get_dummies' booleans and of numbers: fastai/course22#99, meta-pytorch/captum#1325."""
    patients = heart()
    table = pd.get_dummies(patients.drop(columns="HeartDisease"))
    scaled = (table - table.mean()) / table.std()
    got = logistic_loss(table, patients["HeartDisease"], np.full(table.shape[1], 0.01), 0.0)
    assert got == logistic_loss(table.to_numpy(float), patients["HeartDisease"], np.full(table.shape[1], 0.01), 0.0)
    coefficients, _, losses = fit(scaled, patients["HeartDisease"], steps=20)
    assert len(coefficients) == table.shape[1] and losses[-1] < losses[0]


@pytest.mark.parametrize("dtype", ["convert", "object", "Int64", "reversed", "strided", "big-endian", "fortran"])
def test_columns_of_every_kind(dtype):
    """Nullable, object and reversed columns: scikit-learn/scikit-learn#25578, #25635; pytorch/pytorch#92680."""
    plain = X.to_numpy(float)
    given = {
        "convert": X.convert_dtypes(),
        "object": X.astype(object),
        "Int64": X.astype({"age": "Int64", "smoker": "boolean", "st": "Float64"}),
        "reversed": X.iloc[::-1],
        "strided": np.repeat(plain, 2, axis=1)[::-1, ::2][::-1],
        "big-endian": plain.astype(">f8"),
        "fortran": np.asfortranarray(plain),
    }[dtype]
    expected = predict_proba(plain, W, 0.25)
    np.testing.assert_array_equal(predict_proba(given, W, 0.25), expected[::-1] if dtype == "reversed" else expected)


@pytest.mark.parametrize(
    ("column", "got"),
    [
        (["a", "b", "c"], "must hold real numbers in column 'new'; got str 'a'."),
        (pd.array([1, None, 2], dtype="Int64"), "must be finite; got nan among its values in column 'new'."),
        (
            pd.array([1, None, 2], dtype="Int64").astype(object),
            "must hold real numbers in column 'new'; got NAType <NA>.",
        ),
        (pd.to_datetime(["2020-01-01"] * 3), "must hold real numbers in column 'new'; got Series 0"),
        ([1.0, np.nan, 2.0], "must be finite; got nan among its values in column 'new'."),
        ([0.5, 1, 10**400], f"must hold numbers below 1.8e308 in column 'new'; got 1{'0' * 56}...."),
        ([2**53 + 1, 1, 2], "must hold numbers that a float holds exactly in column 'new'; got 9007199254740993."),
    ],
)
def test_the_column_that_is_no_number_is_named(column, got):
    """What is refused is a column, and not the frame: Evergreen0929/Kaggle_House_Prices#5."""
    with pytest.raises((TypeError, ValueError)) as caught:
        predict_proba(X.assign(new=column), [1, 1, 1, 1], 0)
    assert str(caught.value).startswith(f"predict_proba: X {got}")


def test_columns_of_one_name_and_of_two_kinds_of_integers():
    """A name that stands twice is two columns, and int64 beside uint64 becomes float64 only where it fits."""
    twice = pd.DataFrame([[1, 0.5], [2, 0.25]], columns=["a", "a"])
    np.testing.assert_array_equal(predict_proba(twice, [1, 1], 0), predict_proba(twice.to_numpy(), [1, 1], 0))
    wide = pd.DataFrame({"a": [-1, 0], "b": np.array([2**63 + 1, 0], np.uint64)})
    with pytest.raises(
        ValueError, match=r"^predict_proba: X must hold numbers that a float holds exactly in column 'b'"
    ):
        predict_proba(wide, [1, 1], 0)


def test_tensors_are_taken_as_their_numbers():
    """A tensor that requires a gradient, and others that NumPy does not read: pytorchbearer/torchbearer#424."""
    y_true, scores = [0, 1, 1], torch.tensor([0.25, 0.125, 0.5])
    for given in (
        scores.clone().requires_grad_(),
        scores.bfloat16(),
        scores.half(),
        scores.to_sparse(),
        scores.double(),
    ):
        assert roc_auc_score(y_true, given) == 0.5
        assert roc_auc_score(torch.tensor(y_true), given) == 0.5
    with pytest.raises(TypeError, match=r"^roc_auc_score: y_score must hold real numbers; got Tensor "):
        roc_auc_score(y_true, scores.to("meta"))
    with pytest.raises(TypeError, match=r"^roc_auc_score: y_score must hold real numbers; got Tensor "):
        roc_auc_score(y_true, scores.to(torch.complex64))


def test_what_a_mask_hides_is_not_counted():
    """A masked array's mask was dropped: jax-ml/jax#13795."""
    hidden = np.ma.array([1.0, 2, 999], mask=[0, 0, 1])
    with pytest.raises(ValueError, match=r"^mean_squared_error: y_true must have no masked values; got 1 of 3\.$"):
        mean_squared_error(hidden, [1, 2, 3])
    assert mean_squared_error(np.ma.array([1.0, 2]), [1, 4]) == 2


def test_series_of_nullable_numbers():
    """Series of Int64, UInt8, Float64, boolean and category: scikit-learn/scikit-learn#25953."""
    for dtype in ("Int64", "UInt8", "Float64", "boolean", "category", object):
        assert roc_auc_score(pd.Series([0, 1, 1]).astype(dtype), pd.Series([0.1, 0.2, 0.3])) == 1


def test_small_integers_do_not_wrap():
    """The squared error of uint8: scikit-learn/scikit-learn#28827."""
    assert mean_squared_error(np.uint8([0]), np.uint8([16])) == 256
    assert squared_error(np.uint8([0]), np.uint8([16])) == [256]


@pytest.mark.parametrize("matrix", [[[10**19, 0], [0, 10**19]], [[2**63, 0], [0, 1]], [[1e20, 0], [0, 1]]])
def test_counts_that_no_integer_holds_are_refused(matrix):
    """Counts of 2**63 and more wrapped to negative ones."""
    with pytest.raises(ValueError, match=r"^accuracy: matrix must hold (integers from 0 to|numbers below) 2\*\*63"):
        accuracy(matrix)


def test_large_counts_are_exact_and_their_rates_do_not_wrap():
    """2**53 + 1 lost its last bit, and sums beyond 2**63 turned negative."""
    from dlref.metrics import counts

    assert counts([[2**53 + 1, 0], [0, 1]]) == (2**53 + 1, 0, 0, 1)
    assert accuracy([[2**62, 2**62], [2**62, 2**62]]) == 0.5
