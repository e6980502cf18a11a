"""Read motion files of several formats into clips."""
