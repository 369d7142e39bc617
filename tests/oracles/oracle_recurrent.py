"""What the functions of `dlref.recurrent` equal."""

import torch
from oracles import Oracle, backpropagated, drawn

RNN = {
    "x": "batch inputs",
    "h": "batch hidden",
    "weight_ih": "hidden inputs",
    "weight_hh": "hidden hidden",
    "bias": "hidden",
}
GATES = RNN | {"weight_ih": "4·hidden inputs", "weight_hh": "4·hidden hidden", "bias": "4·hidden"}
LSTM = {name: (GATES | {"c": "batch hidden"})[name] for name in ["x", "h", "c", "weight_ih", "weight_hh", "bias"]}


def cell(kind, x, state, weight_ih, weight_hh, bias):
    """A cell of torch.nn with these weights, run for one step."""
    module = kind(x.shape[1], weight_hh.shape[1], dtype=torch.float64)
    parameters = {"weight_ih": weight_ih, "weight_hh": weight_hh, "bias_ih": bias, "bias_hh": torch.zeros_like(bias)}
    return torch.func.functional_call(module, parameters, (x, state))


def rnn(x, h, weight_ih, weight_hh, bias):
    return cell(torch.nn.RNNCell, x, h, weight_ih, weight_hh, bias)


def lstm(x, h, c, weight_ih, weight_hh, bias):
    return torch.stack(cell(torch.nn.LSTMCell, x, (h, c), weight_ih, weight_hh, bias))


def rnn_cell(**arrays):
    return rnn(**{name: torch.as_tensor(array) for name, array in arrays.items()}).numpy()


def lstm_cell(**arrays):
    return tuple(lstm(**{name: torch.as_tensor(array) for name, array in arrays.items()}).numpy())


def rnn_cell_gradient(h_gradient, **arrays):
    return backpropagated(rnn, *arrays.values(), upstream=h_gradient)


def lstm_cell_gradient(h_gradient, c_gradient, **arrays):
    upstream = torch.stack([torch.as_tensor(h_gradient), torch.as_tensor(c_gradient)])
    return backpropagated(lstm, *arrays.values(), upstream=upstream)


def lstm_gates(x, h, weight_ih, weight_hh, bias):
    """The definition, gate by gate; torch does not return its gates."""
    x, h, bias = map(torch.as_tensor, (x, h, bias))
    sums = [
        x @ w.T + h @ u.T + b
        for w, u, b in zip(
            torch.as_tensor(weight_ih).chunk(4), torch.as_tensor(weight_hh).chunk(4), bias.chunk(4), strict=True
        )
    ]
    functions = [torch.sigmoid, torch.sigmoid, torch.tanh, torch.sigmoid]
    return tuple(function(s).numpy() for function, s in zip(functions, sums, strict=True))


ORACLES = {
    "rnn_cell": Oracle("torch.nn.RNNCell", rnn_cell, drawn(RNN)),
    "rnn_cell_gradient": Oracle(
        "autograd of torch.nn.RNNCell", rnn_cell_gradient, drawn(RNN | {"h_gradient": "batch hidden"})
    ),
    "lstm_gates": Oracle("torch operations: torch.nn.LSTMCell does not show its gates", lstm_gates, drawn(GATES)),
    "lstm_cell": Oracle("torch.nn.LSTMCell", lstm_cell, drawn(LSTM)),
    "lstm_cell_gradient": Oracle(
        "autograd of torch.nn.LSTMCell",
        lstm_cell_gradient,
        drawn(LSTM | {"h_gradient": "batch hidden", "c_gradient": "batch hidden"}),
    ),
}
