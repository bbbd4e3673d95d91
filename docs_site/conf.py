"""What Sphinx is told. It reads the folder that `staging` lays out."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
sys.path.insert(0, str(HERE.parent))

from ecr_constructs.model.version import VERSION  # noqa: E402 - found by the line above

project = "ecr_constructs"
author = "the authors of ecr_constructs"
copyright = author  # noqa: A001 - Sphinx's name for it
version = release = VERSION

extensions = ["myst_parser", "sphinx_copybutton", "sphinx_design", "docs_site.extension"]
source_suffix = {".md": "markdown", ".rst": "restructuredtext"}
root_doc = "index"
nitpicky = True
smartquotes = False  # two hyphens are an option of a command

myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4
# A block of JSON may leave out what goes on likewise ("# and so on").
suppress_warnings = ["misc.highlighting_failure"]

add_module_names = False
maximum_signature_line_length = 72
python_trailing_comma_in_multi_line_signatures = True
toc_object_entries_show_parents = "hide"
highlight_language = "text"
# A docstring of an example has its code between single backticks, as Markdown has.
default_role = "literal"

html_theme = "furo"
html_title = f"{project} {VERSION}"
html_static_path = ["theme"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_theme_options = {
    "navigation_with_keys": False,
    "light_css_variables": {
        "color-brand-primary": "#0b5cad",
        "color-brand-content": "#0b5cad",
        "font-stack--monospace": (
            "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
        ),
    },
    "dark_css_variables": {
        "color-brand-primary": "#6cb6ff",
        "color-brand-content": "#6cb6ff",
    },
}
pygments_style = "friendly"
pygments_dark_style = "monokai"
copybutton_prompt_text = "$ "
