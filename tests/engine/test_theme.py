"""The theme's files are mended, and all styles are one sheet whose fonts are where it says."""

import re
import shutil

import pytest
from conftest import pages

from dlref.site import theme


def test_every_page_has_one_style_sheet(site):
    shown = [site / page for page in pages()]
    links = {page: re.findall(r'<link rel="stylesheet" href="([^"]*)"', page.read_text("utf-8")) for page in shown}
    assert len(shown) > 80
    assert {len(found) for found in links.values()} == {1}
    assert {found[0].rpartition("assets/")[2] for found in links.values()} == {sheet(site).name}
    assert [path.name for path in site.rglob("*.css")] == [sheet(site).name]


def test_every_font_is_where_the_style_sheet_says(site):
    addresses = re.findall(r"""url\(["']?(?!data:|#|["'])([^"')]*)""", sheet(site).read_text("utf-8"))
    assert len(addresses) > 20
    assert [a for a in addresses if not (site / "assets" / a).is_file()] == []


def test_a_theme_that_has_changed_is_told(site, tmp_path):
    told = r"bundle\.\*\.js: has not the one place that dlref/site/theme.py mends: M\("
    with pytest.raises(ValueError, match=told):
        theme.mend_files(tmp_path)
    # Mended already, it has no longer what is to be mended.
    shutil.copytree(site / "assets/javascripts", tmp_path / "assets/javascripts")
    with pytest.raises(ValueError, match=told):
        theme.mend_files(tmp_path)


def test_styles_keep_their_order_and_their_files(tmp_path):
    for name, css in ("theme/a.css", "p{}/*# sourceMappingURL=a.map */"), ("b.css", "@font-face{src:url('f/x.woff2')}"):
        (tmp_path / "assets" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "assets" / name).write_text(css)
    (tmp_path / "assets/theme/c.css").write_text('q{a:url(f/y.svg);b:url("../z.svg");c:url(data:x);d:url(#e)}')
    links = "".join(f'<link rel="stylesheet" href="UP/assets/{n}">' for n in ("theme/a.css", "b.css", "theme/c.css"))
    (tmp_path / "index.html").write_text(links.replace("UP/", ""))
    (tmp_path / "below").mkdir()
    (tmp_path / "below/page.html").write_text(links.replace("UP", ".."))
    theme.join_styles(tmp_path)
    p, face, q = (
        "p{}",
        '@font-face{src:url("f/x.woff2")}',
        'q{a:url(theme/f/y.svg);b:url("theme/../z.svg");c:url(data:x);d:url(#e);}',
    )
    assert sheet(tmp_path).read_text().startswith(p + face + q)
    assert (tmp_path / "index.html").read_text() == f'<link rel="stylesheet" href="assets/{sheet(tmp_path).name}">'
    assert (tmp_path / "below/page.html").read_text().count("../assets/site.") == 1


def sheet(site):
    (found,) = (site / "assets").glob("site.*.css")
    return found
