"""The one error that means "what you gave me is wrong"."""


class InputError(ValueError):
    """A mistake in the user's input: a file, a setting, a layout.

    The message stands on its own: it names the place (file, key, joint), what was expected and what was found. Tools
    print it as one line and leave with exit code 2; every other exception is a defect of ours.
    """
