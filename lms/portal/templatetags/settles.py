"""What a certificate proves under a law, for whoever is shown it."""

from typing import Any

from django import template

from lms.certificates.selectors import Standing
from lms.compliance.carried import carried

register = template.Library()


@register.inclusion_tag("portal/settles.html")
def settles(standing: Standing) -> dict[str, Any]:
    """A section for each rule the certificate's topics belong to; nothing for a revoked one."""
    topics = frozenset(topic["code"] for topic in standing.facts.topics)
    found = (
        carried(standing.certificate.completion, topics=topics)
        if standing.stands and topics
        else []
    )
    return {"standing": standing, "found": found}
