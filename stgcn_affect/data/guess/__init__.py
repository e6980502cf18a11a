"""Guess a manifest: how recordings are to be read, and whose they are."""
