"""Which page is converted, as each generator tells a Markdown extension."""

from markdown import Markdown


def page(md: Markdown) -> tuple[str, str] | None:
    """The page's source in `docs` and its address in the site; None where no generator converts a page."""
    # MkDocs and ProperDocs hand the page's file to their processor of links.
    if "relpath" in md.treeprocessors:
        file = md.treeprocessors["relpath"].file
        return file.src_uri, file.url
    # Zensical has a processor that holds the page and does nothing else.
    if "rendering_context" in md.preprocessors:
        context = md.preprocessors["rendering_context"].page
        return context.path, context.url
    return None
