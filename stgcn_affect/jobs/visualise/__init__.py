"""The jobs of tools/visualise.py."""
