"""What a service raises when it must say no."""

from django.utils.functional import Promise


class Refused(Exception):  # noqa: N818 - the domain's word: a refusal is an answer, not an error
    """A request that the rules do not allow; its text is fit to show to the person who asked.

    `code` is stable and for tests and translations; the text says what is wrong and what to do.
    """

    def __init__(self, message: str | Promise, *, code: str) -> None:
        super().__init__(message)
        self.message = message
        self.code = code

    def __str__(self) -> str:
        return str(self.message)
