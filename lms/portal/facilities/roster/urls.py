"""Addresses of a list of employees: the same pages for a facility and for a whole company."""

from django.urls import URLPattern, path

from lms.portal.facilities.roster import views, views_answers

PAGES = [
    ("", views.upload, "roster"),
    ("<int:pk>/", views.roster, "roster_list"),
    ("<int:pk>/columns/", views_answers.columns, "roster_columns"),
    ("<int:pk>/titles/", views_answers.titles, "roster_titles"),
    ("<int:pk>/answers/", views_answers.answers, "roster_answers"),
    ("<int:pk>/rows/<int:row>/", views_answers.row, "roster_row"),
    ("<int:pk>/confirm/", views.confirm, "roster_confirm"),
    ("<int:pk>/undo/", views.undo, "roster_undo"),
    ("<int:pk>/drop/", views.drop, "roster_drop"),
]


def patterns() -> list[URLPattern]:
    """Under /facilities/<key>/roster/ and /facilities/company/<key>/roster/."""
    return [
        path(f"{start}<slug:key>/roster/{rest}", view, {"company": company}, name=f"{before}{name}")
        for start, company, before in (("company/", True, "company_"), ("", False, ""))
        for rest, view, name in PAGES
    ]
