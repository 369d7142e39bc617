"""What MkDocs must be told: how mkdocs-jupyter shows notebooks that a build has run already.

All else that a site needs is made before and after the generator (`before.py`, `after.py`), or by the Markdown
extension, which learns from the generator which page is converted.
"""

from pathlib import Path

import jinja2
import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from dlref.site import generators, notebooks

FOLDER = "notebooks/"


def on_config(config: MkDocsConfig) -> None:
    """Templates of our own: mkdocs-jupyter has no option for them."""
    from mkdocs_jupyter.config import settings

    settings.templates_dir = str(notebooks.TEMPLATES)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Put the executed copy of each notebook in its place."""
    root = Path(config.config_file_path).parent
    for file in [f for f in files if _is_notebook(f.src_uri)]:
        file.abs_src_path = str(notebooks.executed(Path(config.docs_dir, file.src_uri), root))
    return files


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> None:
    """Remember what pages are rendered with."""
    generators.last.update(nav=nav, config=config, files=files)


def on_env(env: jinja2.Environment, config: MkDocsConfig, files: Files) -> None:
    """The same."""
    generators.last.update(env=env)


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Text cells become HTML as on every other page."""
    if not _is_notebook(page.file.src_uri):
        return html

    def to_html(text: str) -> str:
        converter = markdown.Markdown(extensions=config.markdown_extensions, extension_configs=config.mdx_configs)
        return converter.convert(text)

    stem = Path(page.file.src_uri).stem
    return notebooks.finish(html, to_html, [f"../downloads/{stem}{suffix}" for suffix in (".py", ".ipynb")])


def _is_notebook(address: str) -> bool:
    return address.startswith(FOLDER) and address.endswith(".py")
