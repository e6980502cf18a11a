"""Tables and pages of results: terminal, Markdown, CSV, HTML, TensorBoard."""
