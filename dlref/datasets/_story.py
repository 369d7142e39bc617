"""A short text, written for this project, for networks to learn letters from."""

from pathlib import Path


def story() -> str:
    """The keeper and the harbor: a plain tale in short sentences, in lower-case letters and a few marks.

    Returns:
        The text; a paragraph a line.

    Examples:
        >>> from dlref.datasets import story
        >>> print(story()[:40])
        the harbor lies below the hill. in the m
        >>> print("".join(sorted(set(story()))).strip())
        ,.abcdefghiklmnopqrstuvwy

    References:
        Written for these pages. On the page: [Recurrent networks at work][dl-recurrent].
    """
    return Path(__file__).with_name("story.txt").read_text(encoding="utf-8")
