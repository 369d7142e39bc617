"""Runs a copied text where it can leave files behind; the tests call it in a process of its own."""

import os

from dlref.examples import printed


def printed_in(code: str, folder: str) -> str:
    """What the text prints when it is run in this folder."""
    os.chdir(folder)
    return printed(code, "copied")
