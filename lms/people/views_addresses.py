"""Confirming a further address, also one that another record of the same person has."""

from typing import Any

from allauth.account.views import ConfirmEmailVerificationCodeView
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from lms.people import services
from lms.people.forms import AddressCodeForm
from lms.people.merging import own


class ConfirmAddressView(ConfirmEmailVerificationCodeView):
    """Type the code sent to an address that is to be confirmed."""

    def _verify_form_valid(self, form: Any) -> HttpResponse:
        email = self._process.email
        if isinstance(form, AddressCodeForm) and form.belongs_to_other:
            self._process.abort()
            own.note_proof(self.request, email=email)
            return HttpResponseRedirect(reverse("my:join"))
        if form.user and form.user == self.request.user:
            # Where it stood on a record merged into this one, it could not become the main address.
            services.confirm_address(person=form.user, email=email)
        response: HttpResponse = super()._verify_form_valid(form)
        return response
