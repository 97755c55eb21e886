"""Documents uploaded in /admin/ must be what their name says."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from wagtail.documents.forms import BaseDocumentForm

from lms.core.exceptions import Refused
from lms.core.files import check_upload


class CheckedDocumentForm(BaseDocumentForm):
    """Wagtail's form, with a look at how the file begins."""

    def clean_file(self) -> Any:
        upload = self.cleaned_data.get("file")
        if isinstance(upload, UploadedFile):
            try:
                check_upload(upload)
            except Refused as refusal:
                self.add_error("file", str(refusal))
        return upload
