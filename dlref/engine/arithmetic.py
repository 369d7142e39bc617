"""Other processors and other seeds, in the process that runs: what `scripts/hold` sets to see whether results hold.

`DLREF_ROUNDING=3` moves the result of each operation that processors round differently by up to one unit in its last
place, at random, in the third of many draws: Monte Carlo arithmetic, as Verrou and Verificarlo do it for programs. In
PyTorch these are matrix products, convolutions, reductions, exponentials, logarithms and their like; in NumPy, the
results of the functions of this package; in scikit-learn, what estimators that compute in floating point are given.
Sums and products of two numbers are rounded alike everywhere and are left alone.

`DLREF_SHIFT=2000` adds 2000 to every seed that is given to PyTorch, NumPy or scikit-learn.
"""

import importlib.abc
import importlib.machinery
import os
import platform
import sys
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

ROUNDING, SHIFT = "DLREF_ROUNDING", "DLREF_SHIFT"
# Settings that choose the instructions or the order of sums.
_SETTINGS = ("ATEN_", "DNNL_", "MKL_", "NPY_", "OPENBLAS_", "OMP_", ROUNDING, SHIFT)
# What processors do alike: these names in torch, and all that only moves numbers about, are not in this list.
_OPERATIONS = """
    mm bmm addmm addmv addbmm baddbmm mv dot vdot einsum linear matmul _addmm_activation convolution
    convolution_backward _slow_conv2d_forward mkldnn_convolution _conv_depthwise2d
    sum mean var std var_mean std_mean prod cumsum norm linalg_vector_norm linalg_norm logsumexp nansum
    exp expm1 exp2 log log1p log2 log10 pow tanh sigmoid erf sin cos tan sinh cosh softplus gelu silu rsqrt
    tanh_backward sigmoid_backward softplus_backward gelu_backward silu_backward
    _softmax _log_softmax _softmax_backward_data _log_softmax_backward_data
    native_layer_norm native_layer_norm_backward native_batch_norm _native_batch_norm_legit
    native_batch_norm_backward native_group_norm native_group_norm_backward batch_norm_backward
    binary_cross_entropy binary_cross_entropy_backward binary_cross_entropy_with_logits mse_loss mse_loss_backward
    nll_loss_forward nll_loss2d_forward mkldnn_rnn_layer mkldnn_rnn_layer_backward avg_pool2d avg_pool2d_backward
    _adaptive_avg_pool2d _adaptive_avg_pool2d_backward adaptive_avg_pool2d upsample_bilinear2d addcmul addcdiv lerp
    _foreach_addcmul _foreach_addcdiv _foreach_lerp _foreach_pow _foreach_norm
    linalg_solve linalg_lstsq linalg_qr linalg_svd _linalg_svd linalg_eigh _linalg_eigh linalg_cholesky_ex
    scatter_add index_add index_put embedding_dense_backward _scaled_dot_product_flash_attention_for_cpu
"""
_ROUNDED = frozenset(_OPERATIONS.split())
# Folders and files of mathematics in NumPy, whose functions' results are moved.
_ROOMS = """
    activations autograd bandits boxes convolution encoding graphs layers logistic losses metrics mlp optimizers
    recurrent softmax surfaces
"""
_MATHEMATICS = frozenset(_ROOMS.split())
_ESTIMATORS = ("linear_model", "svm", "decomposition", "cluster", "neural_network", "preprocessing._data")

_seeds = {"used": False}


@cache
def name() -> str:
    """This machine's arithmetic: results kept under one name are never shown beside those of another."""
    settings = {key: value for key, value in os.environ.items() if key.startswith(_SETTINGS)}
    # Whether it is one thread that was asked for or the only one that there is makes no difference.
    settings = {key: value for key, value in settings.items() if not (key.endswith("_NUM_THREADS") and value == "1")}
    return f"{platform.system()} {platform.machine()} {_processor()} {sorted(settings.items())}"


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    wanted = ("vendor_id", "cpu family", "model", "flags", "CPU part", "Features")
    return str(sorted({line for line in lines if line.split("\t")[0].strip() in wanted}))


@cache
def enter() -> None:
    """Do in this process what the environment asks for; nothing where it asks for nothing."""
    if shift := int(os.environ.get(SHIFT, 0)):
        _shift(shift)
    if draw := os.environ.get(ROUNDING):
        _round(int(draw))


def note_seeds() -> None:
    """Remember that what is made depends on seeds, so that other seeds may give another result."""
    _seeds["used"] = True


def seeds_used() -> bool:
    """Whether this process was given a seed, as far as `_shift` or `note_seeds` was told."""
    return _seeds["used"]


def _shift(shift: int) -> None:
    random: Any = np.random
    default_rng, plain = random.default_rng, random.seed

    def moved(seed: Any) -> Any:
        note_seeds()
        whole = isinstance(seed, int | np.integer) and not isinstance(seed, bool)
        return int(seed) + shift if whole else [moved(s) for s in seed] if isinstance(seed, list | tuple) else seed

    class RandomState(random.RandomState):
        def __init__(self, seed: Any = None):
            super().__init__(moved(seed))

    random.RandomState = RandomState
    random.default_rng = lambda seed=None: default_rng(moved(seed))
    random.seed = lambda seed=None: plain(moved(seed))
    if _will_import("torch"):
        import torch

        class Generator(torch.Generator):
            def manual_seed(self, seed: int) -> torch.Generator:
                return super().manual_seed(moved(seed))

        manual_seed = torch.manual_seed
        torch.manual_seed = torch.random.manual_seed = lambda seed: manual_seed(moved(seed))
        torch.Generator = Generator  # type: ignore[misc]


def _round(draw: int) -> None:
    generator = np.random.default_rng(draw)
    sys.meta_path.insert(0, _Finder(generator))
    _perturb_estimators(generator)
    if _will_import("torch"):
        _rounded_torch(draw).__enter__()


def _will_import(library: str) -> bool:
    """torch takes a second to import; the server of processes has done so where anything needs it."""
    return library in sys.modules


def moved(value: Any, generator: np.random.Generator) -> Any:
    """`value` with each float moved by -1, 0 or 1 units in its last place; functions return what is moved.

    A number that is whole, or has few binary digits, comes out the same on any processor and stays.
    """
    if isinstance(value, np.ndarray) and value.dtype.kind == "f" and value.size:
        step = generator.integers(-1, 2, value.shape)
        there = np.nextafter(value, np.copysign(np.asarray(np.inf, value.dtype), step))
        return np.where((step == 0) | _short(value) | ~np.isfinite(value), value, there).astype(value.dtype)
    if isinstance(value, np.floating):
        return type(value)(moved(np.asarray(value), generator))
    if isinstance(value, float):
        return float(moved(np.asarray(value), generator))
    if isinstance(value, tuple | list):
        parts = [moved(part, generator) for part in value]
        return type(value)(*parts) if hasattr(value, "_fields") else type(value)(parts)
    if isinstance(value, dict):
        return {key: moved(part, generator) for key, part in value.items()}
    return _wrapped(value, generator) if type(value).__name__ == "function" else value


def _short(value: np.ndarray) -> np.ndarray:
    """Numbers with at most half of their binary digits: small fractions such as 0.375, and whole numbers."""
    mantissa, _ = np.frexp(value.astype(np.float64))
    scaled = mantissa * 2.0 ** (12 if value.dtype.itemsize == 4 else 26)
    return scaled == np.round(scaled)


def _wrapped(function: Callable, generator: np.random.Generator) -> Callable:
    @wraps(function)
    def _rounded(*args: Any, **kwargs: Any) -> Any:
        return moved(function(*args, **kwargs), generator)

    return _rounded


class _Finder(importlib.abc.MetaPathFinder):
    """Wraps the public functions of each module of mathematics as it is imported."""

    def __init__(self, generator: np.random.Generator):
        self.generator = generator

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> Any:
        parts = fullname.split(".")
        if len(parts) < 2 or parts[0] != "dlref" or parts[1] not in _MATHEMATICS:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        # A package only hands on what its files define.
        if spec and spec.loader and not spec.submodule_search_locations:
            execute = spec.loader.exec_module

            def exec_module(module: ModuleType) -> None:
                execute(module)
                for name in getattr(module, "__all__", ()):
                    if type(getattr(module, name)).__name__ == "function":
                        setattr(module, name, _wrapped(getattr(module, name), self.generator))

            spec.loader.exec_module = exec_module  # type: ignore[method-assign]
        return spec


def _perturb_estimators(generator: np.random.Generator) -> None:
    """Estimators that compute in floating point get each float of X moved, as another processor's sums would be."""
    if not _will_import("sklearn"):
        return
    from sklearn.utils import validation

    validate = validation.validate_data

    def validated(estimator: Any, *args: Any, **kwargs: Any) -> Any:
        found = validate(estimator, *args, **kwargs)
        if not type(estimator).__module__.startswith(tuple(f"sklearn.{part}" for part in _ESTIMATORS)):
            return found
        if isinstance(found, tuple):
            return (moved(found[0], generator), *found[1:])
        return moved(found, generator)

    validation.validate_data = validated
    for module in [m for n, m in sys.modules.items() if n.startswith("sklearn.") and m]:
        if getattr(module, "validate_data", None) is validate:
            vars(module)["validate_data"] = validated


def _rounded_torch(draw: int) -> Any:
    import torch
    from torch.utils._python_dispatch import TorchDispatchMode

    # Steps drawn once, a piece of which serves each operation: drawing them anew would take most of the time.
    pool = torch.randint(-1, 2, (1 << 22,), generator=torch.Generator().manual_seed(draw), dtype=torch.int8)
    places, whole = np.random.default_rng(draw), {torch.float32: torch.int32, torch.float64: torch.int64}

    def nudge(tensor: Any) -> Any:
        if not isinstance(tensor, torch.Tensor) or tensor.dtype not in whole or tensor.is_sparse:
            return tensor
        count = tensor.numel()
        start = int(places.integers(0, len(pool)))
        steps = pool[start : start + count]
        if len(steps) < count:
            steps = pool.repeat(count // len(pool) + 2)[start : start + count]
        # Numbers of one sign are ordered as their bits are, read as a whole number. What is whole stays exact.
        bits = tensor.contiguous().view(whole[tensor.dtype]) + steps.reshape(tensor.shape) * (tensor != tensor.round())
        return bits.view(tensor.dtype)

    class Rounded(TorchDispatchMode):
        def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
            found = func(*args, **(kwargs or {}))
            packet = func.overloadpacket.__name__
            if packet in _ROUNDED:
                return torch.utils._pytree.tree_map(nudge, found)
            if packet.endswith("_") and packet[:-1] in _ROUNDED:
                for tensor in found if isinstance(found, list | tuple) else args[0] if found is None else [found]:
                    tensor.copy_(nudge(tensor))
            return found

    return Rounded()
