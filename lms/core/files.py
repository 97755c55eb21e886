"""Files that only views may hand out: certificates, proofs, uploads."""

from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.utils.deconstruct import deconstructible


@deconstructible
class PrivateStorage(FileSystemStorage):
    """Files below PRIVATE_ROOT; they have no address of their own."""

    def __init__(self) -> None:
        super().__init__(location=settings.PRIVATE_ROOT, base_url=None)


def private_storage() -> Storage:
    """The storage for files that need a permission; given as a callable to FileField."""
    return storages["private"]
