"""What can go wrong with Webex, told apart by what is to be done about it."""


class WebexError(Exception):
    """Webex said no. `tracking_id` is what its support asks for."""

    def __init__(self, message: str, *, status: int = 0, tracking_id: str = "") -> None:
        super().__init__(message)
        self.http_status = status
        self.tracking_id = tracking_id

    def __str__(self) -> str:
        tracking = f" (tracking id {self.tracking_id})" if self.tracking_id else ""
        return f"{super().__str__()}{tracking}"


class GoneError(WebexError):
    """There is no such thing there, or no more (404)."""


class KnownError(WebexError):
    """It is there already (409)."""


class UnauthorizedError(WebexError):
    """The token is not taken (401)."""


class UnreachableError(WebexError):
    """No answer, or one that says to try later (network, 5xx)."""


class BusyError(UnreachableError):
    """Too many calls (429, 423); `retry_after` is in seconds."""

    def __init__(self, message: str, *, retry_after: int, status: int, tracking_id: str) -> None:
        super().__init__(message, status=status, tracking_id=tracking_id)
        self.retry_after = retry_after
