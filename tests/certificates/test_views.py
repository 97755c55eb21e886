"""Checking a certificate without an account, and opening one's own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.utils import timezone

from lms.certificates import services
from lms.certificates.models import Certificate, CertificateRevision
from lms.certificates.views import WRONG_CODES
from lms.completions.enums import SourceKind
from lms.completions.services import revoke_completion
from tests.factories.completions import make_completion
from tests.factories.credit import NYSED, confirm_whole, credit_line
from tests.factories.people import make_office, make_person
from tests.factories.trainings import make_training, make_version

pytestmark = pytest.mark.django_db


def issue(**completion: Any) -> Certificate:
    return services.issue_certificate(completion=make_completion(**completion))


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def test_anyone_with_the_code_reads_the_facts(client: Client) -> None:
    office = make_office(name="City Office", contact_email="office@example.org")
    version = make_version(
        make_training(title="Database training", owner=office),
        minutes=90,
        topics=["NY205-T1"],
        credits=[credit_line(NYSED, hours="1.5")],
    )
    confirm_whole(version.training, NYSED, valid_from=date(2026, 11, 1))
    certificate = issue(
        person=make_person(name="Ana Rivera"), version=version, occurred_on=date(2026, 11, 20)
    )
    response = client.get(f"/verify/{certificate.code_in_groups}/")
    page = text(response)
    assert response.status_code == 200
    for part in [
        "This certificate stands",
        "<bdi>Ana Rivera</bdi> completed <bdi>“Database training”</bdi> on November 20, 2026.",
        "Length 1 hour 30 minutes<br>1.5 contact hours, NYSED social work (self-study)",
        "NY205-T1",
        "City Office",
        "Provider number SW-0000.",
        "SAMPLE",
    ]:
        assert part in page


def test_facts_without_credit_say_so(client: Client) -> None:
    page = text(client.get(f"/verify/{issue().code_in_groups}/"))
    assert "Length 1 hour - no continuing-education credit" in page


def test_certificate_of_the_real_site_is_no_sample(client: Client, settings: Any) -> None:
    settings.TRIAL = False
    assert "SAMPLE" not in text(client.get(f"/verify/{issue().code_in_groups}/"))


@pytest.mark.parametrize("typed", ["{code}", " {lower} ", "{grouped}", "{spaced}"])
def test_code_may_be_typed_in_any_form(client: Client, typed: str) -> None:
    certificate = issue()
    grouped = certificate.code_in_groups
    forms = {"code": certificate.code, "lower": certificate.code.lower(), "grouped": grouped}
    asked = typed.format(**forms, spaced=grouped.replace("-", " "))
    response = client.get("/verify/", {"code": asked})
    assert response.status_code == 302
    assert response["Location"] == f"/verify/{grouped}/"


@pytest.mark.parametrize("code", ["CCCC-CCCC-CCCC", "nonsense", "x" * 300, "<script>", "%00"])
def test_unknown_and_impossible_codes_get_the_same_page(client: Client, code: str) -> None:
    for response in (client.get("/verify/", {"code": code}), client.get(f"/verify/{code}/")):
        assert response.status_code == 404
        assert "We have no certificate with this code" in text(response)
        assert "<script>" not in response.content.decode()


def test_empty_field_is_just_the_form(client: Client) -> None:
    response = client.get("/verify/", {"code": "  "})
    assert response.status_code == 200
    assert "We have no certificate" not in text(response)


def test_pages_stay_out_of_search_engines_and_shared_caches(client: Client) -> None:
    for path in ["/verify/", "/verify/nonsense/", f"/verify/{issue().code_in_groups}/"]:
        response = client.get(path)
        assert response["X-Robots-Tag"] == "noindex, nofollow"
        assert '<meta name="robots" content="noindex, nofollow">' in response.content.decode()
        assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))


def test_verification_sets_no_cookie(client: Client) -> None:
    assert not client.get(f"/verify/{issue().code_in_groups}/").cookies


def test_revoked_certificate_says_since_when_and_not_why(client: Client) -> None:
    certificate = issue()
    revoke_completion(
        completion=certificate.completion,
        reason="Somebody else sat the test",
        actor=None,
        now=datetime(2026, 11, 22, 2, 0, tzinfo=UTC),
    )
    page = text(client.get(f"/verify/{certificate.code_in_groups}/"))
    assert "It was revoked on November 21, 2026." in page
    assert "This certificate stands" not in page
    assert "Somebody else" not in page


def test_replaced_certificate_shows_only_what_counts_now(client: Client) -> None:
    certificate = issue(person=make_person(name="Ana Rivera"))
    services.reissue(
        certificate=certificate,
        name="Ana Cruz",
        reason="Divorce",
        actor=make_person(name="Olga Officer"),
        now=datetime(2026, 12, 1, 17, 0, tzinfo=UTC),
    )
    page = text(client.get(f"/verify/{certificate.code_in_groups}/"))
    assert "Ana Cruz" in page
    assert "issued again on December 1, 2026" in page
    for hidden in ["Rivera", "Divorce", "Olga"]:
        assert hidden not in page


def test_guessing_is_slowed_down_and_readers_of_real_codes_are_not(client: Client) -> None:
    path = f"/verify/{issue().code_in_groups}/"
    for _try in range(WRONG_CODES.tries + 5):
        assert client.get(path).status_code == 200
    for _try in range(WRONG_CODES.tries):
        assert client.get("/verify/CCCC-CCCC-CCCC/").status_code == 404
    response = client.get("/verify/CCCC-CCCC-CCCC/")
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert "Please wait a little" in text(response)
    assert client.get(path).status_code == 429
    assert client.get(path, REMOTE_ADDR="192.0.2.9").status_code == 200


def test_verification_costs_two_queries(client: Client, django_assert_num_queries: Any) -> None:
    path = f"/verify/{issue().code_in_groups}/"
    client.get(path)
    with django_assert_num_queries(2):
        client.get(path)


def open_document(client: Client, certificate: Certificate) -> Any:
    return client.get(f"/my/certificates/{certificate.code_in_groups}.pdf")


def test_person_opens_their_document_under_a_readable_name(client: Client) -> None:
    person = make_person(name="Łucja Ng")
    version = make_version(make_training(title="Database training"))
    certificate = issue(person=person, version=version)
    client.force_login(person)
    response = open_document(client, certificate)
    assert response["Content-Type"] == "application/pdf"
    assert response.content.startswith(b"%PDF-")
    assert (
        "filename*=utf-8''certificate-database-training-%C5%82ucja-ng.pdf"
        in (response["Content-Disposition"])
    )
    assert "private" in response["Cache-Control"]
    assert certificate.revisions.get().is_drawn


def test_document_of_the_newest_revision_is_handed_out(client: Client) -> None:
    person = make_person(name="Ana Rivera")
    certificate = issue(person=person)
    services.reissue(certificate=certificate, name="Ana Cruz", reason="Name", actor=None)
    client.force_login(person)
    assert "ana-cruz" in open_document(client, certificate)["Content-Disposition"]


def test_document_is_nobody_elses(client: Client) -> None:
    certificate = issue()
    signed_out = open_document(client, certificate)
    assert signed_out.status_code == 302
    assert signed_out["Location"].startswith("/accounts/login/")
    client.force_login(make_person())
    assert open_document(client, certificate).status_code == 404
    assert list(Certificate.objects.visible_to(AnonymousUser())) == []


def test_merged_person_opens_the_documents_of_both_rows(client: Client) -> None:
    alias = make_person(name="Ana R")
    certificate = issue(person=alias)
    person = make_person(name="Ana Rivera")
    type(alias).objects.filter(pk=alias.pk).update(canonical_person=person)
    client.force_login(person)
    assert open_document(client, certificate).status_code == 200


def test_revoked_document_is_not_handed_out(client: Client) -> None:
    person = make_person()
    certificate = issue(person=person)
    revoke_completion(completion=certificate.completion, reason="Private", actor=None)
    client.force_login(person)
    response = open_document(client, certificate)
    assert response.status_code == 410
    assert "was revoked" in text(response)
    assert "Private" not in text(response)


def test_document_somebody_is_drawing_asks_for_patience(client: Client) -> None:
    person = make_person()
    certificate = issue(person=person)
    CertificateRevision.objects.update(claimed_until=timezone.now() + timedelta(minutes=1))
    client.force_login(person)
    response = open_document(client, certificate)
    assert (response.status_code, response["Refresh"]) == (202, "3")
    assert "is being drawn" in text(response)
    assert f'href="/my/certificates/{certificate.code_in_groups}.pdf"' in text(response)
    CertificateRevision.objects.update(claimed_until=None)
    assert open_document(client, certificate)["Content-Type"] == "application/pdf"


def test_name_we_cannot_print_leads_to_the_page_that_shows_it(client: Client) -> None:
    person = make_person(name="देवी शर्मा")
    certificate = issue(person=person)
    client.force_login(person)
    response = open_document(client, certificate)
    assert response.status_code == 503
    assert "Refresh" not in response
    assert f'href="/verify/{certificate.code_in_groups}/"' in text(response)
    assert "देवी शर्मा" in text(client.get(f"/verify/{certificate.code_in_groups}/"))


def test_completion_leads_to_its_certificate_even_before_a_worker_came(client: Client) -> None:
    person = make_person()
    completion = make_completion(person)
    client.force_login(person)
    response = client.get(f"/my/certificates/of/{completion.pk}/", follow=True)
    assert response["Content-Type"] == "application/pdf"
    certificate = Certificate.objects.get(completion=completion)
    assert response.redirect_chain == [(f"/my/certificates/{certificate.code_in_groups}.pdf", 302)]


def test_completion_of_somebody_else_leads_nowhere(client: Client) -> None:
    completion = make_completion()
    client.force_login(make_person())
    assert client.get(f"/my/certificates/of/{completion.pk}/").status_code == 404
    assert Certificate.objects.count() == 0


def test_completion_that_others_certify_says_so(client: Client) -> None:
    person = make_person()
    completion = make_completion(person, source_kind=SourceKind.OUTSIDE_PROOF)
    client.force_login(person)
    response = client.get(f"/my/certificates/of/{completion.pk}/")
    assert response.status_code == 409
    assert "no certificate of ours" in text(response)


def test_facts_are_read_in_the_readers_language(client: Client) -> None:
    certificate = issue(occurred_on=date(2026, 11, 20))
    client.cookies.load({"django_language": "es"})
    response = client.get(f"/verify/{certificate.code_in_groups}/")
    assert '<html lang="es"' in text(response)
    assert "20 de noviembre de 2026" in text(response)
