"""Runs the notebooks before mkdocs-jupyter renders them, and finishes their pages."""

from pathlib import Path

import markdown
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import BuildError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from dlref.engine.made import SiteError
from dlref.site import notebooks

FOLDER = "notebooks/"


def on_config(config: MkDocsConfig) -> None:
    """Templates of our own: mkdocs-jupyter has no option for them."""
    from mkdocs_jupyter.config import settings

    settings.templates_dir = str(notebooks.TEMPLATES)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Execute each notebook, put the executed copy in its place, and offer both forms for download."""
    root = Path(config.config_file_path).parent
    for file in [f for f in files if _is_notebook(f.src_uri)]:
        source = Path(config.docs_dir, file.src_uri)
        try:
            executed, bare = notebooks.execute(source, root)
        except SiteError as error:
            raise BuildError(str(error)) from None
        file.abs_src_path = str(executed)
        files.append(File.generated(config, f"downloads/{source.name}", content=source.read_bytes()))
        files.append(File.generated(config, f"downloads/{source.stem}.ipynb", content=bare))
    return files


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
