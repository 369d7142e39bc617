"""Runs a copied text; each has a process of its own, which imports nothing but this."""

import os

from dlref.engine.examples import printed


def printed_in(code: str, folder: str) -> str:
    """What the text prints when it is run in this folder, where it can leave files behind."""
    os.chdir(folder)
    return printed(code, "copied")
