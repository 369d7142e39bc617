"""The steps of a build after a generator has rendered the pages: they mend, add and pack, and know no generator."""

from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from dlref.engine.made import SiteError
from dlref.site import addresses, assets, feet, figures, fonts, search, settings, theme
from dlref.site.before import ARCHIVE


def finish(site: Path, root: Path, material: bool = True) -> None:
    """Finish the pages and write what the generator knows nothing of: added files and the search's index.

    Args:
        site: What the generator has written.
        root: The repository.
        material: Whether Material has rendered it, whose files are then mended.

    Raises:
        SiteError: If the theme is another than the one that is mended here.
    """
    for page in sorted(site.rglob("*.html")):
        finish_page(page, site)
    write_added(site)
    if material:
        _theme(site)
    search.write(site, whole=material)
    # The last that adds text: what a search shows must be in the fonts.
    fonts.trim(site)
    addresses.lead(site, settings.read(root).get("nav", []))


def finish_page(page: Path, site: Path) -> None:
    """Mend the HTML of one page, and say at its foot what was run."""
    address = page.relative_to(site)
    source = f"docs/{address.with_suffix('.md').as_posix()}"
    assets.at(source, address.as_posix())
    html = page.read_text(encoding="utf-8")
    html = html.replace("</article>", f"{feet.foot(source)}</article>", 1)
    html = addresses.anywhere(html) if address.name == "404.html" else html
    page.write_text(theme.mend_page(figures.letters_once(html)), encoding="utf-8")


def finish_one(page: Path, site: Path) -> None:
    """The same for a page that was rendered alone, into a site that is finished already."""
    finish_page(page, site)
    theme.join_styles_of(page, site)
    theme.add_styles(site)
    write_added(site)


def write_added(site: Path) -> None:
    """Write what the conversion of pages has added to the site."""
    for name, data in assets.files.items():
        path = site / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def archive(site: Path) -> None:
    """The whole site in one file, for readers who take it along: the same bytes for the same site."""
    files = sorted(path for path in site.rglob("*") if path.is_file())
    with ZipFile(site / "downloads" / f"{ARCHIVE}.zip", "w") as packed:
        for path in files:
            # Of no date, and of the lowest level: the highest takes a second more and saves a seventh.
            entry = ZipInfo(f"{ARCHIVE}/{path.relative_to(site).as_posix()}")
            packed.writestr(entry, path.read_bytes(), ZIP_DEFLATED, 1)


def _theme(site: Path) -> None:
    try:
        theme.mend_files(site)
    except ValueError as error:
        raise SiteError(str(error)) from None
    theme.join_styles(site)
    theme.drop_unused(site)
