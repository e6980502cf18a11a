"""The one error that means "what you gave me is wrong", and what to show of any other."""


class InputError(ValueError):
    """A mistake in the user's input: a file, a setting, a layout.

    The message stands on its own: it names the place (file, key, joint), what was expected and what was found. Tools
    print it as one line and leave with exit code 2; every other exception is a defect of ours.
    """


def last_line(traceback: str) -> str:
    """The last line of a traceback, which says what went wrong."""
    return traceback.strip().rpartition("\n")[2]
