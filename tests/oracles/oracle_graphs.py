"""What the functions of `dlref.graphs` equal."""

import re

import numpy as np
from hypothesis import strategies as st
from oracle_autograd import STEPS, moderate, nodes, programs, torch_gradients, torch_results
from oracles import Oracle

from dlref.autograd import gradients
from dlref.graphs import formula

SUPERSCRIPTS = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"


def run_named(program, values, named):
    """The results of a program on nodes, of which those at the places in `named` get a name."""
    results = nodes(values)
    for index, (step, first, second, constant) in enumerate(program):
        node = STEPS[step](results[first % len(results)], results[second % len(results)], constant)
        results.append(node.named(f"y{index}") if index in named else node)
    return results


def collapsed_gradients(function, program, values, named):
    """By each named result, in the order of the program, from the collapsed graph; 0 where it does not take part."""
    results = run_named(program, values, named)
    slopes = {node.name: slope for node, slope in gradients(function(results[-1])).items()}
    return np.array([slopes.get(result.name, 0.0) for result in results if result.name])


def named_gradients(program, values, named):
    slopes = torch_gradients(program, values)
    names = [result.name for result in run_named(program, values, named)]
    return np.array([slope for slope, name in zip(slopes, names, strict=True) if name])


def value_of(text, values):
    """What Python makes of a formula, once its signs are Python's."""
    text = re.sub(f"[{SUPERSCRIPTS}]+", lambda found: "**" + found[0].translate(to_digits), text)
    text = text.replace("·", "*").replace("−", "-").replace("^", "**")
    names = {f"x{index}": np.float64(value) for index, value in enumerate(values)}
    functions = {
        "exp": np.exp,
        "ln": np.log,
        "relu": lambda x: np.maximum(0, x),
        "σ": lambda x: 1 / (1 + np.exp(-x)),
        "tanh": np.tanh,
    }
    with np.errstate(all="ignore"):
        return eval(text, {"__builtins__": {}}, names | functions)


to_digits = str.maketrans(SUPERSCRIPTS, "-0123456789")
short = programs.filter(moderate).filter(lambda case: "…" not in formula(run_named(*case, ())[-1]))

ORACLES = {
    "collapse": Oracle(
        "torch.autograd.grad by the named results",
        named_gradients,
        st.tuples(programs.filter(moderate), st.sets(st.integers(0, 9))).map(lambda drawn: (*drawn[0], drawn[1])),
        atol=1e-9,
        call=collapsed_gradients,
    ),
    "formula": Oracle(
        "the value, once Python has evaluated the formula",
        lambda program, values: torch_results(program, values)[-1].item(),
        short,
        call=lambda function, program, values: value_of(function(run_named(program, values, ())[-1]), values),
    ),
}
