"""The generators that can render the pages; the steps before and after know none of them."""

import importlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from dlref.engine.made import SiteError
from dlref.site import settings

# Of MkDocs' last build, as the hook has seen it: with this a page is rendered anew while the site is served.
last: dict[str, Any] = {}


def mkdocs(folder: Path, strict: bool, **options: Any) -> None:
    """Render with MkDocs, into this folder; with `strict`, a warning is an error. More options are settings."""
    write = importlib.import_module("mkdocs.commands.build").build
    config = _mkdocs_config(folder, strict=strict, **options)
    errors = importlib.import_module("mkdocs.exceptions")
    config.plugins.on_startup(command="build", dirty=False)
    try:
        write(config)
    except (errors.Abort, errors.MkDocsException) as error:
        raise SiteError(str(error)) from error
    finally:
        config.plugins.on_shutdown()


def _mkdocs_config(folder: Path, **options: Any) -> Any:
    # Material dates pages by this; a build of the same commit is then the same to the byte.
    os.environ.setdefault("SOURCE_DATE_EPOCH", "1577836800")
    load, errors = importlib.import_module("mkdocs.config").load_config, importlib.import_module("mkdocs.exceptions")
    try:
        return load(site_dir=str(folder.resolve()), **options)
    except (errors.Abort, errors.ConfigurationError) as error:
        raise SiteError(str(error)) from error


def mkdocs_page(source: str) -> tuple[bool, Path]:
    """Render one page anew, with all else as it was in the last build; whether its headings differ, and its file."""
    write = importlib.import_module("mkdocs.commands.build")
    config, files, nav, env = (last[name] for name in ("config", "files", "nav", "env"))
    file = files.get_file_from_path(source)
    headings = file.page.present_anchor_ids, file.page.title
    try:
        write._populate_page(file.page, config, files)
        config.plugins["autorefs"].on_env(env, config=config, files=[file])
        write._build_page(file.page, config, files.documentation_pages(), nav, env)
    except importlib.import_module("mkdocs.exceptions").MkDocsException as error:
        raise SiteError(str(error)) from error
    return headings != (file.page.present_anchor_ids, file.page.title), Path(file.abs_dest_path)


def properdocs(folder: Path, strict: bool) -> None:
    """The same with ProperDocs, which takes the place of MkDocs in this process."""
    importlib.import_module("properdocs.replacement")
    mkdocs(folder, strict)


def zensical(folder: Path, strict: bool) -> None:
    """Render with Zensical, which reads MkDocs' settings; what it cannot do yet, the README lists."""
    # Where the site goes to stands in the settings only, and all in them is relative to their own file.
    with tempfile.NamedTemporaryFile("w", suffix=".yml", prefix=".zensical-", dir=Path.cwd(), encoding="utf-8") as file:
        file.write(Path(settings.FILE).read_text(encoding="utf-8") + f"\nsite_dir: {folder.resolve()}\n")
        file.flush()
        importlib.import_module("zensical").build(file.name, {"clean": False, "strict": strict})
    if not (folder / "index.html").is_file():
        raise SiteError("Zensical has written no index.html")


# What renders the pages of a whole site, by the name on the command line.
GENERATORS: dict[str, Callable[..., None]] = {
    "mkdocs": mkdocs,
    "properdocs": properdocs,
    "zensical": zensical,
}
