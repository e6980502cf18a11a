"""Tables and pages of results: terminal, Markdown, CSV, HTML, TensorBoard."""

from typing import TYPE_CHECKING

from stgcn_affect.lazy import load_when_used

if TYPE_CHECKING:
    from stgcn_affect.reporting.evaluation_tables import evaluation_tables
    from stgcn_affect.reporting.headline import headline_table
    from stgcn_affect.reporting.markdown import rebuild_sections, results_section, write_report
    from stgcn_affect.reporting.run_files import RunFiles, read_run
    from stgcn_affect.reporting.tables import Table
    from stgcn_affect.reporting.tensorboard import RunLogger
    from stgcn_affect.reporting.text import evaluation_table, training_table

__all__ = [
    "RunFiles",
    "RunLogger",
    "Table",
    "evaluation_table",
    "evaluation_tables",
    "headline_table",
    "read_run",
    "rebuild_sections",
    "results_section",
    "training_table",
    "write_report",
]

load_when_used(__name__)
