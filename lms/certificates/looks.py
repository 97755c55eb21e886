"""Which look a certificate gets, and what drawing needs of it."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lms.certificates import designs
from lms.certificates.designs import SHEETS, Sheet
from lms.certificates.look_models import CertificateLook
from lms.core.files import private_storage
from lms.core.pdf import DrawingError
from lms.people.models import Organization
from lms.trainings.models import Training

FOLDER = "certificates/looks"


def look_of_office(office: Organization) -> CertificateLook:
    """The office's look in force; an unsaved plain one if it never chose any."""
    newest = CertificateLook.objects.filter(office=office, training=None).first()
    return newest or CertificateLook(office=office, number=0, design=designs.USUAL_DESIGN)


def designs_of_trainings(office: Organization) -> dict[int, str]:
    """By training the design that is used instead of the office's."""
    rows = CertificateLook.objects.filter(office=office, training__isnull=False)
    newest = rows.order_by("training_id", "-number").distinct("training_id")
    return {row.training_id: row.design for row in newest if row.training_id and row.design}


def snapshot_for(training: Training) -> dict[str, Any]:
    """The look of a certificate of `training` issued now; two queries."""
    look = look_of_office(training.owner)
    own = CertificateLook.objects.filter(office=training.owner_id, training=training).first()
    if own and own.design:
        look.design = own.design
    return look.as_snapshot()


@dataclass(frozen=True)
class Look:
    """A snapshot with its names; a revision from before there were looks has the usual one."""

    design: str
    version: int
    sheet: Sheet
    colour: str
    logo: str
    signatory_name: str
    signatory_title: str
    signature: str
    wording: str

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> "Look":
        """The look of a stored snapshot."""
        return cls(
            design=kept.get("design") or designs.USUAL_DESIGN,
            version=kept.get("version", 1),
            sheet=SHEETS[kept.get("sheet") or designs.USUAL_SHEET],
            colour=kept.get("colour") or designs.USUAL_COLOUR,
            logo=kept.get("logo", ""),
            signatory_name=kept.get("signatory_name", ""),
            signatory_title=kept.get("signatory_title", ""),
            signature=kept.get("signature", ""),
            wording=kept.get("wording", ""),
        )

    @property
    def template(self) -> str:
        """The template of this design as it was then."""
        return f"certificates/designs/{self.design}_{self.version}.html"

    @property
    def logo_data(self) -> str:
        """The logo as a data address for the template; empty without one."""
        return _data_of(self.logo)

    @property
    def signature_data(self) -> str:
        """The picture of the signature, likewise."""
        return _data_of(self.signature)


def _data_of(name: str) -> str:
    """The kept picture, if it still has the hash it is named by; DrawingError if not.

    One that is only looked at is a data address already.
    """
    if not name or name.startswith("data:"):
        return name
    try:
        with private_storage().open(name) as file:
            content = file.read()
    except OSError as error:
        raise DrawingError(f"The picture {name} of a certificate is not there.") from error
    if hashlib.sha256(content).hexdigest() not in name:
        raise DrawingError(f"The picture {name} of a certificate is not the one it was.")
    return "data:image/png;base64," + base64.b64encode(content).decode()
