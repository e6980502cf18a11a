"""The quickstart notebook runs from top to bottom and shows its pictures."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).parents[1] / "docs" / "quickstart.ipynb"


def pictures(notebook: nbformat.NotebookNode) -> int:
    """PNG pictures among the outputs of the cells."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    return sum("image/png" in output.get("data", {}) for output in outputs)


@pytest.mark.tool
def test_the_notebook_runs_and_shows_three_pictures(tmp_path: Path) -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    assert pictures(notebook) == 3, "the notebook is kept with its pictures, for readers who do not run it"
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    assert pictures(notebook) == 3
    assert (tmp_path / "model.pt").is_file()
