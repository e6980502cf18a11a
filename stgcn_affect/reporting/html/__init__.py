"""The report of a run as one HTML page that needs no network."""

from stgcn_affect.reporting.html.elements import confusion_table, html_table
from stgcn_affect.reporting.html.figures import drawn
from stgcn_affect.reporting.html.page import Section, report_page
from stgcn_affect.reporting.html.run_page import run_page

__all__ = ["Section", "confusion_table", "drawn", "html_table", "report_page", "run_page"]
