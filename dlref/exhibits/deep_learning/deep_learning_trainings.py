"""Exhibits about the recording that the pages on applications share: when, with what, how many trainings."""

from datetime import date

from dlref.engine.exhibit import exhibit
from dlref.exhibits.deep_learning._recorded import RUNS, made


@exhibit()
def runs() -> int:
    """How many times each network was trained for the recording."""
    return RUNS


@exhibit()
def made_on() -> str:
    """The date in the first line of the recording, `trainings.csv`."""
    day = date.fromisoformat(made()[0])
    return f"{day.day} {day:%B} {day.year}"


@exhibit()
def made_with() -> str:
    """The processor and the version of PyTorch in the first line of the recording."""
    return f"on an {made()[1]} with {made()[2]}"
