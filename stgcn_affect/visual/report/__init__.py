"""The report page: one self-contained HTML file made of sections, tables and inline figures."""
