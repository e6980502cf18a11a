"""Settings of the Sphinx site: the pages of ``docs/`` and an API reference made from the docstrings.

``python -m sphinx -W --keep-going -b html docs docs/_build/html`` builds it.
"""

import sys
from pathlib import Path

import stgcn_affect

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "stgcn_affect"
release = stgcn_affect.__version__
smartquotes_action = "De"  # dashes and ellipses; quotes stay those of the code
html_title = f"{project} {release}"
html_theme = "furo"
html_copy_source = False
html_show_copyright = False

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx.ext.mathjax",
    "reference_pages",
]
exclude_patterns = ["_build", "_ext"]
myst_heading_anchors = 3

napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_custom_sections = ["Shapes"]

add_module_names = False
autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
autosummary_generate = False
python_maximum_signature_line_length = 100
python_use_unqualified_type_names = True
toc_object_entries_show_parents = "hide"
