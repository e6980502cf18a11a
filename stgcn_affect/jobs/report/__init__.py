"""The job of tools/report.py."""
