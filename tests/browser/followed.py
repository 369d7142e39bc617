"""Whether what belongs to an exhibit is that of the frame shown: the code that gives it, and its files."""

import ast
import re
from typing import Any

from copied import holds

# Run before a page's own scripts: keeps what links are made of, since a strict policy forbids to fetch it.
KEEP = """window.dlrefKept = new Map()
const create = URL.createObjectURL
URL.createObjectURL = blob => { const url = create.call(URL, blob); dlrefKept.set(url, blob); return url }"""
# Each exhibit that has been moved: what it shows, the last line of its code, its links, and where its controls stand.
MOVED = """() => [...document.querySelectorAll('[data-explores]')].map(e => {
  const rows = [...e.querySelectorAll('tbody tr')].map(row => [...row.querySelectorAll('th, td')].map(cell => {
    const copy = cell.cloneNode(true)
    for (const one of copy.querySelectorAll('.katex')) one.replaceWith(one.querySelector('annotation').textContent)
    return copy.textContent
  }))
  return {
    name: e.dataset.exhibit,
    call: (e.popoverTargetElement ?? e).querySelector('.call')?.textContent,
    said: Object.fromEntries(JSON.parse(e.dataset.explores).map(name => {
      const control = document.querySelector(`.explore[data-parameter="${name}"]`)
      const inputs = [...control.querySelectorAll('input')]
      const index = inputs.length > 1 ? inputs.findIndex(input => input.checked) : Number(inputs[0].value)
      return [name, JSON.parse(control.dataset.values)[index]]
    })),
    paths: [...e.querySelectorAll('.drawing path[d]:not([id*=Inter])')].map(path => path.getAttribute('d')),
    label: e.querySelector('.drawing')?.getAttribute('aria-label'),
    rows,
  }
})"""


def unfollowed(tab, patience: int = 100) -> list[str]:
    """The exhibits whose code, SVG or CSV is not of the frame shown, once what was asked for has come."""
    for _ in range(patience):
        if not _of_another_frame(tab):
            return []
        tab.wait_for_timeout(100)
    return _of_another_frame(tab)


def _of_another_frame(tab) -> list[str]:
    exhibits = tab.evaluate(MOVED)
    return [problem for number, exhibit in enumerate(exhibits) for problem in _problems(tab, number, exhibit)]


def _problems(tab, number: int, exhibit: dict[str, Any]) -> list[str]:
    found = [] if _called(exhibit["call"] or "", exhibit["said"]) else [f"its code is {exhibit['call']}"]
    links = tab.locator("[data-explores]").nth(number).locator(".about > a[download]")
    for kind in ("SVG", "CSV"):
        for link in links.filter(has_text=kind).element_handles():
            text = _downloaded(link)
            if not (_draws(text, exhibit["paths"]) if kind == "SVG" else _lists(text, exhibit["rows"])):
                found.append(f"its {kind} is another")
    return [f"{exhibit['name']} at {exhibit['said']}: {problem}" for problem in found]


def _downloaded(link) -> str:
    """What a link gives: a text in its address, or one that the page's script has made and `KEEP` has kept."""
    return link.evaluate(
        "link => dlrefKept.get(link.href)?.text() ?? decodeURIComponent(link.href.slice(link.href.indexOf(',') + 1))"
    )


def _called(call: str, said: dict[str, str]) -> bool:
    """Whether a line calls its function with the values at which the controls stand."""
    calls = [node for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Call) and node.keywords]
    given = {one.arg: ast.literal_eval(one.value) for node in calls for one in node.keywords}
    return given.keys() == said.keys() and all(_same(given[name], text) for name, text in said.items())


def _same(value: Any, text: str) -> bool:
    return str(value) == text if isinstance(value, str) else f"{float(value):.10g}" == f"{_number(text):.10g}"


def _number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ""))


def _draws(svg: str, paths: list[str]) -> bool:
    # Letters are the same in every frame; a page has them once.
    return bool(paths) and re.findall(r'<path\b(?![^>]* id="[^"]*Inter)[^>]*?\bd="([^"]*)"', svg) == paths


def _lists(csv: str, rows: list[list[str]]) -> bool:
    # What is undefined is an empty cell.
    filled = re.sub(r"(?<=,)(?=,|$)", "NaN", csv, flags=re.MULTILINE)
    return bool(rows) and holds("table", rows, filled.replace(",", " ").replace('"', ""))
