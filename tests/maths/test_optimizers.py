"""Descents that equal those of `torch.optim`, and input that optimizers and surfaces refuse."""

import numpy as np
import pytest
import torch
from torch_paths import our_path, torch_path

from dlref.optimizers import (
    adadelta,
    adagrad,
    adam,
    adamw,
    descend,
    descend_batches,
    gradient_descent,
    mini_batches,
    momentum,
    nesterov,
    rmsprop,
)
from dlref.surfaces import quadratic, rosenbrock, rosenbrock_gradient, saddle, styblinski_tang

# The rate is the only hyperparameter without its default, so that the defaults are compared as well.
PAIRS = {
    "gradient_descent": (gradient_descent, 1e-3, torch.optim.SGD, {}),
    "momentum": (momentum, 1e-4, torch.optim.SGD, {"momentum": 0.9}),
    "nesterov": (nesterov, 1e-4, torch.optim.SGD, {"momentum": 0.9, "nesterov": True}),
    "adagrad": (adagrad, 0.1, torch.optim.Adagrad, {}),
    "rmsprop": (rmsprop, 0.01, torch.optim.RMSprop, {}),
    "adadelta": (adadelta, 1.0, torch.optim.Adadelta, {}),
    "adam": (adam, 0.05, torch.optim.Adam, {}),
    "adamw": (adamw, 0.05, torch.optim.AdamW, {}),
}


def torch_descent(optimizer, steps=100, **settings):
    """The path down Rosenbrock's valley, the slope by autograd."""
    x = torch.tensor([-1.5, 1.0], dtype=torch.float64, requires_grad=True)
    optimizer, path = optimizer([x], **settings), [x.detach().numpy().copy()]
    for _ in range(steps):
        optimizer.zero_grad()
        ((1 - x[0]) ** 2 + 100 * (x[1] - x[0] ** 2) ** 2).backward()
        optimizer.step()
        path.append(x.detach().numpy().copy())
    return np.stack(path)


@pytest.mark.parametrize("name", PAIRS)
def test_a_hundred_steps_equal_torch(name):
    ours, rate, theirs, settings = PAIRS[name]
    path = descend(rosenbrock_gradient, [-1.5, 1.0], ours(learning_rate=rate), steps=100)
    np.testing.assert_allclose(path, torch_descent(theirs, lr=rate, **settings), rtol=1e-9, atol=1e-11)
    assert rosenbrock(path[-1]) < rosenbrock(path[0])


@pytest.mark.parametrize("name", PAIRS)
def test_defaults_equal_those_of_torch(name):
    ours, _, theirs, settings = PAIRS[name]
    np.testing.assert_allclose(our_path(ours()), torch_path(theirs, **settings), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", PAIRS)
def test_a_step_changes_nothing_it_was_given(name):
    init, step = PAIRS[name][0](learning_rate=0.1)
    x, gradient = np.array([1.0, -2.0]), np.array([0.5, 3.0])
    _, state = step(x, gradient, init(x))
    # What a state shows covers its arrays, alone or in a tuple.
    before = x.copy(), gradient.copy(), repr(state)
    first, second = step(x, gradient, state), step(x, gradient, state)
    assert (x == before[0]).all() and (gradient == before[1]).all() and repr(state) == before[2]
    assert repr(first) == repr(second)


@pytest.mark.parametrize("name", PAIRS)
def test_float32_stays_float32(name):
    init, step = PAIRS[name][0](learning_rate=0.1)
    x = np.ones(3, np.float32)
    state = init(x)
    for _ in range(3):
        x, state = step(x, np.full(3, 0.5, np.float32), state)
    assert x.dtype == np.float32


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("rate", [0, -0.1, np.nan, np.inf])
def test_a_rate_that_is_not_positive_is_refused(name, rate):
    with pytest.raises(ValueError, match=f"^{name}: learning_rate must be a finite number > 0; got"):
        PAIRS[name][0](learning_rate=rate)


@pytest.mark.parametrize("name", PAIRS)
def test_steps_refuse_what_does_not_fit(name):
    init, step = PAIRS[name][0](learning_rate=0.1)
    with pytest.raises(ValueError, match=r"^step: gradient must have the shape of x, \(2,\); got shape \(3,\)\.$"):
        step([1.0, 2.0], [1.0, 2.0, 3.0], init([1.0, 2.0]))
    with pytest.raises(TypeError, match=r"^step: gradient must hold real numbers; got str 'up'\.$"):
        step([1.0], "up", init([1.0]))
    with pytest.raises(ValueError, match=r"^init: x must not be empty; got shape \(0,\)\.$"):
        init([])


share = "must be a finite number >= 0 and < 1; got 1."
eps = "eps must be a finite number > 0; got 0."
REFUSED = {
    "share of momentum": (lambda: momentum(momentum=1), f"momentum: momentum {share}"),
    "negative momentum": (lambda: nesterov(momentum=-0.1), f"nesterov: momentum {share[:-2]}-0.1."),
    "rmsprop's share": (lambda: rmsprop(alpha=1), f"rmsprop: alpha {share}"),
    "rmsprop's eps": (lambda: rmsprop(eps=0), f"rmsprop: {eps}"),
    "adagrad's eps": (lambda: adagrad(eps=0), f"adagrad: {eps}"),
    "adadelta's share": (lambda: adadelta(rho=1), f"adadelta: rho {share}"),
    "adadelta's eps": (lambda: adadelta(eps=0), f"adadelta: {eps}"),
    "adam's first share": (lambda: adam(beta1=1), f"adam: beta1 {share}"),
    "adam's second share": (lambda: adam(beta2=1), f"adam: beta2 {share}"),
    "adam's eps": (lambda: adam(eps=0), f"adam: {eps}"),
    "adamw's share": (lambda: adamw(beta2=1), f"adamw: beta2 {share}"),
    "decay": (lambda: adamw(weight_decay=-1), "adamw: weight_decay must be a finite number >= 0; got -1."),
    "no steps": (
        lambda: descend(np.sign, [1.0], gradient_descent(), steps=-1),
        "descend: steps must be an integer >= 0; got -1.",
    ),
    "no start": (lambda: descend(np.sign, [], adam(), steps=1), "descend: start must not be empty; got shape (0,)."),
    "a number for a gradient": (
        lambda: descend_batches(2.0, [1.0], adam(), batches=[0]),
        "descend_batches: gradient must be a function; got float 2.0.",
    ),
    "a gradient of another shape": (
        lambda: descend(lambda x: x[:1], [1.0, 2.0], adam(), steps=1),
        "descend: gradient must have the shape of x, (2,); got shape (1,).",
    ),
    "half an optimizer": (
        lambda: descend(np.sign, [1.0], (np.sign,), steps=1),
        "descend: optimizer must be a pair (init, step), such as gradient_descent(); got tuple (<ufunc 'sign'>,).",
    ),
    "a batch over the data": (
        lambda: mini_batches(3, batch_size=4, rng=np.random.default_rng(0)),
        "mini_batches: batch_size must be an integer from 1 to n, 3; got 4.",
    ),
    "no examples": (
        lambda: mini_batches(0, batch_size=1, rng=np.random.default_rng(0)),
        "mini_batches: n must be an integer >= 1; got 0.",
    ),
    "a seed for a generator": (
        lambda: mini_batches(3, batch_size=1, rng=0),
        "mini_batches: rng must be a np.random.Generator; got int 0.",
    ),
    "a flat bowl": (lambda: quadratic([1.0], [0.0]), "quadratic: a must be > 0; got 0."),
    "curvatures of the wrong shape": (
        lambda: quadratic([1.0], 2.0),
        "quadratic: a must have 1 dimension; got shape ().",
    ),
    "one number as a point": (
        lambda: styblinski_tang(1.0),
        "styblinski_tang: point must be an array of coordinates; got one number.",
    ),
    "a point in space": (lambda: rosenbrock([1.0, 2.0, 3.0]), "rosenbrock: point must have 2 coordinates; got 3."),
    "no points": (lambda: saddle(np.empty((0, 2))), "saddle: point must not be empty; got shape (0, 2)."),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_input_is_named(name):
    call, message = REFUSED[name]
    with pytest.raises((TypeError, ValueError)) as raised:
        call()
    assert str(raised.value) == message
