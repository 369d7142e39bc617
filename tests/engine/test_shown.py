"""What the site shows is computed again and compared; where something does not hold, a served site says so."""

import pytest

from dlref.engine import collecting, report, verify
from dlref.engine.made import Frame, Made
from dlref.engine.shown import Shown, listed, texts
from dlref.site import extension

AREA = "classification.roc_curve.area"
RATES = "classification.confusion_matrix.rates"


def compared(entry: Shown) -> verify.Result:
    (result,) = verify.run({entry.page: [entry]})
    return result


@pytest.fixture(scope="module")
def shown() -> dict[str, Shown]:
    """A number and a table as the site shows them."""
    page = verify.PAGES / "classification" / "roc-curve.md"
    marks = [collecting.Mark(address, page, 1, address) for address in (AREA, RATES)]
    collecting.collect([collecting.Mark(m.address, page, 0, m.written) for m in marks])
    return {entry.address: entry for entry in listed(marks)}


@pytest.mark.parametrize("address", [AREA, RATES])
def test_what_is_shown_is_found_again(shown, address):
    result = compared(shown[address])
    assert result.verdict == report.PASSED, result.told


@pytest.mark.parametrize("address", [AREA, RATES])
def test_another_digit_is_told(shown, address):
    frames = [text[:-1] + ("7" if text[-1] != "7" else "8") for text in shown[address].frames]
    result = compared(Shown("classification/roc-curve", address, frames, trains=False))
    assert result.verdict == report.FAILED
    assert address in result.told and "here it is" in result.told


def test_an_exhibit_that_is_gone_is_told():
    result = compared(Shown("classification/roc-curve", "classification.roc_curve.gone", ["1"], trains=False))
    assert result.verdict == report.FAILED and "gone" in result.told


def test_a_table_is_compared_cell_by_cell():
    made = Made("table", "", frames=[Frame("<table><tr><td>a &amp; b</td><td>0.5</td></tr></table>")])
    assert texts(made) == ["a & b 0.5"]


def test_what_does_not_hold_is_shown_where_it_stands():
    page = type("Page", (), {"sources": {}, "explored": {}, "shown": set()})()
    false = Made("claim", "Ones are twos.", frames=[Frame("✗", holds=False)], over="3 runs")
    html = extension._number(page, "part.page.claim", false)
    assert "✗" in html and "Not so on this machine, measured over 3 runs" in html
    failed = extension._number(page, "part.page.broken", Made("failed", "KeyError: 'lost'"))
    assert "✗" in failed and "KeyError" in page.sources["part.page.broken"]
    assert "KeyError" in extension._block(page, "part.page.broken", Made("failed", "KeyError: 'lost'"))
