"""Addresses of a facility's proofs, under /facilities/<key>/proofs/."""

from django.urls import URLPattern, path

from lms.portal.facilities.proofs import views


def patterns() -> list[URLPattern]:
    """The facility's proofs, a new one, and one with its file."""
    return [
        path("<slug:key>/proofs/", views.proofs, name="proofs"),
        path("<slug:key>/proofs/new/", views.new, name="proof_new"),
        path("<slug:key>/proofs/<int:pk>/", views.proof, name="proof"),
        path("<slug:key>/proofs/<int:pk>/file/", views.file, name="proof_file"),
        path("<slug:key>/proofs/<int:pk>/<int:person>/out/", views.out, name="proof_out"),
    ]
