"""The job of stgcn-affect report: read the folder of a run, make its page, write it."""

from pathlib import Path

from stgcn_affect.files import write_whole
from stgcn_affect.reporting.html.run_page import run_page
from stgcn_affect.reporting.run_files import read_run


def write_report_page(run: Path, out: Path | None = None) -> Path:
    """Write the report of a run; returns its path. The same files give the same page.

    Args:
        run: folder of ``stgcn-affect train``; ``evaluation/`` and ``explanations/`` in it are shown too, and named as
            missing where they are not there.
        out: the page; None: ``report.html`` in the run's folder.

    Raises:
        InputError: not the folder of a run, or one of its files cannot be read.
    """
    page = run_page(read_run(run))
    return write_whole(page, path=run / "report.html" if out is None else out)
