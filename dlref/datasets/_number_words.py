"""Numbers in English and German words: a small translation task, in which tens and units change places."""

from dlref import _check

_ENGLISH = [
    *["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"],
    *(f"{stem}teen" for stem in ("thir", "four", "fif", "six", "seven", "eigh", "nine")),
]
_ENGLISH_TENS = [f"{stem}ty" for stem in ("twen", "thir", "for", "fif", "six", "seven", "eigh", "nine")]
_GERMAN = [
    *["null", "ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"],
    *(f"{stem}zehn" for stem in ("drei", "vier", "fünf", "sech", "sieb", "acht", "neun")),
]
_GERMAN_TENS = ["zwanzig", "dreißig", *(f"{stem}zig" for stem in ("vier", "fünf", "sech", "sieb", "acht", "neun"))]


def english_words(number: int) -> list[str]:
    """A number from 0 to 999 in English words.

    Args:
        number: From 0 to 999.

    Returns:
        Its words in their order.

    Raises:
        TypeError: If `number` is no integer.
        ValueError: If it lies outside 0 to 999.

    Examples:
        >>> from dlref.datasets import english_words
        >>> for number in (0, 20, 119, 742):
        ...     print(*english_words(number))
        zero
        twenty
        one hundred nineteen
        seven hundred forty two

        >>> from dlref.datasets import english_words
        >>> try:
        ...     english_words(1000)
        ... except ValueError as error:
        ...     print(error)
        english_words: number must be at most 999; got 1000.

    References:
        On the page: [Recurrent networks at work][dl-recurrent].
    """
    hundreds, rest = _parts(number)
    words = [_ENGLISH[hundreds], "hundred"] if hundreds else []
    if rest < 20:
        return words + [_ENGLISH[rest]] * (rest > 0 or not hundreds)
    return [*words, _ENGLISH_TENS[rest // 10 - 2]] + [_ENGLISH[rest % 10]] * (rest % 10 > 0)


def german_words(number: int) -> list[str]:
    """A number from 0 to 999 in German, taken apart at its seams; written together, it is one word.

    Units come before tens: 42 is zwei-und-vierzig, two and forty. At the end of a number, one is *eins*, else *ein*.

    Args:
        number: From 0 to 999.

    Returns:
        Its parts in their order.

    Raises:
        TypeError: If `number` is no integer.
        ValueError: If it lies outside 0 to 999.

    Examples:
        >>> from dlref.datasets import german_words
        >>> for number in (0, 1, 20, 21, 101, 116, 742):
        ...     print(*german_words(number), sep="-")
        null
        eins
        zwanzig
        ein-und-zwanzig
        ein-hundert-eins
        ein-hundert-sechzehn
        sieben-hundert-zwei-und-vierzig

    References:
        On the page: [Recurrent networks at work][dl-recurrent].
    """
    hundreds, rest = _parts(number)
    words = [_GERMAN[hundreds], "hundert"] if hundreds else []
    if rest < 20:
        last = "eins" if rest == 1 else _GERMAN[rest]
        return words + [last] * (rest > 0 or not hundreds)
    units = [_GERMAN[rest % 10], "und"] if rest % 10 else []
    return [*words, *units, _GERMAN_TENS[rest // 10 - 2]]


def _parts(number: int) -> tuple[int, int]:
    """Hundreds, and what is left."""
    number = _check.integer("number", number, low=0)
    if number > 999:
        raise _check.wrong_value("number", "be at most 999", number)
    return divmod(number, 100)
