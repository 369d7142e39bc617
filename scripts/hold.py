"""Makes exhibits under other arithmetics and with other seeds, and tells what does not hold.

    scripts/hold                              all pages
    scripts/hold classification/roc-curve     these pages
    scripts/hold --under old,rounding-1       some arithmetics only; --under none for the seeds alone
    scripts/hold --shifts 5                   fewer seeds (20 unless told); --shifts 0 for the arithmetics alone
    scripts/hold --changed HEAD~1             the exhibits that differ from a commit (at most --most of them), and a
                                              rotating tenth of the pages

Arithmetics are those of other processors as far as libraries can be told to imitate them, two threads, and random
rounding (see `dlref/engine/arithmetic.py`), which stands in for processors that are not here. Numbers, tables, texts,
claims and alternative texts must be equal in all, to the digits shown; of figures, the mean difference in shades of
gray stays below a bound. Seeds: every seed is shifted, and each claim must hold. Exhibits that say on the page that
they show one run are not compared. Each arithmetic keeps its results in a cache of its own, so that a second run only
makes what has changed.
"""

import argparse
import base64
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from dlref.engine import arithmetic, cache, collecting, held, isolate, make  # noqa: E402
from dlref.engine.made import Made  # noqa: E402

_NO_AVX2 = "AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR"
_OLD = {"ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE", "DNNL_MAX_CPU_ISA": "SSE41"}
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ARITHMETICS = {
    "old": _OLD | {"OPENBLAS_CORETYPE": "Nehalem", "NPY_DISABLE_CPU_FEATURES": _NO_AVX2},
    "avx2": {"ATEN_CPU_CAPABILITY": "avx2", "MKL_CBWR": "AVX2", "DNNL_MAX_CPU_ISA": "AVX2"},
    "threads": dict.fromkeys(_THREADS, "2"),
    **{f"rounding-{draw}": {arithmetic.ROUNDING: str(draw)} for draw in (1, 2, 3)},
}
# Mean difference of a figure's shades, as a share of black against white. A line that moves by its own width on a
# figure of usual size changes about twice as much.
BOUND = 0.006
SHIFT = 1000
# Run in the tree of a commit: what identifies the code of those exhibits that it has, and of all that they use. The
# engine is not in it: a change of it would ask for everything.
_CODES = """
import json, sys
from dlref.engine import source

def code(file, name):
    return source.fingerprint(file.code(name, decorated=True), file.imported(name))

asked = {address: (source.file_of(address), address.rpartition(".")[2]) for address in json.load(sys.stdin)}
files = {address: (source.module(path), name) for address, (path, name) in asked.items() if path.is_file()}
print(json.dumps({address: code(*found) for address, found in files.items() if found[1] in found[0].exhibits}))
"""


def main() -> int:
    """Do what the command line says; the exit status is 1 where anything does not hold."""
    options = _options()
    if options.make:
        _make(*map(Path, options.make))
        return 0
    os.chdir(ROOT)
    marks = _marks(options.pages)
    addresses = list(marks)
    if options.changed:
        addresses = _chosen(marks, options.changed, options.most)
    started = time.monotonic()
    here = made("native", {}, addresses)
    found = _broken("here", here)
    names = [] if options.under == "none" else options.under.split(",") if options.under else list(ARITHMETICS)
    for name in names:
        there = made(name, ARITHMETICS[name], addresses)
        found += [line for a in addresses for line in differences(a, here[a], there[a], name)]
    found += _shifted(here, addresses, options.shifts)
    tried = f"{len(addresses)} exhibits under {len(names) + 1} arithmetics and {options.shifts} shifts of seeds"
    _report(found, marks, f"{tried}, {time.monotonic() - started:.0f} s")
    if names == list(ARITHMETICS) and options.shifts and not options.changed:
        _note(here, marks, {address for address, _ in found}, options.shifts)
    return bool(found)


def _note(here: dict[str, Any], marks: dict[str, collecting.Mark], wrong: set[str], shifts: int) -> None:
    """Write down the pages of which nothing is wrong."""
    for page in sorted({mark.page for mark in marks.values()}):
        addresses = held.exhibits(page)
        if not wrong.intersection(addresses):
            shows = held.digest({address: Made.from_json(here[address]) for address in addresses})
            held.note({str(page): held.Record(shows, len(ARITHMETICS) + 1, shifts)})


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="*", help="such as classification/roc-curve; all unless told")
    parser.add_argument("--under", help=f"arithmetics, of {', '.join(ARITHMETICS)}; or none")
    parser.add_argument("--shifts", type=int, default=20, help="how many times all seeds are shifted")
    parser.add_argument("--changed", metavar="COMMIT", help="what differs from a commit, and a tenth of the rest")
    parser.add_argument("--most", type=int, default=1000, metavar="COUNT", help="of what differs, this many")
    parser.add_argument("--make", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    unknown = set((options.under or "none").split(",")) - {*ARITHMETICS, "none"}
    if unknown:
        parser.error(f"no arithmetic {', '.join(sorted(unknown))}; there are {', '.join(ARITHMETICS)}")
    return options


def _marks(pages: list[str]) -> dict[str, collecting.Mark]:
    """The exhibits of these pages, each with the first place where it stands."""
    wanted = [ROOT / "docs" / f"{page.removeprefix('docs/').removesuffix('.md')}.md" for page in pages]
    missing = [str(path.relative_to(ROOT)) for path in wanted if not path.is_file()]
    if missing:
        sys.exit(f"scripts/hold: there is no {', '.join(missing)}")
    found: dict[str, collecting.Mark] = {}
    for path in wanted or sorted((ROOT / "docs").rglob("*.md")):
        for mark in collecting.marks(path.relative_to(ROOT), path.read_text(encoding="utf-8")):
            if not mark.address.startswith("site."):
                found.setdefault(mark.address, mark)
    return found


def _chosen(marks: dict[str, collecting.Mark], commit: str, most: int) -> list[str]:
    """At most so many that differ from a commit, and a tenth of the pages, another one for each commit.

    Whole pages, since most of the time goes into trainings, which the exhibits of a page share.
    """
    addresses = list(marks)
    with tempfile.TemporaryDirectory() as folder:
        archive = subprocess.run(["git", "archive", commit, "dlref"], stdout=subprocess.PIPE, check=True).stdout
        subprocess.run(["tar", "-x", "-C", folder], input=archive, check=True)
        before, now = _codes(Path(folder), addresses), _codes(ROOT, addresses)
    count = int(subprocess.run(["git", "rev-list", "--count", "HEAD"], capture_output=True, text=True).stdout)
    tenth = sorted({mark.page for mark in marks.values()})[count % 10 :: 10]
    changed = [a for a in addresses if not before or before.get(a) != now.get(a)]
    # From all over the list where they are too many: what is left out is left to the whole round.
    tried = {changed[i * len(changed) // most] for i in range(min(most, len(changed)))}
    print(
        f"{len(changed)} exhibits differ from {commit}, of which {len(tried)} are tried, and {len(tenth)} pages",
        flush=True,
    )
    return [a for a in addresses if marks[a].page in tenth or a in tried]


def _codes(tree: Path, addresses: list[str]) -> dict[str, str]:
    command = [sys.executable, "-c", _CODES]
    asked = json.dumps(addresses)
    done = subprocess.run(command, cwd=tree, input=asked, capture_output=True, text=True)
    # A commit whose engine had another form tells nothing: all differs from it.
    return json.loads(done.stdout) if done.returncode == 0 else {}


def made(name: str, settings: dict[str, str], addresses: list[str]) -> dict[str, Any]:
    """What each exhibit gives under these settings: what `make` returns, or the reason why it gives nothing."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        asked, answer = Path(folder, "asked.json"), Path(folder, "answer.json")
        asked.write_text(json.dumps(addresses), encoding="utf-8")
        environment = os.environ | {make.RASTER: "1", "DLREF_CACHE": str(cache.ROOT / "hold" / name)} | settings
        subprocess.run([sys.executable, __file__, "--make", asked, answer], env=environment, check=True)
        found = json.loads(answer.read_text(encoding="utf-8"))
    print(f"{name}: {len(found)} made in {time.monotonic() - started:.0f} s", flush=True)
    return found


def _make(asked: Path, answer: Path) -> None:
    found = collecting.made_of(json.loads(asked.read_text(encoding="utf-8")))
    answer.write_text(
        json.dumps({a: _told(result) for a, result in found.items()}, ensure_ascii=False), encoding="utf-8"
    )


def _told(result: Made | isolate.Failure) -> str | dict[str, Any]:
    """An exhibit as JSON can hold it; a text where it failed or does not hold."""
    if isinstance(result, isolate.Failure):
        return str(result)
    return f"the claim does not hold: {result.caption}" if result.false else result.to_json()


def _broken(name: str, results: dict[str, Any]) -> list[tuple[str, str]]:
    return [(address, f"{name}: {result}") for address, result in results.items() if isinstance(result, str)]


def differences(address: str, here: Any, there: Any, name: str) -> list[tuple[str, str]]:
    """What differs between an exhibit here and there, each with its address."""
    if isinstance(here, str) or isinstance(there, str):
        return [] if here == there else [(address, f"{name}: {there}")] if isinstance(there, str) else []
    if here["one_run"]:
        return []
    found = []
    for one, other in zip(here["frames"], there["frames"], strict=True):
        if here["kind"] == "figure":
            if one["alt"] != other["alt"]:
                found.append(f"alt text {_apart(one['alt'], other['alt'])}")
            if (apart := _distance(one, other)) > BOUND:
                found.append(f"figure differs by {apart:.4f}")
        elif one["html"] != other["html"]:
            found.append(_apart(one["html"], other["html"]))
    return (
        [(address, f"{name}: {found[0]}" + (f" (and {len(found) - 1} more frames)" if found[1:] else ""))]
        if found
        else []
    )


def _apart(here: str, there: str) -> str:
    """The first words in which two texts differ."""
    words = (re.sub(r"(<[^>]*>)", r" \1 ", text).split() for text in (here, there))
    pairs = zip(*words, strict=False)
    one, other = next(((a, b) for a, b in pairs if a != b), (here[-40:], there[-40:]))
    return f"{other}, here {one}"


def _distance(one: dict[str, Any], other: dict[str, Any]) -> float:
    if one["html"] == other["html"]:
        return 0
    shades = [
        np.frombuffer(zlib.decompress(base64.b64decode(f["raster"])), np.uint8).astype(float) for f in (one, other)
    ]
    return float(np.abs(shades[0] - shades[1]).mean() / 255) if shades[0].shape == shades[1].shape else 1


def _shifted(here: dict[str, Any], addresses: list[str], shifts: int) -> list[tuple[str, str]]:
    """Claims that are false with other seeds. What was given no seed the first time is not tried again."""
    claims = [a for a in addresses if not isinstance(here[a], str) and here[a]["kind"] == "claim"]
    false: dict[str, list[int]] = {}
    for count in range(1, shifts + 1):
        found = made(f"seeds-{count}", {arithmetic.SHIFT: str(SHIFT * count)}, claims)
        for address, result in found.items():
            if isinstance(result, str):
                false.setdefault(address, []).append(SHIFT * count)
        claims = [a for a in claims if isinstance(found[a], str) or found[a]["seeded"]]
    return [
        (a, f"seeds shifted by {', '.join(map(str, which))}: false ({len(which)} of {shifts})")
        for a, which in false.items()
    ]


def _report(found: Iterable[tuple[str, str]], marks: dict[str, collecting.Mark], summary: str) -> None:
    found = sorted(found, key=lambda entry: (str(marks[entry[0]].page), marks[entry[0]].line))
    for address, problem in found:
        print(f"{marks[address]}: {problem}")
    pages = Counter(str(marks[address].page) for address in {address for address, _ in found})
    for page, count in pages.items():
        print(f"{page}: {count} do not hold")
    total = len({address for address, _ in found})
    print(f"{summary}: {total} do not hold")


if __name__ == "__main__":
    try:
        status = main()
    except KeyboardInterrupt:
        status = 130
    isolate.stop()
    sys.exit(status)
