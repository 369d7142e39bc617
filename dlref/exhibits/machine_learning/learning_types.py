"""Exhibits of the page on supervised, unsupervised and reinforcement learning."""

from matplotlib.figure import Figure
from pandas import DataFrame

from dlref.datasets import school_class
from dlref.engine.exhibit import exhibit
from dlref.plots.flow import Arrow, Box, flow


@exhibit()
def overview() -> DataFrame:
    """The three types differ in what they are given, not in how hard they are."""
    columns = ["is given", "looks for"]
    rows = {
        "[supervised][ml-supervised]": (
            "rows with the right answer in one column",
            "a map from the other columns to that answer",
        ),
        "[unsupervised][ml-unsupervised]": (
            "rows, no answers",
            "structure: groups, directions, rules",
        ),
        "[reinforcement][ml-reinforcement]": (
            "rewards for what it does, at once or later",
            "what to do, so as to be rewarded most",
        ),
    }
    return DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("learning")


@exhibit()
def table() -> DataFrame:
    """The school class: five students, five columns. Grades are German: 1 is the best, 6 the worst."""
    return school_class()


@exhibit()
def rows() -> int:
    """Rows of the school class."""
    return len(school_class())


@exhibit()
def columns() -> int:
    """Columns of the school class."""
    return school_class().shape[1]


@exhibit(over="the five students")
def method_and_age() -> bool:
    """The students on method B have the lower, that is better, mean grade, and the higher mean age."""
    means = school_class().groupby("Learning method")[["Grade", "Age"]].mean()
    return bool(means["Grade"]["B"] < means["Grade"]["A"] and means["Age"]["B"] > means["Age"]["A"])


@exhibit(
    alt="Features, that is age, method and class, lead with the grade into a box, learn; from there to a box, model: "
    "features to grade."
)
def supervised_flow() -> Figure:
    """Supervised: the grade is known for the students learned from."""
    boxes = {
        "features": Box("age, method,\nclass", 0, 0),
        "target": Box("grade", 0, 1),
        "learn": Box("learn", 1, 0, "work", 2),
        "model": Box("features → grade", 2, 0, "made", 2),
    }
    return flow(boxes, [Arrow("features", "learn"), Arrow("target", "learn"), Arrow("learn", "model")], width=2.9)


@exhibit(
    alt="Features, that is age, method and class, lead into a box, compare; from there to a box, groups of students."
)
def unsupervised_flow() -> Figure:
    """Unsupervised: no column is the answer."""
    boxes = {
        "features": Box("age, method, class", 0),
        "compare": Box("compare", 1, 0, "work"),
        "groups": Box("groups of students", 2, 0, "made"),
    }
    return flow(boxes, [Arrow("features", "compare"), Arrow("compare", "groups")], width=2.9)


@exhibit(
    alt="A loop of four boxes: a student comes, choose a method, A or B, then the test result, and note the reward, "
    "from which the next choice is made."
)
def reinforcement_flow() -> Figure:
    """Reinforcement: each choice brings a reward, and the rewards teach the next choice."""
    boxes = {
        "student": Box("a student\ncomes", 0, 0),
        "choose": Box("choose\nA or B", 0, 1, "work"),
        "result": Box("test result", 1, 1),
        "note": Box("note the\nreward", 1, 0, "work"),
        "policy": Box("which method is better", 2, 0, "made", 2),
    }
    arrows = [
        Arrow("student", "choose"),
        Arrow("choose", "result"),
        Arrow("result", "note"),
        Arrow("note", "student", "next"),
        Arrow("note", "policy"),
    ]
    return flow(boxes, arrows, width=2.9)
