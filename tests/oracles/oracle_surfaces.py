"""What the functions of `dlref.surfaces` equal."""

import numpy as np
import torch
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from oracles import Oracle
from scipy.optimize import rosen, rosen_der

elements = st.floats(-10, 10)
anywhere = st.tuples(npst.arrays(float, npst.array_shapes(max_dims=3, max_side=4), elements=elements))
planar = st.tuples(
    npst.arrays(float, npst.array_shapes(max_dims=2, max_side=4).map(lambda s: (*s, 2)), elements=elements)
)


@st.composite
def curved(draw):
    """Points, and a curvature for each of their coordinates."""
    (point,) = draw(anywhere)
    return point, draw(npst.arrays(float, point.shape[-1], elements=st.floats(1e-3, 1e3)))


def quadratic(w, a):
    return torch.einsum("...i,i->...", torch.as_tensor(w).square(), torch.as_tensor(a))


def styblinski_tang(w):
    return torch.as_tensor(w).mul(2.5).add(torch.as_tensor(w) ** 4 / 2).sub(8 * torch.as_tensor(w) ** 2).sum(-1)


def saddle(point):
    u, v = torch.as_tensor(point).unbind(-1)
    return 0.5 * u.square() + 0.25 * v.square() * (v.square() - 2)


def heights(surface):
    return lambda *arguments: surface(*arguments).numpy()


def gradient_of(surface):
    """The gradient of a surface in torch, by autograd."""

    def gradient(point, *rest):
        point = torch.tensor(point, requires_grad=True)
        return torch.autograd.grad(surface(point, *rest).sum(), point)[0].numpy()

    return gradient


def last_first(function):
    """SciPy keeps the coordinates on the first axis."""
    return lambda point: function(np.moveaxis(point, -1, 0))


ORACLES = {
    "quadratic": Oracle("no counterpart; the definition in torch", heights(quadratic), curved()),
    "quadratic_gradient": Oracle("autograd of the definition", gradient_of(quadratic), curved()),
    "rosenbrock": Oracle("scipy.optimize.rosen", last_first(rosen), planar, atol=1e-9),
    "rosenbrock_gradient": Oracle(
        "scipy.optimize.rosen_der", lambda point: np.moveaxis(last_first(rosen_der)(point), 0, -1), planar, atol=1e-9
    ),
    "styblinski_tang": Oracle("no counterpart; the definition in torch", heights(styblinski_tang), anywhere, atol=1e-9),
    "styblinski_tang_gradient": Oracle("autograd of the definition", gradient_of(styblinski_tang), anywhere, atol=1e-9),
    "saddle": Oracle("no counterpart; the definition in torch", heights(saddle), planar, atol=1e-9),
    "saddle_gradient": Oracle("autograd of the definition", gradient_of(saddle), planar, atol=1e-9),
}
