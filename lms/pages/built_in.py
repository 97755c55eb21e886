"""The contacts that are there when nothing else is: no rows, no database.

The help page must never be empty, so these two stand in the code, with source and date
like every other contact. A row with the same key takes their place. Their words are translated by
the message catalogues, because there may be no table to look in.
"""

from datetime import date

from django.utils.translation import gettext_noop

from lms.pages.enums import Situation
from lms.pages.models import Contact

BUILT_IN = (
    Contact(
        key="emergency-911",
        name=gettext_noop("Emergency services (911)"),
        who_for=gettext_noop("Anyone, if you or someone near you is in danger right now."),
        call="911",
        situation=Situation.DANGER,
        order=1,
        source="New York State Office of Temporary and Disability Assistance, page on help for "
        "people who were trafficked",
        checked_on=date(2026, 11, 21),
    ),
    Contact(
        key="national-hotline",
        name=gettext_noop("National Human Trafficking Hotline"),
        who_for=gettext_noop(
            "Anyone who may be trafficked, anyone who is worried about someone, and anyone who "
            "wants to find services."
        ),
        call="888-373-7888",
        sms="Text HELP to 233733",
        situation=Situation.TRAFFICKING,
        order=2,
        source="New York State Office of Temporary and Disability Assistance, page on help for "
        "people who were trafficked",
        checked_on=date(2026, 11, 21),
    ),
)
