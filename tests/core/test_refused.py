"""A refusal that no view caught is a page with the same sentence, never an error of ours."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from lms.core.exceptions import Refused
from lms.urls import urlpatterns as real


def refuse(request: HttpRequest) -> HttpResponse:
    """A view whose service says no."""
    raise Refused("All seats are taken. <Choose> another date.", code="full")


urlpatterns = [path("refuse/", refuse), *real]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_refusal_becomes_a_page_with_its_sentence(client: Client) -> None:
    response = client.get("/refuse/")

    assert response.status_code == 409
    page = response.content.decode()
    assert "All seats are taken. &lt;Choose&gt; another date." in page
    assert "Nothing was changed." in page
    assert 'href="/help/"' in page
