"""Error messages as people paste them: other shapes and names, older wordings, whole tracebacks, a part only."""

import io
import subprocess
import sys

import pytest
from conftest import ROOT

from dlref.__main__ import main
from dlref.engine import explain
from dlref.engine.examples import Example

TRACEBACK = """Traceback (most recent call last):
  File "train.py", line 12, in <module>
    loss = criterion(model(x), y)
  File "/usr/lib/python3/site-packages/torch/nn/modules/module.py", line 1102, in _call_impl
    return forward_call(*input, **kwargs)
"""
PASTED = [
    ("mat1 and mat2 shapes cannot be multiplied (64x784 and 512x10)", "err-mat1-mat2"),
    (
        "RuntimeError: size mismatch, m1: [32 x 512], m2: [2048 x 10] at /pytorch/aten/THTensorMath.cpp:41",
        "err-mat1-mat2",
    ),
    (TRACEBACK + "RuntimeError: mat1 and mat2 shapes cannot be multiplied (1x16384 and 512x512)", "err-mat1-mat2"),
    (
        "The size of tensor a (640) must match the size of tensor b (320) at non-singleton dimension 1",
        "err-size-of-tensor",
    ),
    (
        "loss.py:431: UserWarning: Using a target size (torch.Size([32, 1])) that is different to the input size "
        "(torch.Size([32])). This will likely lead to incorrect results due to broadcasting.",
        "err-target-size",
    ),
    (
        "ValueError: Target size (torch.Size([16])) must be the same as input size (torch.Size([16, 1]))",
        "err-target-size",
    ),
    ("RuntimeError: shape '[24, 1, 6400]' is invalid for input of size 460800", "err-shape-invalid"),
    (
        "view size is not compatible with input tensor's size and stride (at least one dimension spans",
        "err-view-stride",
    ),
    (
        "Given groups=1, weight of size [64, 3, 3, 3], expected input[1, 1, 256, 256] to have 3 channels, but got 1 "
        "channels instead",
        "err-channels",
    ),
    ("ValueError: Expected input batch_size (60) to match target batch_size (10).", "err-batch-size"),
    ("element 0 of variables does not require grad and does not have a grad_fn", "err-element-0"),
    (
        TRACEBACK + "RuntimeError: element 0 of tensors does not require grad and does not have a grad_fn",
        "err-element-0",
    ),
    (
        "Trying to backward through the graph a second time, but the buffers have already been freed. Specify "
        "retain_graph=True when calling backward the first time.",
        "err-second-time",
    ),
    (
        "RuntimeError: one of the variables needed for gradient computation has been modified by an inplace operation: "
        "[torch.cuda.FloatTensor [10, 49]], which is output 0 of SubBackward0, is at version 1; expected version 0 "
        "instead. Hint: enable anomaly detection",
        "err-inplace",
    ),
    ("RuntimeError: grad can be implicitly created only for scalar outputs", "err-scalar-outputs"),
    ("a view of a leaf Variable that requires grad is being used in an in-place operation.", "err-leaf"),
    ("TypeError: unsupported operand type(s) for *: 'float' and 'NoneType'", "err-leaf"),
    ("Can't call numpy() on Variable that requires grad. Use var.detach().numpy() instead.", "err-numpy-grad"),
    ("ValueError: optimizer got an empty parameter list", "err-empty-optimizer"),
    ("RuntimeError: expected scalar type Long but found Float", "err-long-float"),
    (
        "Expected object of scalar type Long but got scalar type Float for argument #2 'target' in call to "
        "_thnn_nll_loss2d_forward",
        "err-long-float",
    ),
    ("mat1 and mat2 must have the same dtype, but got Float and BFloat16", "err-same-dtype"),
    ("expected m1 and m2 to have the same dtype, but got: float != c10::Half", "err-same-dtype"),
    ("IndexError: Target 13 is out of bounds.", "err-target-bounds"),
    (
        "RuntimeError: CUDA error: device-side assert triggered\nCUDA kernel errors might be asynchronously reported",
        "err-target-bounds",
    ),
    ("IndexError: index out of range in self", "err-index-self"),
    ("RuntimeError: all elements of input should be between 0 and 1", "err-zero-one"),
    (
        "Expected all tensors to be on the same device, but found at least two devices, cuda:1 and cpu! (when checking "
        "argument for argument mat1 in method wrapper_CUDA_addmm)",
        "err-device",
    ),
    (
        'Error(s) in loading state_dict for ResNet:\n\tMissing key(s) in state_dict: "conv1.weight", "bn1.weight".\n'
        '\tUnexpected key(s) in state_dict: "module.conv1.weight"',
        "err-state-dict",
    ),
    (
        "_pickle.UnpicklingError: Weights only load failed. In PyTorch 2.6, we changed the default value of the "
        "`weights_only` argument in `torch.load` from `False` to `True`.",
        "err-weights-only",
    ),
    ("AttributeError: 'collections.OrderedDict' object has no attribute 'eval'", "err-ordered-dict"),
    ("num_samples should be a positive integer value, but got num_samples=0", "err-num-samples"),
    (
        "RuntimeError: Caught RuntimeError in DataLoader worker process 0.\n"
        + TRACEBACK
        + "RuntimeError: stack expects "
        "each tensor to be equal size, but got [3, 544, 386] at entry 0 and [3, 794, 586] at entry 1",
        "err-stack",
    ),
    ("Expected more than 1 value per channel when training, got input size [1, 128, 1, 1]", "err-batch-norm"),
    (
        "default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found <class 'NoneType'>",
        "err-collate",
    ),
    (
        "ValueError: Expected 2D array, got 1D array instead:\narray=[409500. 357000.].\nReshape your data either "
        "using array.reshape(-1, 1) if your data has a single feature",
        "err-2d-array",
    ),
    ("Found input variables with inconsistent numbers of samples: [8000, 7998]", "err-inconsistent"),
    ("Input contains NaN, infinity or a value too large for dtype('float32').", "err-nan"),
    ("ValueError: could not convert string to float: 'NEAR BAY'", "err-string-float"),
    ("ValueError: Unknown label type: 'continuous'", "err-label-type"),
    (
        "ConvergenceWarning: lbfgs failed to converge (status=1):\nSTOP: TOTAL NO. of ITERATIONS REACHED LIMIT.",
        "err-converge",
    ),
    ("UserWarning: X does not have valid feature names, but SVC was fitted with feature names", "err-feature-names"),
    ("X has 66 features, but StandardScaler is expecting 96 features as input.", "err-n-features"),
    ("Found unknown categories ['Q'] in column 3 during transform", "err-unknown-categories"),
    ("Target is multiclass but average='binary'. Please choose another average setting.", "err-multiclass"),
    ("Classification metrics can't handle a mix of continuous and binary targets", "err-mix"),
    (
        "UndefinedMetricWarning: Precision and F-score are ill-defined and being set to 0.0 in labels with no "
        "predicted samples.",
        "err-ill-defined",
    ),
    ("TypeError: confusion_matrix() takes 2 positional arguments but 3 were given", "err-positional"),
    ("ValueError: operands could not be broadcast together with shapes (88,23) (88,24)", "err-broadcast"),
    ("The truth value of a DataFrame is ambiguous. Use a.empty, a.bool(), a.item(), a.any() or a.all().", "err-truth"),
    (
        "setting an array element with a sequence. The requested array has an inhomogeneous shape after 2 dimensions. "
        "The detected shape was (750,) + inhomogeneous part.",
        "err-inhomogeneous",
    ),
    ("Object arrays cannot be loaded when allow_pickle=False", "err-allow-pickle"),
    ("RuntimeWarning: overflow encountered in exp\n  return 1.0 / (1.0 + np.exp(-z))", "err-overflow"),
    (
        "TypeError: Cannot cast ufunc add output from dtype('int32') to dtype('uint8') with casting rule 'same_kind'",
        "err-cast",
    ),
    ("SettingWithCopyWarning: \nA value is trying to be set on a copy of a slice from a DataFrame.", "err-chained"),
    ("IntCastingNaNError: Cannot convert non-finite values (NA or inf) to integer", "err-non-finite"),
    ('Unable to parse string "unparseable" at position 1', "err-parse"),
    (
        "You are trying to merge on int64 and object columns. If you wish to proceed you should use pd.concat",
        "err-merge",
    ),
    ("ValueError: cannot reindex from a duplicate axis", "err-duplicate-labels"),
    (
        "pandas.errors.ParserError: Error tokenizing data. C error: Expected 44 fields in line 3169, saw 56",
        "err-tokenizing",
    ),
    ("'DataFrame' object has no attribute 'append'. Did you mean: '_append'?", "err-append"),
    ("mat1 and mat2 shapes", "err-mat1-mat2"),
]


@pytest.mark.parametrize(("pasted", "identifier"), PASTED, ids=range(len(PASTED)))
def test_a_pasted_message_finds_its_entry(pasted, identifier):
    score, entry = explain.rank(pasted)[0]
    assert (entry.identifier, score >= explain.ENOUGH) == (identifier, True)


def test_every_entry_is_pasted_here_and_is_whole():
    entries = explain.entries()
    identifiers = [entry.identifier for entry in entries]
    assert len(set(identifiers)) == len(identifiers) >= 40
    assert set(identifiers) == {identifier for _, identifier in PASTED}
    for entry in entries:
        assert sum(isinstance(part, Example) for part in entry.parts) >= 2, entry.identifier
        text = " ".join(part for part in entry.parts if isinstance(part, str))
        assert "**Mend.**" in text, entry.identifier
        assert "Reported in" in text, entry.identifier


@pytest.mark.parametrize(
    "unknown",
    [
        "FileNotFoundError: [Errno 2] No such file or directory: 'x.csv'",
        "my loss is nan after three epochs",
        "list index out of range",
        "CUDA out of memory. Tried to allocate 2 GiB",
    ],
)
def test_an_unknown_message_says_so_and_names_the_nearest(unknown, capsys):
    assert main(["explain", unknown]) == 1
    assert capsys.readouterr().out.startswith("No entry has this message.")


def test_the_nearest_are_named(capsys):
    assert main(["explain", "could not convert the string"]) == 1
    assert "errors/scikit-learn.html#err-string-float" in capsys.readouterr().out


def test_a_traceback_is_read_from_a_pipe_and_the_whole_entry_printed(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(PASTED[11][0]))
    assert main(["explain"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("element 0 of tensors does not require grad\n")
    for said in (
        "Mend. ",
        "Wrong mend. ",
        "    import torch\n",
        "# tensor([1.])",
        "errors/gradients.html#err-element-0",
    ):
        assert said in out
    assert not any(mark in out for mark in ("{{", "**", "<small>", ">>>"))


def test_nothing_to_explain_is_an_error(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.StringIO(" \n"))
    with pytest.raises(SystemExit) as ended:
        main(["explain"])
    assert ended.value.code == 2
    assert "give the message" in capsys.readouterr().err


def test_a_reader_who_has_enough_is_no_fault():
    command = [sys.executable, "-m", "dlref", "explain", "mat1 and mat2 shapes cannot be multiplied"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asked:
        # Closed before anything is said.
        asked.stdout.close()
        assert (asked.stderr.read(), asked.wait()) == ("", 0)
